"""Shows notifications as clients know them, one by one or in groups. What is about a hidden post is left out.

It must not decide who is told what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from msgspec import UNSET, UnsetType

from server.actions.network.shown_files import emoji_url
from server.actions.telling.notify import WITHOUT_POST, client_word
from server.actions.writing.react_emoji import GivenEmoji
from server.ids import iso
from server.mastodon.entities.basics import Account, Status
from server.mastodon.entities.notices import (
    GroupedNotifications,
    Notification,
    NotificationGroup,
    PartialAccount,
    Severance,
)
from server.mastodon.entities.people import Report as ShownReport
from server.mastodon.showing.accounts import show_by_id
from server.mastodon.showing.reports import show_reports
from server.mastodon.showing.statuses import show_statuses
from server.site import Site
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.telling import reports
from server.store.telling.notice_groups import ALONE, Group
from server.store.telling.notifications import Notification as Told
from server.store.writing import posts

# What Pleroma calls it.
EMOJI_WORD = "pleroma:emoji_reaction"


@dataclass(frozen=True, slots=True)
class _Around:
    """What notifications are shown with: people by actor id, posts and reports by their own."""

    people: Mapping[int, Account]
    statuses: Mapping[int, Status]
    reports: Mapping[int, ShownReport]

    def shows(self, told: Told) -> bool:
        """Whether all that it is about may be seen."""
        if told.from_id not in self.people:
            return False
        return not told.post_id or told.kind in WITHOUT_POST or told.post_id in self.statuses

    def status(self, told: Told) -> Status | None:
        return self.statuses.get(told.post_id) if told.kind not in WITHOUT_POST else None

    def report(self, told: Told) -> ShownReport | UnsetType:
        return self.reports.get(told.post_id, UNSET) if told.kind == "admin.report" else UNSET


async def show_notifications(
    reader: Reader, site: Site, told: Sequence[Told], viewer: Actor, *, with_emoji: bool = False
) -> list[Notification]:
    """Return notifications in their order, without those that the viewer may not see whole.

    Emoji are told as likes, since clients of Mastodon know no better, unless they are wanted by their own name.
    """
    around = await _gather(reader, site, told, [one.from_id for one in told], viewer)
    shown = [_show(one, around) for one in told if around.shows(one)]
    given = {str(one.id): one for one in told if one.kind == "emoji"} if with_emoji else {}
    return [_with_emoji(site, one, given[one.id]) if one.id in given else one for one in shown]


async def show_groups(
    reader: Reader, site: Site, groups: Sequence[Group], viewer: Actor, *, on_page: bool = True, partial: bool = False
) -> GroupedNotifications:
    """Return groups in their order with everybody and every post in them. `partial`: of some people but the faces."""
    senders = [from_id for group in groups for from_id in group.from_ids]
    around = await _gather(reader, site, [group.newest for group in groups], senders, viewer)
    shown = [group for group in groups if around.shows(group.newest)]
    faces = [from_id for group in shown for from_id in group.from_ids if from_id in around.people]
    whole = {group.newest.from_id for group in shown} if partial else set(faces)
    statuses = {one.id: one for group in shown if (one := around.status(group.newest)) is not None}
    return GroupedNotifications(
        accounts=[around.people[one] for one in dict.fromkeys(faces) if one in whole],
        partial_accounts=[_face(around.people[one]) for one in dict.fromkeys(faces) if one not in whole]
        if partial
        else UNSET,
        statuses=list(statuses.values()),
        notification_groups=[_show_group(group, around, on_page=on_page) for group in shown],
    )


async def _gather(reader: Reader, site: Site, told: Sequence[Told], from_ids: Sequence[int], viewer: Actor) -> _Around:
    senders = await actors.find_many(reader, [*from_ids, *(one.from_id for one in told)])
    there = [one for one in senders.values() if one.gone_at is None]
    wanted = [one.post_id for one in told if one.post_id and one.kind not in WITHOUT_POST]
    found = await posts.find_many(reader, wanted) if wanted else {}
    living = [post for post in found.values() if post.deleted_at is None]
    statuses = await show_statuses(reader, site, living, viewer)
    return _Around(
        people=await show_by_id(reader, site, there),
        statuses={int(one.id): one for one in statuses},
        reports=await _find_reports(reader, site, told),
    )


async def _find_reports(reader: Reader, site: Site, told: Sequence[Told]) -> dict[int, ShownReport]:
    wanted = [one.post_id for one in told if one.kind == "admin.report"]
    found = [one for report_id in wanted if (one := await reports.find(reader, report_id)) is not None]
    return {int(one.id): one for one in await show_reports(reader, site, found)}


def _show(told: Told, around: _Around) -> Notification:
    return Notification(
        id=str(told.id),
        type=client_word(told.kind),
        created_at=iso(told.created_at),
        group_key=told.group_key or f"{ALONE}{told.id}",
        account=around.people[told.from_id],
        status=around.status(told),
        event=_event(told),
        report=around.report(told),
    )


def _with_emoji(site: Site, shown: Notification, told: Told) -> Notification:
    """Return it as Pleroma tells it."""
    given = msgspec.json.decode(told.detail or "{}", type=GivenEmoji)
    url = emoji_url(site, given.reaction_id, given.icon_url)
    return msgspec.structs.replace(shown, type=EMOJI_WORD, emoji=given.emoji, emoji_url=url if url else UNSET)


def _show_group(group: Group, around: _Around, *, on_page: bool) -> NotificationGroup:
    newest = group.newest
    status = around.status(newest)
    return NotificationGroup(
        group_key=group.key,
        notifications_count=group.count,
        type=client_word(newest.kind),
        most_recent_notification_id=newest.id,
        page_min_id=str(group.oldest_id) if on_page else None,
        page_max_id=str(newest.id) if on_page else None,
        latest_page_notification_at=iso(newest.created_at) if on_page else None,
        sample_account_ids=[str(one) for one in group.from_ids if one in around.people],
        status_id=status.id if status is not None else None,
        event=_event(newest),
        report=around.report(newest),
    )


def _event(told: Told) -> Severance | UnsetType:
    if told.kind != "severed_relationships" or told.detail is None:
        return UNSET
    return msgspec.json.decode(told.detail, type=Severance)


def _face(account: Account) -> PartialAccount:
    return PartialAccount(
        id=account.id,
        acct=account.acct,
        locked=account.locked,
        bot=account.bot,
        url=account.url,
        avatar=account.avatar,
        avatar_static=account.avatar_static,
    )
