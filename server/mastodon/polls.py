"""Polls: how one stands, and voting in it. A poll has the id of its post."""

import msgspec

from server.actions.vote import NO_POLL, vote
from server.mastodon.call import Call
from server.mastodon.entities import Poll
from server.mastodon.found import find_post
from server.mastodon.route import Route
from server.mastodon.show_polls import show_poll
from server.problems import Invalid, NotFound
from server.store import polls
from server.store.actors import Actor
from server.store.database import Reader
from server.store.posts import Post


class VoteParams(msgspec.Struct, kw_only=True):
    """What is chosen: positions of options, from 0."""

    choices: list[int] = msgspec.field(default_factory=list)


async def show(call: Call, poll_id: int) -> Poll:
    """Return how a poll stands."""
    async with call.database.read() as reader:
        found = await find_post(reader, poll_id, call.viewer)
        return await _show(reader, call, found.post, call.viewer)


async def cast(call: Call, params: VoteParams, poll_id: int) -> Poll:
    """Vote, and return how the poll stands then."""
    if not params.choices:
        raise Invalid("Validation failed: Choices can't be blank", field="choices")
    async with call.database.write() as tx:
        found = await find_post(tx, poll_id, call.me)
        await vote(tx, call.site, call.me, found.post, found.author, params.choices)
        return await _show(tx, call, found.post, call.me)


async def _show(reader: Reader, call: Call, post: Post, viewer: Actor | None) -> Poll:
    poll = await polls.find(reader, post.id)
    if poll is None:
        raise NotFound(NO_POLL)
    choices = (await polls.list_choices(reader, viewer.id, [post.id])).get(post.id, []) if viewer else []
    mine = viewer is not None and viewer.id == post.actor_id
    return show_poll(poll, choices=choices, mine=mine, now=call.site.clock.now())


_POLL = "/api/v1/polls/<id:poll_id>"
ROUTES = (
    Route("GET", _POLL, show, "read:statuses", "anyone", gives=Poll),
    Route("POST", f"{_POLL}/votes", cast, "write:statuses", "person", VoteParams, Poll),
)
