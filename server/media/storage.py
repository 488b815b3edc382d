"""Keeps files by the hash of their content: a local folder, or anything obstore knows. It must not open pictures.

A file is whole or not there, never changes, and the same content is stored once; so writing it again after a crash is
harmless and its address may be cached for ever.
"""

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{62}\.(?:jpg|png|webp)\Z")
# One read of this size fills the socket's buffer; more only costs memory.
CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is there, and its length in bytes."""

    key: str
    bytes: int


class MediaStorage:
    """Content-addressed files."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        """`folder` is where a local `store` lies."""
        self._store = store
        self._folder = folder

    @classmethod
    def open(cls, location: str, folder: Path) -> "MediaStorage":
        """Open the storage at `location`: a URL obstore knows, or a folder, relative to `folder`."""
        if "://" in location:
            return cls(from_url(location))
        path = (folder / location).resolve()
        path.mkdir(parents=True, exist_ok=True)
        return cls(LocalStore(path), path)

    @classmethod
    def in_memory(cls) -> "MediaStorage":
        """Open an empty storage that is gone with the process."""
        return cls(MemoryStore())

    async def put(self, data: bytes, suffix: str) -> str:
        """Store `data` and return its key: `ab/cdef….jpg`. `suffix` is jpg, png or webp, without a dot."""
        key = key_of(data, suffix)
        if not KEY.match(key):
            raise ValueError(f"files end in jpg, png or webp, not {suffix}")
        await self._store.put_async(key, data)
        if self._folder is not None:
            await asyncio.to_thread(_write_through, self._folder, key)
        return key

    async def find(self, key: str) -> StoredFile | None:
        """Return the file's length, or None when there is no such file; any text may be asked for."""
        if not KEY.match(key):
            return None
        try:
            found = await self._store.head_async(key)
        except FileNotFoundError:
            return None
        return StoredFile(key, found["size"])

    async def list_files(self, *, before: datetime) -> AsyncIterator[list[StoredFile]]:
        """Yield the files that were stored before a moment (of the storage's own clock), some at a time."""
        async for batch in self._store.list():
            found = [StoredFile(one["path"], one["size"]) for one in batch if one["last_modified"] < before]
            yield [one for one in found if KEY.match(one.key)]

    async def stream(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Yield the bytes from `start` up to, not including, `end`. Raises FileNotFoundError."""
        found = await self.find(key)
        if found is None:
            raise FileNotFoundError(key)
        stop = found.bytes if end is None else min(end, found.bytes)
        while start < stop:
            piece = await self._store.get_range_async(key, start=start, end=min(start + CHUNK_BYTES, stop))
            yield bytes(piece)
            start += len(piece)

    async def read(self, key: str) -> bytes:
        """Return the whole file. Raises FileNotFoundError."""
        return b"".join([piece async for piece in self.stream(key)])

    async def remove(self, key: str) -> None:
        """Delete the file; nothing happens when it is not there."""
        if not KEY.match(key):
            return
        try:
            await self._store.delete_async(key)
        except FileNotFoundError:
            return


def key_of(data: bytes, suffix: str) -> str:
    """Return the key under which `data` is stored."""
    digest = hashlib.sha256(data).hexdigest()
    return f"{digest[:2]}/{digest[2:]}.{suffix}"


def _write_through(folder: Path, key: str) -> None:
    """The post that shows a file is committed to survive a power cut; so must the file, and its place in the folder."""
    path = folder / key
    for place in (path, path.parent, folder):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
