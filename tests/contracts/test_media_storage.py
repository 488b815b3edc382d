"""What every storage of files keeps: named by content, whole or not there, gone when removed."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from server.media.storage import CHUNK_BYTES, KEY, StoredFile


async def test_a_file_is_read_as_it_was_stored(storage):
    key = await storage.put(b"a picture", "jpg")

    assert KEY.match(key) and key.endswith(".jpg")
    assert await storage.read(key) == b"a picture"
    found = await storage.find(key)
    assert found is not None and (found.key, found.bytes) == (key, 9)


async def test_the_same_content_has_the_same_key_and_other_content_another(storage):
    first, again, other = [await storage.put(data, "webp") for data in (b"one", b"one", b"two")]

    assert first == again != other
    assert await storage.read(first) == b"one"


@pytest.mark.parametrize(("start", "end", "expected"), [(0, 4, b"0123"), (4, None, b"456789"), (8, 99, b"89")])
async def test_a_part_can_be_read(storage, start, end, expected):
    key = await storage.put(b"0123456789", "png")

    assert b"".join([piece async for piece in storage.stream(key, start=start, end=end)]) == expected


async def test_a_large_file_comes_in_pieces(storage):
    data = bytes(range(256)) * (CHUNK_BYTES // 256 * 2 + 1)
    key = await storage.put(data, "jpg")

    pieces = [piece async for piece in storage.stream(key)]

    assert [len(piece) for piece in pieces] == [CHUNK_BYTES, CHUNK_BYTES, 256]
    assert b"".join(pieces) == data


async def test_an_empty_part_is_nothing(storage):
    key = await storage.put(b"0123456789", "jpg")

    assert [piece async for piece in storage.stream(key, start=10)] == []


async def test_a_removed_file_is_gone_and_may_be_removed_again(storage):
    key = await storage.put(b"a picture", "jpg")

    await storage.remove(key)
    await storage.remove(key)

    assert await storage.find(key) is None
    with pytest.raises(FileNotFoundError):
        await storage.read(key)


HASH = "ab/" + "0" * 62
NOT_OURS = ["", "..", "../../etc/passwd", "/etc/passwd", "ab/cdef.jpg"]
NEARLY_OURS = [f"{HASH.upper()}.jpg", f"{HASH}.svg", f"{HASH}.jpg\n", f"{HASH}.jpg"]


@pytest.mark.parametrize("key", [*NOT_OURS, *NEARLY_OURS])
async def test_any_text_may_be_asked_for_and_is_not_there(storage, key):
    assert await storage.find(key) is None
    await storage.remove(key)


@pytest.mark.parametrize("suffix", ["svg", "html", "../jpg", "", "jpg\n"])
async def test_only_pictures_are_stored(storage, suffix):
    with pytest.raises(ValueError, match="jpg"):
        await storage.put(b"<script>", suffix)


async def test_many_may_store_the_same_at_once(storage):
    keys = await asyncio.gather(*[storage.put(b"the same", "jpg") for _ in range(20)])

    assert len(set(keys)) == 1
    assert await storage.read(keys[0]) == b"the same"


async def test_files_are_listed_with_their_size_once_they_are_old_enough(storage):
    key = await storage.put(b"a picture", "jpg")
    ahead, back = datetime.now(UTC) + timedelta(hours=1), datetime.now(UTC) - timedelta(hours=1)

    assert [one async for batch in storage.list_files(before=ahead) for one in batch] == [StoredFile(key, 9)]
    assert [one async for batch in storage.list_files(before=back) for one in batch] == []
