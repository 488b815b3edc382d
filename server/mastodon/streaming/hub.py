"""Brings what happens to those who listen, from one place for the whole process. It must not know sockets.

Posts are stored by another process, so the hub looks into the store, several times a second and only while somebody
listens. A listener that does not keep up is dropped: its client comes again and reads the timeline.
"""

import asyncio
import contextlib
from collections import Counter

import structlog

from server.mastodon.streaming.streams import Frame, Stream, belongs, check_scope
from server.mastodon.streaming.telling import Told, show, understand
from server.oauth.bearer import Bearer, is_live
from server.problems import Forbidden, NotFound, TooMany
from server.services import Services
from server.store.database import Reader
from server.store.reading import stream_events
from server.store.ties import lists

# Nobody notices a quarter of a second; to look costs ten microseconds while nothing happens.
LOOK_SECONDS = 0.25
# How soon a revoked token ends its streams.
CHECK_SECONDS = 2.0
AT_ONCE = 100
# A client that is so far behind has gone, or reads too slowly ever to catch up.
WAITING_AT_MOST = 256
# Each costs memory and a turn for every event; a person has some devices with some tabs.
LISTENERS_AT_MOST = 2000
LISTENERS_OF_ONE = 32
# Anybody can register apps and have tokens that speak for nobody: our people shall find room beside them.
LISTENERS_OF_APPS = 500
STREAMS_AT_MOST = 64

log = structlog.get_logger()


class Listener:
    """One connection: whose it is, what it listens to, and what waits to be sent."""

    def __init__(self, bearer: Bearer) -> None:
        self.bearer = bearer
        self.streams: dict[Stream, None] = {}
        self.is_over = False
        self._waiting: asyncio.Queue[Frame | None] = asyncio.Queue()

    def put(self, frame: Frame) -> None:
        """Have something sent, or give the connection up."""
        if self._waiting.qsize() >= WAITING_AT_MOST:
            self.end()
        elif not self.is_over:
            self._waiting.put_nowait(frame)

    def end(self) -> None:
        """Have the connection closed after what waits."""
        if not self.is_over:
            self.is_over = True
            self._waiting.put_nowait(None)

    async def next(self, *, within_seconds: float) -> Frame | None:
        """Return what is to be sent next; None at the end.

        Raises:
            TimeoutError: nothing came for so long.
        """
        if self.is_over and self._waiting.qsize() > WAITING_AT_MOST:
            return None
        return await asyncio.wait_for(self._waiting.get(), within_seconds)


class Hub:
    """All listeners of this process."""

    def __init__(self, services: Services, stopping: asyncio.Event) -> None:
        self._services = services
        self._stopping = stopping
        self._listeners: set[Listener] = set()
        self._looking: asyncio.Task[None] | None = None
        self._seen = 0

    @property
    def count(self) -> int:
        """How many listen."""
        return len(self._listeners)

    async def join(self, bearer: Bearer) -> Listener:
        """Begin to listen, to nothing yet.

        Raises:
            TooMany: too many do, or this person or app does too often.
        """
        mine = Counter(_holder(one.bearer) for one in self._listeners)[_holder(bearer)]
        of_apps = sum(one.bearer.actor is None for one in self._listeners) if bearer.actor is None else 0
        if len(self._listeners) >= LISTENERS_AT_MOST or mine >= LISTENERS_OF_ONE or of_apps >= LISTENERS_OF_APPS:
            raise TooMany("Too many streams are open.", after_seconds=60)
        if not self._listeners:
            async with self._services.database.read() as reader:
                self._seen = await stream_events.find_newest(reader)
        listener = Listener(bearer)
        self._listeners.add(listener)
        if self._stopping.is_set():
            listener.end()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return listener

    def leave(self, listener: Listener) -> None:
        """Listen no more."""
        self._listeners.discard(listener)

    async def subscribe(self, listener: Listener, stream: Stream) -> None:
        """Listen to one more stream.

        Raises:
            Forbidden: the token is not good for it.
            NotFound: the list is somebody else's.
            TooMany: they are too many.
        """
        check_scope(listener.bearer, stream)
        if len(listener.streams) >= STREAMS_AT_MOST:
            raise TooMany("Too many streams on one connection.", after_seconds=60)
        if stream.name == "list":
            await self._check_list(listener.bearer, int(stream.parameter))
        listener.streams[stream] = None

    async def _check_list(self, bearer: Bearer, list_id: int) -> None:
        if bearer.actor is None:
            raise Forbidden("A list is somebody's own")
        async with self._services.database.read() as reader:
            if await lists.find(reader, bearer.actor.id, list_id) is None:
                raise NotFound("Record not found")

    async def _look(self) -> None:
        """Look what happened until nobody listens any more, or the server stops."""
        loop = asyncio.get_running_loop()
        checked_at = loop.time()
        while self._listeners and not self._stopping.is_set():
            try:
                async with self._services.database.read() as reader:
                    await self._tell_news(reader)
                    if loop.time() - checked_at >= CHECK_SECONDS:
                        checked_at = loop.time()
                        await self._end_revoked(reader)
            except Exception as error:
                # A listener must not be left waiting for ever because one look failed.
                log.exception("streaming failed", error=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), LOOK_SECONDS)
        for listener in list(self._listeners):
            listener.end()

    async def _tell_news(self, reader: Reader) -> None:
        while self._seen < await stream_events.find_newest(reader):
            for event in await stream_events.list_after(reader, self._seen, limit=AT_ONCE):
                self._seen = event.id
                told = await understand(reader, event)
                if told is not None:
                    await self._tell(reader, told)

    async def _tell(self, reader: Reader, told: Told) -> None:
        """Show an event to everybody whom it concerns; those of one person in one context are shown the same."""
        payloads: dict[tuple[int, str], tuple[bool, str | None]] = {}
        for listener in list(self._listeners):
            viewer = listener.bearer.actor
            for stream in list(listener.streams):
                if not belongs(told.happening, stream, listener.bearer):
                    continue
                key = (viewer.id if viewer else 0, stream.context)
                if key not in payloads:
                    payloads[key] = await show(reader, self._services.site, told, stream, viewer)
                is_shown, payload = payloads[key]
                if is_shown:
                    listener.put(Frame(stream, told.event.kind, payload))

    async def _end_revoked(self, reader: Reader) -> None:
        for listener in list(self._listeners):
            if not await is_live(reader, self._services.site, listener.bearer.token_hash):
                listener.end()


def _holder(bearer: Bearer) -> str:
    return str(bearer.actor.id) if bearer.actor is not None else bearer.client_id or bearer.token_hash
