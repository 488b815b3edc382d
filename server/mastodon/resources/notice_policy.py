"""From whom somebody wants to hear, and the list of those whose mentions were put aside."""

from dataclasses import replace
from typing import Literal

import msgspec

from server.actions.telling.notices import let_in, turn_away
from server.mastodon.answers import Page, page_of
from server.mastodon.call import Call
from server.mastodon.entities.notices import (
    Merged,
    NotificationPolicy,
    NotificationRequest,
    OldNotificationPolicy,
    PolicySummary,
)
from server.mastodon.ids import NOT_FOUND, Paging, read_ids
from server.mastodon.people_pages import read_stretch
from server.mastodon.route import Empty, Route
from server.mastodon.showing.accounts import show_by_id
from server.mastodon.showing.statuses import show_statuses
from server.mastodon.words import show_time
from server.problems import NotFound
from server.store.database import Reader
from server.store.people import actors
from server.store.telling import notice_policy
from server.store.telling.notice_policy import Choice, Policy, Request
from server.store.writing import posts

# Mastodon's numbers.
PER_PAGE, AT_MOST = 40, 80


class PolicyChange(msgspec.Struct, kw_only=True):
    """What is to become of notifications by certain senders; what is left out stays."""

    for_not_following: Choice | None = None
    for_not_followers: Choice | None = None
    for_new_accounts: Choice | None = None
    for_private_mentions: Choice | None = None
    for_limited_accounts: Choice | None = None


class OldPolicyChange(msgspec.Struct, kw_only=True):
    """The same in the words of the first version."""

    filter_not_following: bool | None = None
    filter_not_followers: bool | None = None
    filter_new_accounts: bool | None = None
    filter_private_mentions: bool | None = None


class Chosen(msgspec.Struct, kw_only=True):
    """Several requests by id."""

    id: list[str] = msgspec.field(default_factory=list)


async def show_policy(call: Call) -> NotificationPolicy:
    """Return the policy."""
    async with call.database.read() as reader:
        return await _show(reader, await notice_policy.find_policy(reader, call.me.id))


async def change_policy(call: Call, change: PolicyChange) -> NotificationPolicy:
    """Change the policy; it holds from now on."""
    async with call.database.write() as tx:
        known = await notice_policy.find_policy(tx, call.me.id)
        wanted = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not None}
        changed = replace(known, **wanted)
        await notice_policy.put_policy(tx, changed)
    async with call.database.read() as reader:
        return await _show(reader, changed)


async def show_old_policy(call: Call) -> OldNotificationPolicy:
    """Return the policy in the words of the first version."""
    return _in_old_words(await show_policy(call))


async def change_old_policy(call: Call, change: OldPolicyChange) -> OldNotificationPolicy:
    """Change the policy in the words of the first version."""
    return _in_old_words(
        await change_policy(
            call,
            PolicyChange(
                for_not_following=_choice(change.filter_not_following),
                for_not_followers=_choice(change.filter_not_followers),
                for_new_accounts=_choice(change.filter_new_accounts),
                for_private_mentions=_choice(change.filter_private_mentions),
            ),
        )
    )


async def list_requests(call: Call, paging: Paging) -> Page:
    """Return whose mentions were put aside, newest first."""
    stretch = read_stretch(paging, default=PER_PAGE, most=AT_MOST)
    async with call.database.read() as reader:
        found = await notice_policy.list_requests(reader, call.me.id, stretch)
        shown = await _show_requests(reader, call, found)
    return page_of(shown, [one.id for one in found], full=len(found) == stretch.limit)


async def show_request(call: Call, request_id: int) -> NotificationRequest:
    """Return one of them."""
    async with call.database.read() as reader:
        shown = await _show_requests(reader, call, await _find(reader, call, request_id))
    if not shown:
        raise NotFound(NOT_FOUND)
    return shown[0]


async def accept(call: Call, request_id: int) -> Empty:
    """Let one of them in."""
    async with call.database.write() as tx:
        await let_in(tx, call.site, call.me, await _find(tx, call, request_id))
    return Empty()


async def dismiss(call: Call, request_id: int) -> Empty:
    """Turn one of them away."""
    async with call.database.write() as tx:
        await turn_away(tx, call.me, await _find(tx, call, request_id))
    return Empty()


async def accept_many(call: Call, chosen: Chosen) -> Empty:
    """Let several in."""
    async with call.database.write() as tx:
        found = await notice_policy.find_requests(tx, call.me.id, read_ids(chosen.id, most=AT_MOST))
        await let_in(tx, call.site, call.me, found)
    return Empty()


