"""The render job: a wish becomes files and a post, or says why not, and running it twice changes nothing."""

import asyncio
import io
from dataclasses import replace

import pytest
from PIL import Image

from activitypub.audience import Visibility
from server.actions.painting.request_picture import Wish, cancel_picture, request_picture
from server.actions.ties.follow import follow
from server.jobs.queue import Job, Retry
from server.store.telling import notifications
from server.store.writing import generations, media, posts
from server.studio.child import RenderFailed
from server.studio.render import CRASHES_AT_MOST, TRIES_AT_MOST, Studio, choose_default, render
from tests.fakes import MODEL, FakeClock, FakePainter, Network, paint
from tests.instance import open_instance, run_jobs_until_idle


@pytest.fixture
async def house(tmp_path):
    async with open_instance(tmp_path, Network(), FakeClock()) as house:
        house.alice = await house.register("alice")
        yield house


async def wish(house, **more):
    async with house.database.write() as tx:
        plain = {"prompt": "a boat", "seed": 7, "visibility": Visibility.PUBLIC}
        return await request_picture(tx, house.site, house.alice, Wish(**plain | more))


async def find(house, wished):
    async with house.database.read() as reader:
        return await generations.find(reader, wished.id)


def job_of(wished):
    return Job(1, "render", {"generation": wished.id}, 1)


async def post_of(house, wished):
    async with house.database.read() as reader:
        return await posts.find_by_generation(reader, wished.id)


async def picture_of(house, wished):
    async with house.database.read() as reader:
        return await media.find_by_generation(reader, wished.id)


async def test_a_picture_is_stored_as_jpeg_webp_and_thumbnail_with_its_facts(house):
    wished = await wish(house, width=64, height=32)
    await run_jobs_until_idle(house)

    picture = await picture_of(house, wished)
    for key, form in ((picture.file_key, "JPEG"), (picture.web_key, "WEBP"), (picture.thumbnail_key, "WEBP")):
        data = await house.storage.read(key)
        with Image.open(io.BytesIO(data)) as shown:
            assert (shown.format, shown.size) == (form, (64, 32))
            assert b"trainedAlgorithmicMedia" in data
    assert picture.bytes == len(await house.storage.read(picture.file_key))
    assert picture.blurhash and picture.digest_multibase.startswith("z")
    found = await find(house, wished)
    assert (found.state, found.step, found.steps_total) == ("painted", 1, 2)
    assert '"seed":7' in found.manifest


async def test_a_job_that_runs_again_posts_nothing_again(house):
    wished = await wish(house)
    await run_jobs_until_idle(house)
    before = await post_of(house, wished)

    await house.handlers["render"](job_of(wished))

    assert await post_of(house, wished) == before
    assert len(house.painter.requests) == 1
    assert len(await house.sent("Create")) == 1


async def test_the_same_wish_paints_the_same_files_whatever_happened_in_between(house):
    first = await wish(house)
    await run_jobs_until_idle(house)
    await house.restart()
    second = await wish(house)
    await run_jobs_until_idle(house)

    assert (await picture_of(house, first)).file_key == (await picture_of(house, second)).file_key


@pytest.mark.parametrize("kind", ["invalid", "broken"])
async def test_a_refusal_of_the_generator_is_told_and_not_tried_again(house, kind):
    house.painter.failures = [RenderFailed(kind, "Too large.")]
    wished = await wish(house)

    await run_jobs_until_idle(house)

    found = await find(house, wished)
    assert (found.state, found.error) == ("failed", "Too large.")
    assert await house.jobs() == await house.jobs("failed") == []
    assert await post_of(house, wished) is None


@pytest.mark.parametrize("kind", ["crashed", "memory"])
async def test_a_crash_is_tried_again_and_three_are_enough(house, kind):
    house.painter.failures = [RenderFailed(kind, "The generator died.")] * 10
    wished = await wish(house)

    for attempt in range(1, CRASHES_AT_MOST):
        with pytest.raises(Retry):
            await house.handlers["render"](job_of(wished))
        assert (await find(house, wished)).attempts == attempt
    await house.handlers["render"](job_of(wished))

    found = await find(house, wished)
    assert (found.state, found.error) == ("failed", "The generator died.")


