"""Pictures before there is a post: brought as files, or painted from a prompt."""

import io
from pathlib import Path

import pytest
from quart.datastructures import FileStorage

from server.store.writing import media
from server.studio.child import RenderFailed
from tests.fakes import FakeClock, Network
from tests.instance import let_time_pass, open_instance, run_jobs_until_idle
from tests.painting import client_of, run_without_painter
from tests.photographs import phone_photograph, photograph

DAY = 86_400


@pytest.fixture
async def house(tmp_path: Path):
    async with open_instance(tmp_path, Network(), FakeClock()) as house:
        house.alice = await house.register("alice")
        house.bob = await house.register("bob")
        yield house


@pytest.fixture
async def client(house):
    return await client_of(house, house.alice)


def part(data: bytes, name: str = "photo.jpg") -> dict[str, FileStorage]:
    return {"file": FileStorage(io.BytesIO(data), filename=name)}


async def upload(client, data: bytes | None = None, **form: str):
    return await client.post("/api/v2/media", form or None, files=part(photograph() if data is None else data))


async def wish(client, **form: str):
    return await client.post("/api/v2/media", {"prompt": "a boat", "seed": "7"} | form)


async def files_of(house) -> list[str]:
    rows = await house.storage._store.list().collect_async()
    return [row["path"] for row in rows]


async def test_a_file_is_there_at_once(house, client):
    answer = await upload(client, description="two colours", focus="0.5,-0.25")

    assert answer.status == 200
    shown = answer.json
    assert shown["type"] == "image" and shown["description"] == "two colours"
    assert shown["url"].startswith(f"{house.origin}/media/") and shown["url"].endswith(".jpg")
    assert shown["preview_url"].endswith(".webp")
    assert shown["meta"]["original"] == {"width": 64, "height": 48, "size": "64x48", "aspect": 1.333333}
    assert shown["meta"]["focus"] == {"x": 0.5, "y": -0.25}
    assert shown["blurhash"] and shown["id"].isdigit()
    assert (await client.get(f"/api/v1/media/{shown['id']}")).json == shown


async def test_s122_a_file_is_served_as_what_it_is_without_metadata_and_without_script(house, client):
    url = (await upload(client, phone_photograph())).json["url"]

    answer = await client.get(url.removeprefix(house.origin))

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"secret" not in answer.body and b"Telephone" not in answer.body


async def test_s121_what_is_refused_leaves_nothing_behind(house, client):
    reader = await client_of(house, house.alice, "read")

    answers = [
        await upload(client, b"<svg/>"),
        await upload(client, b"x" * (house.config.media.max_upload_bytes + 1)),
        await upload(client, photograph()[:200]),
        await upload(client, focus="over there"),
        await upload(client, description="x" * 1501),
        await client.post("/api/v2/media", {"description": "no file"}),
        await client.post("/api/v2/media", {"prompt": "  "}),
        await upload(reader),
    ]

    assert [answer.status for answer in answers] == [415, 413, 422, 422, 422, 422, 422, 403]
    assert all(set(answer.json) <= {"error", "error_description"} for answer in answers)
    client.token = None
    assert (await upload(client)).status == 401
    assert await files_of(house) == []


async def test_a_file_of_more_than_a_form_may_have_is_taken(client):
    noise = bytes(range(256)) * 6000
    answer = await upload(client, photograph("PNG") + noise)

    assert answer.status == 200


async def test_an_upload_is_its_owners_alone(house, client):
    number = (await upload(client)).json["id"]
    bob = await client_of(house, house.bob)

    assert (await bob.get(f"/api/v1/media/{number}")).status == 404
    assert (await bob.put(f"/api/v1/media/{number}", {"description": "mine"})).status == 404
    assert (await bob.delete(f"/api/v1/media/{number}")).status == 404


async def test_a_picture_is_in_one_post_of_its_owner_and_stays_in_it(house, client):
    number = (await upload(client)).json["id"]
    bob = await client_of(house, house.bob)
    assert (await bob.post("/api/v1/statuses", {"status": "mine", "media_ids[]": number})).status == 422

    assert (await client.post("/api/v1/statuses", {"status": "one", "media_ids[]": number})).status == 200

    assert (await client.post("/api/v1/statuses", {"status": "two", "media_ids[]": number})).status == 422
    assert (await client.delete(f"/api/v1/media/{number}")).status == 422
    assert (await client.put(f"/api/v1/media/{number}", {"description": "new"})).status == 404
    assert len(await files_of(house)) > 0


