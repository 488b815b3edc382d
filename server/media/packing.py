"""Packs parts into a zip as it is sent: never whole in memory, nor on the disk. It must not know what the parts are."""

import io
import zipfile
from collections.abc import AsyncIterator

from server.media.storage import MediaStorage


class _Sink(io.RawIOBase):
    """Takes what the packer writes, until it is fetched; nobody can go back in it."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """It takes bytes."""
        return True

    def write(self, data: object, /) -> int:
        """Keep some bytes."""
        piece = bytes(data)  # type: ignore[call-overload]
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        """Return what was written since."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


async def pack(
    parts: AsyncIterator[tuple[str, str | AsyncIterator[bytes]]], storage: MediaStorage
) -> AsyncIterator[bytes]:
    """Yield a zip of parts: a name, and pieces of bytes or the key of a stored file; one that is gone is left out."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as whole:
        async for name, content in parts:
            if isinstance(content, str) and await storage.find(content) is None:
                continue
            # Pictures are small as they are.
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_STORED if isinstance(content, str) else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            # How long it will be is not known before its end, and more than 2 GB must be allowed for from the start.
            with whole.open(info, "w", force_zip64=True) as entry:
                async for piece in storage.stream(content) if isinstance(content, str) else content:
                    entry.write(piece)
                    if taken := sink.take():
                        yield taken
    yield sink.take()