async def test_a_picture_after_a_crash_is_posted_as_if_nothing_had_been(house):
    house.painter.failures = [RenderFailed("crashed", "The generator died.")]
    wished = await wish(house)
    await run_jobs_until_idle(house)
    assert await post_of(house, wished) is None

    house.clock.advance(10)
    await run_jobs_until_idle(house)

    assert (await find(house, wished)).state == "painted"
    assert len(await house.sent("Create")) == 1


class HeldPainter(FakePainter):
    """Paints its first step, then waits until it is cancelled or let go."""

    def __init__(self):
        super().__init__()
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    async def render(self, request, on_event):
        self.requests.append(request)
        self.begun.set()
        await self.go_on.wait()
        if request.id in self.cancelled:
            raise RenderFailed("cancelled", "Nobody wants it any more.")
        return paint(request)

    def cancel(self, request_id):
        super().cancel(request_id)
        self.go_on.set()


async def test_a_wish_taken_back_while_it_is_painted_stops_the_painting(house):
    painter = HeldPainter()
    wished = await wish(house)
    painting = asyncio.create_task(render(job_of(wished), house.services, Studio(painter, "fake")))
    await painter.begun.wait()

    async with house.database.write() as tx:
        await cancel_picture(tx, house.site, house.alice, wished)
    await painting

    assert painter.cancelled == [str(wished.id)]
    assert (await find(house, wished)).state == "cancelled"
    assert await post_of(house, wished) is None


async def test_a_picture_that_comes_after_its_wish_was_taken_back_is_not_posted(house):
    """The last step may be done before the generator hears of it."""
    painter = HeldPainter()
    wished = await wish(house)
    painting = asyncio.create_task(render(job_of(wished), house.services, Studio(painter, "fake")))
    await painter.begun.wait()
    async with house.database.write() as tx:
        await cancel_picture(tx, house.site, house.alice, wished)
    painter.go_on.set()
    await painting

    assert (await find(house, wished)).state == "cancelled"
    assert await post_of(house, wished) is None
    assert await picture_of(house, wished) is None
    assert house.storage._store.list().collect() != []
    await run_jobs_until_idle(house)
    assert house.storage._store.list().collect() == []


async def test_a_painting_that_takes_too_long_is_given_up(house):
    painter = HeldPainter()
    config = house.config
    generation = type(config.generation)(seconds_at_most=0)
    hurried = type(config)(site=config.site, generation=generation)
    services = replace(house.services, site=replace(house.site, config=hurried))
    wished = await wish(house)

    await render(job_of(wished), services, Studio(painter, "fake"))

    assert painter.cancelled == [str(wished.id)]
    found = await find(house, wished)
    assert found.state == "failed" and "too long" in found.error


async def test_a_wish_that_is_not_there_is_nothing_to_do(house):
    await house.handlers["render"](Job(1, "render", {"generation": 12345}, 1))

    assert house.painter.requests == []


def test_a_wish_that_names_no_model_gets_one_that_paints_if_there_is_one():
    rules = type(MODEL)(**{name: getattr(MODEL, name) for name in MODEL.__slots__} | {"drawn_by_rules": True})
    drawing = replace(rules, name="drawing", engine="drawing")

    assert choose_default((drawing, MODEL), "") == "fake"
    assert choose_default((drawing,), "") == "drawing"
    assert choose_default((drawing, MODEL), "drawing") == "drawing"
    assert Studio(FakePainter(), "fake").model("") == "fake"


async def test_a_wish_that_never_ends_is_given_up_at_last(house):
    wished = await wish(house)
    async with house.database.write() as tx:
        for _ in range(TRIES_AT_MOST):
            await generations.begin(tx, wished.id, at=house.clock.now())

    await house.handlers["render"](job_of(wished))

    found = await find(house, wished)
    assert found.state == "failed"
    assert "tried many times" in found.error
    assert await post_of(house, wished) is None


async def test_who_is_named_in_the_caption_is_addressed_and_told(house):
    carol = await house.register("carol")
    # What strangers write to somebody alone is put aside at first.
    async with house.database.write() as tx:
        await follow(tx, house.site, carol, house.alice)
    wished = await wish(house, caption="for @carol and @nobody", visibility=Visibility.DIRECT)
    await run_jobs_until_idle(house)

    post = await post_of(house, wished)
    assert post.to == (carol.uri,)
    assert "u-url mention" in post.content_html and "@nobody" in post.content_html
    async with house.database.read() as reader:
        assert [one.kind for one in await notifications.list_of_actor(reader, carol.id)] == ["mention"]