async def dismiss_many(call: Call, chosen: Chosen) -> Empty:
    """Turn several away."""
    async with call.database.write() as tx:
        found = await notice_policy.find_requests(tx, call.me.id, read_ids(chosen.id, most=AT_MOST))
        await turn_away(tx, call.me, found)
    return Empty()


async def show_merged(call: Call) -> Merged:
    """Say whether those accepted stand among the rest: always, as accepting them does it."""
    return Merged(merged=True)


async def _find(reader: Reader, call: Call, request_id: int) -> list[Request]:
    found = await notice_policy.find_requests(reader, call.me.id, [request_id])
    if not found:
        raise NotFound(NOT_FOUND)
    return found


async def _show(reader: Reader, policy: Policy) -> NotificationPolicy:
    return NotificationPolicy(
        for_not_following=policy.for_not_following,
        for_not_followers=policy.for_not_followers,
        for_new_accounts=policy.for_new_accounts,
        for_private_mentions=policy.for_private_mentions,
        for_limited_accounts=policy.for_limited_accounts,
        summary=PolicySummary(
            pending_requests_count=await notice_policy.count_requests(reader, policy.actor_id),
            pending_notifications_count=await notice_policy.count_pending(reader, policy.actor_id),
        ),
    )


def _in_old_words(policy: NotificationPolicy) -> OldNotificationPolicy:
    return OldNotificationPolicy(
        filter_not_following=policy.for_not_following != "accept",
        filter_not_followers=policy.for_not_followers != "accept",
        filter_new_accounts=policy.for_new_accounts != "accept",
        filter_private_mentions=policy.for_private_mentions != "accept",
        summary=policy.summary,
    )


def _choice(filtered: bool | None) -> Literal["accept", "filter"] | None:
    if filtered is None:
        return None
    return "filter" if filtered else "accept"


async def _show_requests(reader: Reader, call: Call, found: list[Request]) -> list[NotificationRequest]:
    senders = await actors.find_many(reader, [one.from_id for one in found])
    people = await show_by_id(reader, call.site, [one for one in senders.values() if one.gone_at is None])
    last = await posts.find_many(reader, [one.last_post_id for one in found])
    living = [post for post in last.values() if post.deleted_at is None]
    statuses = {one.id: one for one in await show_statuses(reader, call.site, living, call.me)}
    counts = await notice_policy.count_filtered(reader, call.me.id, [one.from_id for one in found])
    return [
        NotificationRequest(
            id=str(one.id),
            created_at=show_time(one.created_at) or "",
            updated_at=show_time(one.updated_at) or "",
            notifications_count=str(counts.get(one.from_id, 0)),
            account=people[one.from_id],
            last_status=statuses.get(str(one.last_post_id)),
        )
        for one in found
        if one.from_id in people
    ]


_PATH = "/api/v1/notifications/requests"
_ONE = f"{_PATH}/<id:request_id>"
_OLD, _NEW = "/api/v1/notifications/policy", "/api/v2/notifications/policy"
_READ, _WRITE = "read:notifications", "write:notifications"

ROUTES = (
    Route("GET", _NEW, show_policy, _READ, "person", gives=NotificationPolicy),
    Route("PATCH", _NEW, change_policy, _WRITE, "person", PolicyChange, gives=NotificationPolicy),
    Route("PUT", _NEW, change_policy, _WRITE, "person", PolicyChange, gives=NotificationPolicy),
    Route("GET", _OLD, show_old_policy, _READ, "person", gives=OldNotificationPolicy),
    Route("PATCH", _OLD, change_old_policy, _WRITE, "person", OldPolicyChange, gives=OldNotificationPolicy),
    Route("PUT", _OLD, change_old_policy, _WRITE, "person", OldPolicyChange, gives=OldNotificationPolicy),
    Route("GET", _PATH, list_requests, _READ, "person", Paging, gives=list[NotificationRequest]),
    Route("GET", f"{_PATH}/merged", show_merged, _READ, "person", gives=Merged),
    Route("POST", f"{_PATH}/accept", accept_many, _WRITE, "person", Chosen),
    Route("POST", f"{_PATH}/dismiss", dismiss_many, _WRITE, "person", Chosen),
    Route("GET", _ONE, show_request, _READ, "person", gives=NotificationRequest),
    Route("POST", f"{_ONE}/accept", accept, _WRITE, "person"),
    Route("POST", f"{_ONE}/dismiss", dismiss, _WRITE, "person"),
)
