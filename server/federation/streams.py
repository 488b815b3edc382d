"""Tells clients of what comes to an inbox or an outbox while they listen (SWICG's server-sent events, a draft).

It must not keep anything: who was away reads the collection.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec
from quart import Response, current_app, request

from activitypub.activities import Document
from activitypub.vocabulary import AS2, id_of
from server.federation import respond
from server.federation.bearers import require_person
from server.federation.inboxes import SCOPE, find_owner, show_entry
from server.federation.outbox import show_own
from server.ids import first_at
from server.oauth.bearer import is_live
from server.problems import TooMany
from server.services import Services
from server.store.network import activities, inboxes
from server.store.network.activities import Activity
from server.store.people.actors import Actor

# What is heard is what is read; to be woken by a push service is less.
_SCOPES = {"inbox": SCOPE, "outbox": "activitypub:read:me:outbox"}
# A person does not notice; a query by index costs some tens of microseconds.
LOOK_SECONDS = 1.0
# Proxies close what is silent for a minute.
BEAT_SECONDS = 20.0
# The client comes again by itself; so a revoked token or a changed account is felt at the latest then.
STREAM_SECONDS = 3600.0
# Ids of two processes may come a moment out of order: so far is looked back each time.
OVERLAP_MICROSECONDS = 2_000_000
AT_ONCE = 100
# Each costs a query a second.
STREAMS_AT_MOST = 1000
STREAMS_OF_ONE = 8
# Set when the process is to leave; the web pages' streams wait for the same.
STOPPING = "pinxit.stopping"


@dataclass(frozen=True, slots=True)
class _Listening:
    """Who listens to which of their collections, and with what."""

    owner: Actor
    box: str
    token_hash: str

    @property
    def uri(self) -> str:
        """The collection."""
        return f"{self.owner.uri}/{self.box}"


class Streams:
    """The open streams of this process."""

    def __init__(self) -> None:
        self._open: dict[int, int] = {}

    async def show(self, services: Services, name: str, box: str) -> Response:
        """Answer with a stream that goes on until the client leaves, the token is revoked or the server stops.

        A browser's EventSource cannot send a header, so the token may stand in the query.
        """
        token = request.args.get("access_token")
        bearer, asker = await require_person(services, _SCOPES[box], query_token=token)
        async with services.database.read() as reader:
            owner = await find_owner(reader, services.site, name, asker)
        if sum(self._open.values()) >= STREAMS_AT_MOST or self._open.get(owner.id, 0) >= STREAMS_OF_ONE:
            raise TooMany("Too many streams are open.", after_seconds=60)
        stopping: asyncio.Event = current_app.extensions.setdefault(STOPPING, asyncio.Event())
        listening = _Listening(owner, box, bearer.token_hash)
        response = Response(self._hold(services, listening, stopping), content_type="text/event-stream")
        response.timeout = None
        response.headers["Cache-Control"] = respond.CLOSED_CACHE
        response.headers["X-Accel-Buffering"] = "no"
        return response

    async def _hold(self, services: Services, listening: _Listening, stopping: asyncio.Event) -> AsyncIterator[bytes]:
        owner_id = listening.owner.id
        self._open[owner_id] = self._open.get(owner_id, 0) + 1
        try:
            async for part in _events(services, listening, stopping):
                yield part
        finally:
            self._open[owner_id] -= 1
            if not self._open[owner_id]:
                del self._open[owner_id]


async def _events(services: Services, listening: _Listening, stopping: asyncio.Event) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    ends_at, sent_at = loop.time() + STREAM_SECONDS, loop.time()
    began = services.site.ids.new()
    seen: set[int] = set()
    yield b"retry: 2000\n\n"
    while not stopping.is_set() and loop.time() < ends_at:
        async with services.database.read() as reader:
            if not await is_live(reader, services.site, listening.token_hash):
                return
        newest = max(seen, default=began)
        after = max(began, newest - (first_at(OVERLAP_MICROSECONDS) - first_at(0)))
        for place, activity in await _list(services, listening, after):
            if place in seen:
                continue
            seen.add(place)
            for event in await _tell(services, listening, activity):
                sent_at = loop.time()
                yield event
        seen = {place for place in seen if place > after}
        if loop.time() - sent_at > BEAT_SECONDS:
            sent_at = loop.time()
            yield b": still here\n\n"
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), LOOK_SECONDS)


async def _list(services: Services, listening: _Listening, after: int) -> list[tuple[int, Activity]]:
    async with services.database.read() as reader:
        if listening.box == "inbox":
            return await inboxes.list_after(reader, listening.owner.id, after=after, limit=AT_ONCE)
        sent = await activities.list_own_outbox_after(reader, listening.owner.uri, after=after, limit=AT_ONCE)
    return [(one.id, one) for one in sent]


async def _tell(services: Services, listening: _Listening, activity: Activity) -> list[bytes]:
    """The events of one activity: it is in the collection now, and what it did to other things."""
    site, owner = services.site, listening.owner
    async with services.database.read() as reader:
        if listening.box == "inbox":
            document = await show_entry(reader, site, owner, activity)
        else:
            document = await show_own(reader, site, owner, activity, own=True)
    if document is None:
        return []
    told = [_event(activity.id, "Add", owner, {"object": document, "target": listening.uri})]
    if activity.type == "Undo" and (undone := id_of(document.get("object"))) is not None:
        told.append(_event(activity.id, "Remove", owner, {"object": undone, "target": listening.uri}))
    if activity.type in ("Update", "Delete") and "object" in document:
        told.append(_event(activity.id, activity.type, owner, {"object": document["object"]}))
    return told


def _event(number: int, kind: str, owner: Actor, about: Document) -> bytes:
    activity = {"@context": AS2, "type": kind, "actor": owner.uri, **about}
    return f"id: {number}\nevent: {kind}\ndata: ".encode() + msgspec.json.encode(activity) + b"\n\n"
