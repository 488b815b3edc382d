"""Keeps copies of peers' files within bounds: remembered, used, forgotten. It must not fetch, nor touch files."""

from collections.abc import Sequence

from server.actions.writing.remove import remove_file
from server.ids import MICROSECONDS
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network import peer_files
from server.store.network.peer_files import Held, PeerFile

# What goes in one transaction: some 10 ms in which nobody else writes.
DROPPED_AT_ONCE = 100
# What one look through all copies finds of a domain: among 200,000, and as many people, it takes two seconds.
FOUND_AT_ONCE = 5000
# How exactly it is known when a copy was last looked at; oftener would be a write for every look.
USED_EVERY_SECONDS = 3600
# A server that did not answer is asked again after a minute, then after twice as long each time, at last once a day.
FIRST_RETRY_SECONDS = 60
LAST_RETRY_SECONDS = 86_400


async def keep_copy(tx: Transaction, site: Site, file: PeerFile) -> None:
    """Remember a copy; files of an older one that nothing has any more go."""
    known = await peer_files.find(tx, file.url, file.shape)
    await peer_files.put(tx, file)
    for key in known.keys if known is not None else ():
        if not await peer_files.is_used(tx, key):
            await remove_file(tx, site, key)


async def note_failure(
    tx: Transaction, site: Site, url: str, shape: str, *, host: str, error: str, passing: bool
) -> PeerFile:
    """Remember that a file could not be had; what is not `passing` is not tried again before a day is over."""
    known = await peer_files.find(tx, url, shape)
    failures = known.failures + 1 if known is not None else 1
    wait = min(FIRST_RETRY_SECONDS * 2 ** min(failures - 1, 20), LAST_RETRY_SECONDS) if passing else LAST_RETRY_SECONDS
    now = site.clock.now()
    failed = PeerFile(url, shape, host, None, None, 0, now, now, failures, now + wait * MICROSECONDS, error[:300])
    await keep_copy(tx, site, failed)
    return failed


def is_to_be_touched(site: Site, file: PeerFile) -> bool:
    """Whether it is so long since a copy was looked at that it should be written down."""
    return site.clock.now() - file.used_at >= USED_EVERY_SECONDS * MICROSECONDS


async def measure_excess(reader: Reader, site: Site) -> int:
    """Return by how many bytes the copies exceed what they may take; not above zero where they do not."""
    return (await peer_files.count(reader)).bytes - site.config.media.peer_cache_bytes


async def count_prunable(reader: Reader, site: Site, *, before: int) -> Held:
    """Count what `drop_unused` would forget, and `drop_excess` of what that leaves."""
    unused = await peer_files.count_unused(reader, before=before)
    excess = await measure_excess(reader, site) - unused.bytes
    oldest = await peer_files.count_oldest(reader, since=before, excess=excess)
    return Held(unused.files + oldest.files, unused.bytes + oldest.bytes)


async def drop_excess(tx: Transaction, site: Site, excess: int) -> Held:
    """Forget some copies that were looked at longest ago, until `excess` bytes are free; return what went."""
    oldest = await peer_files.list_unused(tx, before=site.clock.now() + 1, limit=DROPPED_AT_ONCE)
    chosen: list[PeerFile] = []
    for one in oldest:
        if excess <= 0:
            break
        chosen.append(one)
        excess -= one.bytes
    return await drop(tx, site, chosen)


async def drop_unused(tx: Transaction, site: Site, *, before: int) -> Held:
    """Forget some copies, and failures, that nobody looked at since `before`; return what went."""
    return await drop(tx, site, await peer_files.list_unused(tx, before=before, limit=DROPPED_AT_ONCE))


async def list_of_domain(reader: Reader, domain: str) -> list[list[PeerFile]]:
    """Find some copies of files of people of a domain, in lots that go in one transaction each."""
    found = await peer_files.list_of_domain(reader, domain, limit=FOUND_AT_ONCE)
    return [found[start : start + DROPPED_AT_ONCE] for start in range(0, len(found), DROPPED_AT_ONCE)]


async def drop(tx: Transaction, site: Site, files: Sequence[PeerFile]) -> Held:
    """Forget these copies; return what went."""
    for key in await peer_files.drop(tx, files):
        await remove_file(tx, site, key)
    return Held(len(files), sum(one.bytes for one in files))
