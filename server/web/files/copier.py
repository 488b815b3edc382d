"""Fetches peers' files when somebody looks at them: once for all who ask at the same time, checked and made our own.

It must not decide what may be fetched; it is handed what stands in a row of ours.
"""

import asyncio
from weakref import WeakValueDictionary

import structlog

from activitypub.vocabulary import domain_of, host_of
from server.actions.network import peer_files as cache
from server.problems import Problem, TooMany
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.network import peer_files
from server.store.network.peer_files import PeerFile
from server.web.files.peer_source import Source, storing

# Most of them wait for their turn, holding nothing.
UNDER_WAY_AT_MOST = 200
# Each holds a file of up to `media.peer_file_bytes` (16 MiB) until it is made our own: 256 MiB at the very worst.
HELD_AT_MOST = 16
RETRY_SECONDS = 10
# Of one domain so many at a time, and the rest of a page full of its pictures waits: half of the questions that may be
# open with it, so that the others go on.
AT_ONCE_PER_DOMAIN = 4
# So many may wait: two full pages of one domain's pictures. One that drips does not fill the places of all others.
UNDER_WAY_PER_DOMAIN = 50

log = structlog.get_logger()


class Copier:
    """The copies that are being made in this process. Used from one loop."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._under_way: dict[tuple[str, str], asyncio.Task[PeerFile]] = {}
        self._places = asyncio.Semaphore(HELD_AT_MOST)
        self._lanes: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def copy(self, source: Source) -> PeerFile:
        """Fetch and keep a file, or note why it could not be had. Who goes away meanwhile does not end it for others.

        Raises:
            TooMany: so many are under way already that nobody should wait for one more.
        """
        key = source.url, source.kind
        task = self._under_way.get(key)
        if task is None:
            if len(self._under_way) >= UNDER_WAY_AT_MOST or self._count(source.url) >= UNDER_WAY_PER_DOMAIN:
                raise TooMany("Too many pictures are being fetched.", after_seconds=RETRY_SECONDS)
            task = asyncio.create_task(self._copy(source), name="copy of a peer's file")
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _copy(self, source: Source) -> PeerFile:
        services = self._services
        try:
            async with self._lane(source.url), self._places:
                most = services.site.config.media.peer_file_bytes
                data, _ = await services.peers.download(source.url, most, onward=storing(services))
                stored = await services.intake.take_copy(data, source.sides)
        except FetchFailed as failure:
            return await self._fail(source, failure.reason, passing=failure.passing)
        except Problem as problem:
            return await self._fail(source, str(problem), passing=False)
        now = services.site.clock.now()
        keys = [one.key for one in stored]
        size = sum({one.key: one.bytes for one in stored}.values())
        file = PeerFile(
            source.url, source.kind, source.host, keys[0], keys[1] if keys[1:] else None, size, now, now, 0, None, None
        )
        async with services.database.write(durable=False) as tx:
            await cache.keep_copy(tx, services.site, file)
        await self._make_room()
        log.info("peer file copied", kind=source.kind, host=host_of(source.url), bytes=len(data), kept=size)
        return file

    def _count(self, url: str) -> int:
        domain = domain_of(host_of(url))
        return sum(domain_of(host_of(known)) == domain for known, _ in self._under_way)

    def _lane(self, url: str) -> asyncio.Semaphore:
        """The turns of a domain; forgotten when nobody waits any more."""
        domain = domain_of(host_of(url))
        lane = self._lanes.get(domain)
        if lane is None:
            lane = self._lanes[domain] = asyncio.Semaphore(AT_ONCE_PER_DOMAIN)
        return lane

    async def _fail(self, source: Source, error: str, *, passing: bool) -> PeerFile:
        log.info("peer file not copied", kind=source.kind, host=host_of(source.url), error=error)
        async with self._services.database.write(durable=False) as tx:
            site = self._services.site
            return await cache.note_failure(
                tx, site, source.url, source.kind, host=source.host, error=error, passing=passing
            )

    async def _make_room(self) -> None:
        """Let copies go that were looked at longest ago, until all keep within their budget."""
        site, database = self._services.site, self._services.database
        async with database.read() as reader:
            excess = await cache.measure_excess(reader, site)
        while excess > 0:
            async with database.write(durable=False) as tx:
                gone = await cache.drop_excess(tx, site, excess)
            excess = excess - gone.bytes if gone.files else 0


def is_resting(file: PeerFile | None, now: int) -> bool:
    """Whether a file could not be had just now, so that it is not asked for again yet."""
    return file is not None and file.file_key is None and (file.retry_at or 0) > now


async def find_copy(services: Services, source: Source) -> PeerFile | None:
    """Find what is known of a file, and note that somebody looks at it."""
    async with services.database.read() as reader:
        file = await peer_files.find(reader, source.url, source.kind)
    if file is not None and file.file_key is not None and cache.is_to_be_touched(services.site, file):
        async with services.database.write(durable=False) as tx:
            await peer_files.touch(tx, file, at=services.site.clock.now())
    return file
