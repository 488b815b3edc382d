"""Posts that are painted: by the command word, or with a picture that was wished for before."""

from dataclasses import replace
from pathlib import Path

import pytest

from server.store.network import activities
from server.store.paging import Stretch
from server.store.people import preferences
from server.store.reading import timelines
from server.store.telling import notifications
from server.studio.child import RenderFailed
from tests.fakes import FakeClock, Network
from tests.instance import open_instance, run_jobs_until_idle
from tests.painting import client_of, run_without_painter


@pytest.fixture
async def house(tmp_path: Path):
    async with open_instance(tmp_path, Network(), FakeClock()) as house:
        house.alice = await house.register("alice")
        house.bob = await house.register("bob")
        yield house


@pytest.fixture
async def client(house):
    return await client_of(house, house.alice)


async def post(client, text: str, headers: dict[str, str] | None = None, **form: str):
    return await client.post("/api/v1/statuses", {"status": text} | form, headers=headers)


async def status(client, number: str):
    return await client.get(f"/api/v1/statuses/{number}")


async def profile_of(house) -> list:
    async with house.database.read() as reader:
        return await timelines.read_own_profile(reader, house.alice.id, Stretch())


async def test_a_post_that_begins_with_the_word_is_painted_and_then_published(house, client):
    answer = await post(client, "/paint a fox in snow --seed 7", visibility="public", spoiler_text="fox")
    assert answer.status == 200
    number = answer.json["id"]
    assert "a fox in snow" in answer.json["content"] and "Waiting to be painted." in answer.json["content"]
    assert answer.json["media_attachments"][0]["url"] is None

    await run_without_painter(house)
    assert (await status(client, number)).json["content"] == answer.json["content"]
    assert (await client.get(f"/api/v1/statuses/{number}/context")).json == {"ancestors": [], "descendants": []}
    bob = await client_of(house, house.bob)
    assert (await status(bob, number)).status == 404
    assert await profile_of(house) == []
    assert (await client.get("/api/v1/accounts/verify_credentials")).json["statuses_count"] == 0

    await run_jobs_until_idle(house)
    painted = (await status(bob, number)).json
    assert painted["id"] == number and painted["uri"] == answer.json["uri"]
    assert painted["media_attachments"][0]["url"].endswith(".jpg")
    assert "Painted by fake." in painted["content"] and "Waiting" not in painted["content"]
    assert painted["visibility"] == "public" and painted["spoiler_text"] == "fox"
    assert house.painter.requests[0].prompt == "a fox in snow" and house.painter.requests[0].seed == 7
    assert len(await profile_of(house)) == 1


async def test_who_is_named_in_a_command_is_told_when_it_is_painted(house, client):
    await post(client, "@bob /paint a fox for @bob #foxes")
    await run_without_painter(house)
    async with house.database.read() as reader:
        assert await notifications.list_of_actor(reader, house.bob.id) == []

    await run_jobs_until_idle(house)
    async with house.database.read() as reader:
        assert [one.kind for one in await notifications.list_of_actor(reader, house.bob.id)] == ["mention"]
    assert house.painter.requests[0].prompt == "a fox for"
    (posted,) = await profile_of(house)
    assert "foxes" in posted.content_html


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/paint", "Say after /paint"),
        ("/paint a fox --sede 3", "no option --sede"),
        ("/paint a fox --model none", "There is no model none"),
        ("/paint a fox --ar wide", "--ar is the shape"),
    ],
)
async def test_a_mistake_is_told_and_nothing_is_kept(house, client, text, told):
    answer = await post(client, text)

    assert answer.status == 422 and told in answer.json["error"]
    await run_jobs_until_idle(house)
    assert house.painter.requests == [] and await profile_of(house) == []


async def test_a_command_that_cannot_be_painted_is_seen_by_its_author_alone(house, client):
    house.painter.failures.append(RenderFailed("invalid", "The prompt is <too> strange."))
    number = (await post(client, "/paint a fox")).json["id"]
    await run_jobs_until_idle(house)

    mine = (await status(client, number)).json
    assert "could not be painted: The prompt is &lt;too&gt; strange." in mine["content"]
    assert (await status(await client_of(house, house.bob), number)).status == 404
    assert await house.sent("Create") == [] or all(
        one.visibility == activities.HIDDEN for one in await house.sent("Create")
    )
    assert await profile_of(house) == []


async def test_deleting_it_stops_the_painting(house, client):
    number = (await post(client, "/paint a fox --seed 3")).json["id"]

    deleted = await client.delete(f"/api/v1/statuses/{number}")
    await run_jobs_until_idle(house)

    assert deleted.status == 200 and deleted.json["text"] == "/paint a fox --seed 3"
    assert (await status(client, number)).status == 404
    assert house.painter.requests == [] and await house.sent("Create") == []


async def test_nobody_else_deletes_it(house, client):
    number = (await post(client, "/paint a fox")).json["id"]
    bob = await client_of(house, house.bob)

    assert (await bob.delete(f"/api/v1/statuses/{number}")).status == 404
    assert (await status(client, number)).status == 200


async def test_the_same_request_twice_is_one_post(house, client):
    headers = {"Idempotency-Key": "once"}
    numbers = [(await post(client, "/paint a fox", headers)).json["id"] for _ in range(2)]
    await run_jobs_until_idle(house)
    numbers.append((await post(client, "/paint a fox", headers)).json["id"])

    assert len(set(numbers)) == 1 and len(house.painter.requests) == 1


@pytest.mark.parametrize(("word", "painted"), [(None, False), ("!draw", False), ("/paint", True)])
async def test_everybody_chooses_their_word(house, client, word, painted):
    async with house.database.write() as tx:
        chosen = await preferences.find(tx, house.alice.id)
        await preferences.put(tx, replace(chosen, paint_word=word))

    answer = await post(client, "/paint a fox")
    await run_jobs_until_idle(house)

    assert answer.status == 200 and bool(house.painter.requests) is painted


async def test_a_picture_that_was_wished_for_is_posted_when_it_is_ready(house, client):
    number = (await client.post("/api/v2/media", {"prompt": "a boat"})).json["id"]
    early = await client.post("/api/v1/statuses", [("status", "my boat"), ("media_ids[]", number)])
    assert early.status == 422 and "not finished processing" in early.json["error"]

    await run_jobs_until_idle(house)
    posted = await client.post("/api/v1/statuses", [("status", "my boat"), ("media_ids[]", number)])

    assert posted.status == 200
    assert posted.json["media_attachments"][0]["id"] == number
    assert "my boat" in posted.json["content"] and "Painted by fake." in posted.json["content"]
    (create,) = await house.sent("Create")
    assert b'"genAI":true' in create.document
