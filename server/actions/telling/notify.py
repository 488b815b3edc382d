"""Tells our people what happened to them: the one place that does. It must not tell anybody of themselves, nor peers.

What is told is a row, an event for who listens and a job for each client that wants to be woken, in one transaction.
"""

from server.actions.telling.hearing import MENTIONS, Verdict, judge
from server.actions.telling.wake_clients import wake_clients
from server.actions.writing.converse import add_to_conversation
from server.actions.writing.spread import emit
from server.ids import MICROSECONDS
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.telling import notice_groups, notice_policy, notifications
from server.store.telling.notice_policy import Request
from server.store.telling.notifications import Notification
from server.store.writing import posts
from server.store.writing.posts import Post

# The only things that one hears of oneself.
FROM_SELF = frozenset({"poll", "severed_relationships"})
# Told again each time, in place of what was told before.
RENEWED = frozenset({"update", "quoted_update"})
# What has no post: an id beside it means something else.
WITHOUT_POST = frozenset({"follow", "follow_request", "severed_relationships", "admin.sign_up", "admin.report"})
# Answered on our pages, and by clients that ask for them by name (GoToSocial's); others know no such thing.
PAGES_ONLY = frozenset({"quote_request", "like_request", "reply_request", "announce_request"})
# Who is put aside with these may be let in from a list (`notice_policy.Request`).
MAKES_REQUEST = MENTIONS | {"quote"}
# The words that clients have for our kinds, where they differ.
# Of an emoji, those hear as of a like that do not ask for it by the name it has in Pleroma.
CLIENT_WORDS = {
    "like": "favourite",
    "announce": "reblog",
    "reply": "mention",
    "emoji": "favourite",
    "like_request": "pending.favourite",
    "announce_request": "pending.reblog",
    "reply_request": "pending.reply",
}
# A group takes in what comes within this time of its beginning, in hours (Mastodon's MAXIMUM_GROUP_SPAN_HOURS).
GROUP_HOURS = 12


async def notify(
    tx: Transaction, site: Site, told: Actor, kind: str, *, by: Actor, post_id: int = 0, detail: str | None = None
) -> None:
    """Tell `told`, once, that `by` did something; `kind` is one of `notifications.KINDS`.

    `post_id` may be the id of another thing where the kind has no post; `detail` is JSON that belongs to the kind.
    """
    # Nobody logs in as the studio, the instance or who is gone to read it.
    if (
        not told.local
        or told.type != "Person"
        or told.gone_at is not None
        or (told.id == by.id and kind not in FROM_SELF)
    ):
        return
    post = await posts.find(tx, post_id) if post_id and kind not in WITHOUT_POST else None
    verdict = await judge(tx, site, told, kind, by, post)
    if verdict is Verdict.DROP:
        return
    notification = Notification(
        id=site.ids.new(),
        actor_id=told.id,
        kind=kind,
        from_id=by.id,
        post_id=post_id,
        created_at=site.clock.now(),
        read_at=None,
        filtered=verdict is Verdict.ASIDE,
        group_key=await _group_key(tx, site, told.id, kind, post_id),
        detail=detail,
    )
    if kind in RENEWED:
        await notifications.drop(tx, actor_id=told.id, kind=kind, from_id=by.id, post_id=post_id)
    if await notifications.add(tx, notification):
        await _spread(tx, site, told, notification, by, post)


def client_word(kind: str) -> str:
    """Return what clients call a kind of notification."""
    return CLIENT_WORDS.get(kind, kind)


async def _spread(
    tx: Transaction, site: Site, told: Actor, notification: Notification, by: Actor, post: Post | None
) -> None:
    if notification.filtered:
        await _put_aside(tx, site, told, notification)
        return
    if notification.kind in PAGES_ONLY:
        return
    await emit(tx, site, "notification", actor_id=told.id, post_id=post.id if post else 0, entry_id=notification.id)
    await wake_clients(tx, site, told, client_word(notification.kind), notification, by)
    if post is not None and notification.kind in MENTIONS:
        await add_to_conversation(tx, site, told, post)


async def _put_aside(tx: Transaction, site: Site, told: Actor, notification: Notification) -> None:
    if notification.kind not in MAKES_REQUEST:
        return
    now = site.clock.now()
    request = Request(site.ids.new(), told.id, notification.from_id, notification.post_id, now, now)
    await notice_policy.put_request(tx, request)


async def _group_key(tx: Transaction, site: Site, told_id: int, kind: str, post_id: int) -> str | None:
    """Return what the notification stands together under: its kind, its post, and the hour in which that began."""
    if kind not in notice_groups.GROUPABLE:
        return None
    prefix = f"{client_word(kind)}-{post_id}-" if post_id else f"{kind}-"
    hour = site.clock.now() // (3600 * MICROSECONDS)
    known = await notice_groups.find_recent_key(tx, told_id, prefix)
    if known is not None and hour < int(known.removeprefix(prefix)) + GROUP_HOURS:
        return known
    return f"{prefix}{hour}"