async def test_an_upload_is_described_anew(client):
    number = (await upload(client, description="old")).json["id"]

    changed = await client.put(f"/api/v1/media/{number}", {"description": "new", "focus": "1,1"})

    assert changed.status == 200 and changed.json["description"] == "new"
    assert changed.json["meta"]["focus"] == {"x": 1.0, "y": 1.0}
    assert (await client.put(f"/api/v1/media/{number}", {"focus": "2,0"})).status == 422


async def test_a_deleted_upload_is_gone_with_its_files(house, client):
    number = (await upload(client)).json["id"]

    assert (await client.delete(f"/api/v1/media/{number}")).status == 200
    await run_jobs_until_idle(house)

    assert (await client.get(f"/api/v1/media/{number}")).status == 404
    assert await files_of(house) == []


async def test_the_same_file_twice_is_not_lost_with_one_of_them(house, client):
    first, second = (await upload(client)).json, (await upload(client)).json

    await client.delete(f"/api/v1/media/{first['id']}")
    await let_time_pass(house, seconds=7200)

    assert (await client.get(second["url"].removeprefix(house.origin))).status == 200


async def test_a_crash_between_files_and_row_leaves_no_file_for_long(house):
    await house.services.intake.take(photograph())
    assert await files_of(house)

    await let_time_pass(house, seconds=7200)

    assert await files_of(house) == []


async def test_an_upload_that_nobody_posts_is_forgotten_after_a_day(house, client):
    number = (await upload(client)).json["id"]
    async with house.database.write() as tx:
        await house.site.queue.enqueue(tx, "housekeeping", {})

    await let_time_pass(house, seconds=DAY - 3700)
    assert (await client.get(f"/api/v1/media/{number}")).status == 200
    await let_time_pass(house, seconds=3 * 3700)

    assert (await client.get(f"/api/v1/media/{number}")).status == 404
    assert await files_of(house) == []


async def test_more_than_thirty_uploads_in_half_an_hour_are_refused(client):
    answers = [await client.post("/api/v2/media", {"prompt": ""}) for _ in range(31)]

    assert [answer.status for answer in answers] == [422] * 30 + [429]
    assert answers[-1].headers["Retry-After"]


async def test_a_prompt_in_place_of_a_file_is_painted(house, client):
    answer = await wish(client, description="my boat")
    assert answer.status == 202
    number = answer.json["id"]
    assert answer.json["url"] is None

    await run_without_painter(house)
    waiting = await client.get(f"/api/v1/media/{number}")
    assert waiting.status == 206 and waiting.json["url"] is None
    await run_jobs_until_idle(house)

    painted = await client.get(f"/api/v1/media/{number}")
    assert painted.status == 200
    assert painted.json["url"].endswith(".jpg") and painted.json["description"] == "my boat"
    assert painted.json["id"] == number


async def test_a_painted_picture_is_described_by_its_prompt_unless_its_owner_says_otherwise(house, client):
    number = (await wish(client)).json["id"]
    await run_jobs_until_idle(house)

    assert (await client.get(f"/api/v1/media/{number}")).json["description"] == "AI-generated picture: a boat"


async def test_what_is_wished_for_goes_to_the_painter_whole(house, client):
    await wish(
        client, negative_prompt="people", steps="3", guidance="2.5", width="32", height="24", model="fake", seed="9"
    )
    await run_jobs_until_idle(house)

    asked = house.painter.requests[0]
    assert (asked.prompt, asked.negative, asked.steps, asked.guidance) == ("a boat", "people", 3, 2.5)
    assert (asked.width, asked.height, asked.model, asked.seed) == (32, 24, "fake", 9)


async def test_why_a_picture_was_not_painted_is_told_to_its_owner(house, client):
    number = (await wish(client)).json["id"]
    house.painter.failures.append(RenderFailed("invalid", "The prompt is too strange."))
    await run_jobs_until_idle(house)

    answer = await client.get(f"/api/v1/media/{number}")
    assert answer.status == 422 and answer.json == {"error": "The prompt is too strange."}


async def test_a_wish_that_is_deleted_is_not_painted(house, client):
    number = (await wish(client)).json["id"]

    assert (await client.delete(f"/api/v1/media/{number}")).status == 200
    await run_jobs_until_idle(house)

    assert house.painter.requests == []
    async with house.database.read() as reader:
        assert await media.find(reader, int(number)) is None


async def test_the_queue_of_one_account_is_bounded(house, client):
    most = house.config.generation.waiting_per_account
    answers = [await wish(client) for _ in range(most + 1)]

    assert [answer.status for answer in answers] == [202] * most + [429]
