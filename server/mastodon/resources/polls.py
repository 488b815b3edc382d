"""Polls: how one stands, and voting in it. A poll has the id of its post."""

import msgspec

from activitypub.authority import check_note
from activitypub.errors import ProtocolError
from server.actions.writing.vote import NO_POLL, keep_question, vote
from server.ids import MICROSECONDS
from server.mastodon.call import Call
from server.mastodon.entities.basics import Poll
from server.mastodon.found import Found, find_post
from server.mastodon.route import Route
from server.mastodon.showing.polls import show_poll
from server.problems import Invalid, NotFound, TooMany
from server.remote.notes import fetch_note
from server.remote.seam import FetchFailed
from server.store.database import Reader
from server.store.people.actors import Actor
from server.store.writing import polls
from server.store.writing.posts import Post

# Mastodon's (app/models/poll.rb, possibly_stale?): a minute.
STALE_SECONDS = 60


class VoteParams(msgspec.Struct, kw_only=True):
    """What is chosen: positions of options, from 0."""

    choices: list[int] = msgspec.field(default_factory=list)


async def show(call: Call, poll_id: int) -> Poll:
    """Return how a poll stands."""
    async with call.database.read() as reader:
        found = await find_post(reader, poll_id, call.viewer)
        poll = await polls.find(reader, found.post.id)
    if poll is not None and not found.author.local and call.viewer is not None and _is_stale(call, poll):
        await _refresh(call, found)
    async with call.database.read() as reader:
        return await _show(reader, call, found.post, call.viewer)


async def cast(call: Call, params: VoteParams, poll_id: int) -> Poll:
    """Vote, and return how the poll stands then."""
    if not params.choices:
        raise Invalid("Validation failed: Choices can't be blank", field="choices")
    async with call.database.write() as tx:
        found = await find_post(tx, poll_id, call.me)
        await vote(tx, call.site, call.me, found.post, found.author, params.choices)
    async with call.database.read() as reader:
        return await _show(reader, call, found.post, call.me)


def _is_stale(call: Call, poll: polls.Poll) -> bool:
    """Whether a peer's poll stands otherwise by now: nobody tells us of each vote."""
    if poll.expires_at is not None and poll.checked_at >= poll.expires_at:
        return False
    return call.site.clock.now() - poll.checked_at >= STALE_SECONDS * MICROSECONDS


async def _refresh(call: Call, found: Found) -> None:
    """Ask a peer how its poll stands; what we know has to do where that fails."""
    try:
        call.knock()
        note = await fetch_note(call.services, found.post.uri)
        check_note(found.author.uri, note, call.site.origin)
    except (FetchFailed, ProtocolError, TooMany):
        return
    if note.question is not None:
        async with call.database.write(durable=False) as tx:
            await keep_question(tx, call.site, found.post, note.question)


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
