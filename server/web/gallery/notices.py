"""What happened to me: likes, boosts, replies, mentions, followers, and posts I asked to hear of."""

from dataclasses import dataclass

import msgspec
from quart import Response

from server.actions.telling.notices import read_all
from server.actions.telling.notify import WITHOUT_POST
from server.actions.writing.react_emoji import KIND, GivenEmoji
from server.store.database import Reader
from server.store.paging import NEWEST
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.telling import notifications
from server.store.telling.notifications import Notification
from server.store.writing import posts
from server.web.gallery.cards import Card, gather
from server.web.visit import Route, Visit

PAGE = 40


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification with who caused it and the post it is about."""

    told: Notification
    by: Actor
    card: Card | None
    emoji: str | None = None


async def show_notices(visit: Visit) -> Response:
    """Show the newest; what is new stays marked until it is marked as read."""
    async with visit.web.services.database.read() as reader:
        before = visit.before() or NEWEST
        told = await notifications.list_of_actor(reader, visit.me.actor.id, before=before, limit=PAGE)
        notices = await _gather(reader, visit, told)
    older = told[-1].id if len(told) == PAGE else None
    return await visit.page("notices.html", {"notices": notices, "older": older, "noindex": True})


async def mark_read(visit: Visit) -> Response:
    """Remember that I have seen everything."""
    async with visit.web.services.database.write() as tx:
        await read_all(tx, visit.site, visit.me.actor)
    return visit.go("/notifications")


async def _gather(reader: Reader, visit: Visit, told: list[Notification]) -> list[Notice]:
    if not told:
        return []
    people = await actors.find_many(reader, [one.from_id for one in told])
    found = await posts.find_many(reader, [one.post_id for one in told if one.post_id and one.kind not in WITHOUT_POST])
    living = [post for post in found.values() if post.deleted_at is None]
    cards = {card.post.id: card for card in await gather(reader, visit.site, living, visit.viewer_id)}
    return [
        Notice(one, people[one.from_id], cards.get(one.post_id), _emoji(one)) for one in told if one.from_id in people
    ]


def _emoji(told: Notification) -> str | None:
    """The emoji that was given."""
    return msgspec.json.decode(told.detail, type=GivenEmoji).emoji if told.kind == KIND and told.detail else None


ROUTES = (
    Route("GET", "/notifications", show_notices, "person"),
    Route("POST", "/notifications/read", mark_read, "person"),
)
