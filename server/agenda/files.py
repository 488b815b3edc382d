"""Job `remove_file`: deletes a file that no row names any more. It must not decide which rows go."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from server.jobs.queue import Job
from server.services import Services
from server.store.network import peer_files
from server.store.network.peer_files import Held
from server.store.people import portraits
from server.store.writing import emojis, media

# What was stored later may still be waiting for its row.
ORPHAN_SECONDS = 86_400


async def handle(job: Job, services: Services) -> None:
    """Delete one file, unless it is used after all."""
    await _remove(services, str(job.payload["key"]))


async def remove_orphans(services: Services, *, dry_run: bool = False) -> Held:
    """Delete the files that no row names, which a crash or an old backup left; return how many and how large."""
    files = size = 0
    async for orphans in _list_orphans(services):
        files += len(orphans)
        size += sum(orphans.values())
        for key in () if dry_run else orphans:
            await _remove(services, key)
    return Held(files, size)


async def measure(services: Services) -> dict[str, Held]:
    """Return what lies in the storage: `ours`, `peers` (copies of theirs), and `orphans`."""
    found = dict.fromkeys(("ours", "peers", "orphans"), Held(0, 0))
    async for batch in services.storage.list_files(before=_moment(services, 0)):
        sizes = {one.key: one.bytes for one in batch}
        ours, theirs = await _sort(services, list(sizes))
        for name, keys in (("ours", ours), ("peers", theirs - ours), ("orphans", set(sizes) - ours - theirs)):
            old = found[name]
            found[name] = Held(old.files + len(keys), old.bytes + sum(sizes[key] for key in keys))
    return found


async def _list_orphans(services: Services) -> AsyncIterator[dict[str, int]]:
    async for batch in services.storage.list_files(before=_moment(services, ORPHAN_SECONDS)):
        sizes = {one.key: one.bytes for one in batch}
        ours, theirs = await _sort(services, list(sizes))
        yield {key: size for key, size in sizes.items() if key not in ours and key not in theirs}


async def _sort(services: Services, keys: list[str]) -> tuple[set[str], set[str]]:
    """Return which of the keys are of our own people, and which of copies of peers' files."""
    async with services.database.read() as reader:
        portrayed = {services.site.media_key(url) for url in await portraits.list_shown(reader)}
        ours = await media.find_used(reader, keys) | (portrayed & set(keys)) | await emojis.find_used(reader, keys)
        return {key for key in ours if key}, await peer_files.find_used(reader, keys)


async def _remove(services: Services, key: str) -> None:
    async with services.database.read() as reader:
        # The same wish may have been painted again meanwhile, to the same bytes.
        is_used = (
            await media.is_used(reader, key)
            or await portraits.is_shown(reader, services.site.media_url(key))
            or await peer_files.is_used(reader, key)
            or await emojis.is_used(reader, key)
        )
    if not is_used:
        await services.storage.remove(key)


def _moment(services: Services, seconds: int) -> datetime:
    """So many seconds ago, and for none of them the end of all time: a storage's clock may be ahead of ours."""
    if not seconds:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.fromtimestamp(services.site.clock.now() / 1_000_000, UTC) - timedelta(seconds=seconds)
