import httpx
import pytest

from tests.server.web.exhibition import Exhibition

JPEG = b"\xff\xd8\xff" + bytes(range(256)) * 40


@pytest.fixture
async def key(exhibition: Exhibition) -> str:
    return await exhibition.services.storage.put(JPEG, "jpg")


async def test_a_file_is_served_for_ever_and_as_nothing_but_a_picture(exhibition: Exhibition, key: str) -> None:
    answer = await exhibition.app.test_client().get(f"/media/{key}")
    assert await answer.get_data() == JPEG
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Length"] == str(len(JPEG))


@pytest.mark.parametrize("accept", ["application/activity+json", "application/ld+json", "text/html"])
async def test_t71_the_type_is_never_what_somebody_asks_for(exhibition: Exhibition, key: str, accept: str) -> None:
    answer = await exhibition.app.test_client().get(f"/media/{key}", headers={"Accept": accept})
    assert answer.headers["Content-Type"] == "image/jpeg"


async def test_a_browser_that_has_it_is_told_so(exhibition: Exhibition, key: str) -> None:
    client = exhibition.app.test_client()
    tag = (await client.get(f"/media/{key}")).headers["ETag"]
    answer = await client.get(f"/media/{key}", headers={"If-None-Match": tag})
    assert (answer.status_code, await answer.get_data()) == (304, b"")


@pytest.mark.parametrize(
    ("wanted", "expected", "shown"),
    [
        ("bytes=0-9", JPEG[:10], f"bytes 0-9/{len(JPEG)}"),
        ("bytes=10000-", JPEG[10000:], f"bytes 10000-{len(JPEG) - 1}/{len(JPEG)}"),
        ("bytes=-5", JPEG[-5:], f"bytes {len(JPEG) - 5}-{len(JPEG) - 1}/{len(JPEG)}"),
        ("bytes=10000-99999999", JPEG[10000:], f"bytes 10000-{len(JPEG) - 1}/{len(JPEG)}"),
    ],
)
async def test_a_part_is_served_when_asked_for(
    exhibition: Exhibition, key: str, wanted: str, expected: bytes, shown: str
) -> None:
    answer = await exhibition.app.test_client().get(f"/media/{key}", headers={"Range": wanted})
    assert answer.status_code == 206
    assert await answer.get_data() == expected
    assert answer.headers["Content-Range"] == shown


async def test_who_asks_for_the_head_alone_learns_the_size(exhibition: Exhibition, key: str) -> None:
    # Quart's own client counts the body anew.
    transport = httpx.ASGITransport(exhibition.app)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        answer = await client.head(f"/media/{key}")
    assert (answer.headers["Content-Length"], answer.content) == (str(len(JPEG)), b"")


async def test_a_part_outside_the_file_is_refused(exhibition: Exhibition, key: str) -> None:
    answer = await exhibition.app.test_client().get(f"/media/{key}", headers={"Range": "bytes=99999999-"})
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(JPEG)}")


@pytest.mark.parametrize("wanted", ["bytes=0-1,3-4", "lines=0-1", "bytes=x-y", "nonsense"])
async def test_a_range_that_we_do_not_serve_gives_the_whole(exhibition: Exhibition, key: str, wanted: str) -> None:
    answer = await exhibition.app.test_client().get(f"/media/{key}", headers={"Range": wanted})
    assert (answer.status_code, await answer.get_data()) == (200, JPEG)


@pytest.mark.parametrize(
    "key_asked",
    ["aa/bb.jpg", "../pinxit.toml", "..%2f..%2fsecret.key", "aa/" + "b" * 62 + ".html", "aa/" + "b" * 62 + ".jpg", ""],
)
async def test_what_is_not_a_stored_picture_is_not_there(exhibition: Exhibition, key_asked: str) -> None:
    assert (await exhibition.app.test_client().get(f"/media/{key_asked}")).status_code == 404


async def test_nobody_writes_there(exhibition: Exhibition, key: str) -> None:
    assert (await exhibition.app.test_client().post(f"/media/{key}")).status_code == 405
