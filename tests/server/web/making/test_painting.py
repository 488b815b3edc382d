import asyncio
import contextlib
from collections.abc import AsyncIterator

import msgspec
import pytest

from activitypub.audience import Visibility
from server.store.writing import generations, posts
from server.store.writing.generations import Generation
from server.web.door import STOPPING
from tests.server.web.exhibition import Exhibition, Visitor


@pytest.fixture
async def wish(exhibition: Exhibition, visitor: Visitor) -> Generation:
    alice = await exhibition.person("alice")
    await visitor.enter("alice")
    return await exhibition.wish(alice, "a boat", visibility=Visibility.PUBLIC)


@contextlib.asynccontextmanager
async def watching(visitor: Visitor, wish: Generation) -> AsyncIterator[AsyncIterator[dict[str, object]]]:
    """Watch a wish; yields what its page is told."""
    async with visitor.client.request(f"/create/{wish.id}/events", scheme=visitor.scheme) as stream:
        await stream.send_complete()

        async def told() -> AsyncIterator[dict[str, object]]:
            # The body ends with an empty piece.
            while piece := await asyncio.wait_for(stream.receive(), 10):
                if b"data: " in piece:
                    yield msgspec.json.decode(piece.partition(b"data: ")[2])

        yield told()


async def progress(exhibition: Exhibition, wish: Generation, step: int, preview: bytes | None = None) -> None:
    async with exhibition.services.database.write() as tx:
        await generations.begin(tx, wish.id, at=exhibition.site.clock.now())
        await generations.progress(tx, wish.id, step=step, total=4, preview=preview)


async def test_the_page_says_what_stands_before_a_wish(
    exhibition: Exhibition, visitor: Visitor, wish: Generation
) -> None:
    later = await exhibition.wish(await exhibition.person("bob"), "a hill")
    await visitor.enter("bob")
    assert "1 picture is before it" in (await visitor.get(f"/create/{later.id}")).text
    await visitor.enter("alice")
    assert "Next in line" in (await visitor.get(f"/create/{wish.id}")).text


async def test_without_script_the_page_looks_again_by_itself(visitor: Visitor, wish: Generation) -> None:
    page = (await visitor.get(f"/create/{wish.id}")).text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page


async def test_steps_and_previews_are_shown(exhibition: Exhibition, visitor: Visitor, wish: Generation) -> None:
    await progress(exhibition, wish, 2, b"\xff\xd8 preview")
    page = (await visitor.get(f"/create/{wish.id}")).text
    assert "step 2 of 4" in page and f"/create/{wish.id}/preview?step=2" in page
    preview = await visitor.get(f"/create/{wish.id}/preview?step=2")
    assert preview.headers["Content-Type"] == "image/jpeg" and preview.headers["Cache-Control"] == "private, no-store"


async def test_a_published_wish_is_its_picture(exhibition: Exhibition, visitor: Visitor, wish: Generation) -> None:
    post = await exhibition.paint(wish)
    assert post is not None
    assert (await visitor.get(f"/create/{wish.id}")).location == f"/@alice/{post.id}"


async def test_a_failed_wish_says_why(exhibition: Exhibition, visitor: Visitor, wish: Generation) -> None:
    async with exhibition.services.database.write() as tx:
        await generations.finish(tx, wish.id, generations.FAILED, at=1, error="The model ran out of memory.")
    assert "ran out of memory" in (await visitor.get(f"/create/{wish.id}")).text


async def test_a_wish_can_be_cancelled_once(exhibition: Exhibition, visitor: Visitor, wish: Generation) -> None:
    await visitor.get(f"/create/{wish.id}")
    await visitor.submit(f"/create/{wish.id}/cancel")
    form = visitor.page
    assert "took this wish back" in (await visitor.get(f"/create/{wish.id}")).text
    visitor.page = form
    assert (await visitor.submit(f"/create/{wish.id}/cancel")).status == 409


async def test_a_draft_is_shown_and_published_as_its_author_likes(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    await visitor.enter("alice")
    wish = await exhibition.wish(alice, "a boat", draft=True)
    assert await exhibition.paint(wish, unknown_words=("blorp",)) is None
    page = (await visitor.get(f"/create/{wish.id}")).text
    assert "blorp" in page and "Picture drawn by rules: a boat" in page
    answer = await visitor.submit(
        f"/create/{wish.id}/publish", caption="My boat", alt="A red boat", summary="Waves", visibility="public"
    )
    async with exhibition.services.database.read() as reader:
        post = await posts.find_by_generation(reader, wish.id)
    assert post is not None and answer.location == f"/@alice/{post.id}"
    assert (post.source, post.summary, post.visibility) == ("My boat", "Waves", "public")
    assert 'alt="A red boat"' in (await visitor.get(answer.location)).text


async def test_a_draft_is_published_once(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    await visitor.enter("alice")
    wish = await exhibition.wish(alice, "a boat", draft=True)
    await exhibition.paint(wish)
    await visitor.get(f"/create/{wish.id}")
    first = await visitor.submit(f"/create/{wish.id}/publish")
    second = await visitor.submit(f"/create/{wish.id}/publish")
    assert first.location == second.location


async def test_the_stream_tells_each_change_and_ends_with_the_picture(
    exhibition: Exhibition, visitor: Visitor, wish: Generation
) -> None:
    async with watching(visitor, wish) as told:
        first = await anext(told)
        assert (first["state"], first["ahead"], first["page"]) == ("waiting", 0, None)
        await progress(exhibition, wish, 1)
        second = await anext(told)
        assert (second["state"], second["step"], second["total"]) == ("running", 1, 4)
        post = await exhibition.paint(wish)
        assert post is not None
        assert (await anext(told))["page"] == f"/@alice/{post.id}"
        assert [event async for event in told] == []


async def test_the_stream_ends_when_the_process_leaves(
    exhibition: Exhibition, visitor: Visitor, wish: Generation
) -> None:
    async with watching(visitor, wish) as told:
        await anext(told)
        exhibition.app.extensions[STOPPING].set()
        assert [event async for event in told] == []


async def test_the_estimate_comes_from_the_newest_pictures(exhibition: Exhibition, visitor: Visitor) -> None:
    alice = await exhibition.person("alice")
    await visitor.enter("alice")
    for _ in range(2):
        done = await exhibition.wish(alice, "a boat", model="slow")
        async with exhibition.services.database.write() as tx:
            await generations.begin(tx, done.id, at=exhibition.site.clock.now() - 20_000_000)
        async with exhibition.services.database.write() as tx:
            await generations.finish(tx, done.id, generations.PAINTED, at=exhibition.site.clock.now(), manifest=None)
    wish = await exhibition.wish(alice, "a hill", model="slow")
    assert "About 20 s more" in (await visitor.get(f"/create/{wish.id}")).text
