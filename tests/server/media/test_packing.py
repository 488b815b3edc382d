"""A zip that is packed while it is sent."""

import io
import zipfile
from collections.abc import AsyncIterator

from server.media.packing import pack
from server.media.storage import CHUNK_BYTES, MediaStorage

Part = tuple[str, str | AsyncIterator[bytes]]


async def pieces(number: int, size: int) -> AsyncIterator[bytes]:
    for one in range(number):
        yield bytes([one % 251]) * size


async def test_what_is_packed_is_whole_and_is_never_held_whole() -> None:
    storage = MediaStorage.in_memory()
    # As many bytes as would show, of which none can be pressed.
    picture = await storage.put(bytes(range(256)) * 20_000, "jpg")

    async def parts() -> AsyncIterator[Part]:
        yield "words.json", pieces(50, 10_000)
        yield f"media/{picture}", picture
        yield "media/gone.jpg", "ab/" + "0" * 62 + ".jpg"
        yield "empty.csv", pieces(0, 0)

    sent = [piece async for piece in pack(parts(), storage)]

    assert max(map(len, sent)) < 2 * CHUNK_BYTES
    with zipfile.ZipFile(io.BytesIO(b"".join(sent))) as whole:
        assert whole.testzip() is None
        assert whole.namelist() == ["words.json", f"media/{picture}", "empty.csv"]
        assert len(whole.read("words.json")) == 500_000
        assert whole.read(f"media/{picture}") == await storage.read(picture)


async def test_who_hangs_up_midway_harms_nobody() -> None:
    async def parts() -> AsyncIterator[Part]:
        yield "words.json", pieces(1000, CHUNK_BYTES)

    packing = pack(parts(), MediaStorage.in_memory())
    await anext(packing)
    await packing.aclose()  # type: ignore[attr-defined]
    assert await anext(packing, None) is None
