"""Changing and answering, through the outbox, where another door, a poll or the generator has a part in it."""

import json
from pathlib import Path

import pytest

from activitypub.vocabulary import LD_MEDIA_TYPE
from server.store.paging import Stretch
from server.store.telling import reports
from tests.fakes import FakeClock, Network
from tests.instance import open_instance, run_jobs_until_idle
from tests.painting import client_of
from tests.server.federation.test_uploads import note, prompt, read, submit


@pytest.fixture
async def house(tmp_path: Path):
    async with open_instance(tmp_path, Network(), FakeClock()) as house:
        house.alice = await house.register("alice")
        yield house


@pytest.fixture
async def client(house):
    return await client_of(house, house.alice)


async def paint(house, client) -> dict:
    """A post with a painted picture, as its author reads it."""
    answer = await submit(client, note(attachment=[prompt()]))
    await run_jobs_until_idle(house)
    return (await read(client, house, answer.json["object"]["id"])).json


async def change(house, client, post: dict, **more: object) -> dict:
    answer = await submit(client, {"type": "Update", "object": {"id": post["id"]} | more})
    assert answer.status == 201, answer.json
    return (await read(client, house, post["id"])).json


async def test_the_label_of_a_painted_picture_cannot_be_taken_off(house, client):
    post = await paint(house, client)
    label = post["content"].removeprefix("<p>Look</p>")

    changed = await change(house, client, post, content="<p>mine alone</p>", tag=[])

    assert label and changed["content"] == f"<p>mine alone</p>{label}"
    assert [one["name"] for one in changed["tag"]] == ["#aigenerated"]
    assert changed["genAI"] is True


async def test_words_that_a_client_sends_back_with_the_label_have_it_once(house, client):
    post = await paint(house, client)

    changed = await change(house, client, post, content=post["content"].replace("Look", "See"))

    assert changed["content"] == post["content"].replace("Look", "See")


async def test_a_prompt_in_a_change_is_refused(house, client):
    post = (await submit(client, note())).json["object"]

    answer = await submit(client, {"type": "Update", "object": {"id": post["id"], "attachment": [prompt()]}})

    assert answer.status == 422


async def test_hashtags_that_a_client_named_survive_a_change_by_another(house, client):
    tag = {"type": "Hashtag", "name": "#sea", "href": f"{house.origin}/tags/sea"}
    uri = (await submit(client, note(tag=[tag]))).json["object"]["id"]

    changed = await client.ask("PUT", f"/api/v1/statuses/{uri.rpartition('/')[2]}", form={"sensitive": "true"})

    assert [one["name"] for one in changed.json["tags"]] == ["sea"]


async def test_whoever_wrote_html_finds_its_words_when_they_edit(house, client):
    uri = (await submit(client, note(content="<p>a <b>bold</b> word</p>"))).json["object"]["id"]

    source = await client.get(f"/api/v1/statuses/{uri.rpartition('/')[2]}/source")

    assert source.json["text"] == "a bold word"


async def test_a_note_that_names_an_option_is_a_vote_and_no_post(house, client):
    bob = await house.register("bob")
    options = [{"type": "Note", "name": name} for name in ("red", "blue")]
    asked = (await submit(client, note(type="Question", oneOf=options))).json["object"]["id"]
    voter = await client_of(house, bob)
    vote = {"type": "Note", "name": "blue", "inReplyTo": asked, "to": [house.alice.uri]}

    async def send(body: dict):
        data = json.dumps(body).encode()
        return await voter.ask("POST", "/users/bob/outbox", data=data, headers={"Content-Type": LD_MEDIA_TYPE})

    cast, again, unknown = await send(vote), await send(vote), await send(vote | {"name": "green"})

    assert [one.status for one in (cast, again, unknown)] == [201, 422, 422]
    assert (await read(voter, house, cast.headers["Location"])).json["object"]["name"] == "blue"
    shown = (await read(client, house, asked)).json
    assert [one["replies"]["totalItems"] for one in shown["oneOf"]] == [0, 1]
    number = asked.rpartition("/")[2]
    assert (await client.get(f"/api/v1/statuses/{number}/context")).json["descendants"] == []


async def test_a_quote_that_was_revoked_does_not_come_back_with_a_change(house, client):
    bob = await house.register("bob")
    owner = await client_of(house, bob)
    data = json.dumps(note()).encode()
    made = await owner.ask("POST", "/users/bob/outbox", data=data, headers={"Content-Type": LD_MEDIA_TYPE})
    quoted = made.json["object"]["id"]
    quoting = (await submit(client, note(quote=quoted))).json["object"]
    quoting = await change(house, client, quoting, summary="look")
    assert quoting["quote"] == quoted
    first, second = (uri.rpartition("/")[2] for uri in (quoted, quoting["id"]))

    await owner.post(f"/api/v1/statuses/{first}/quotes/{second}/revoke")
    changed = await change(house, client, quoting, summary="again", quote=quoted)

    assert [name for name in changed if "uote" in name] == []


async def test_a_flag_of_somebody_here_reaches_the_operator(house, client):
    bob = await house.register("bob")

    answer = await submit(client, {"type": "Flag", "object": [bob.uri], "content": "<p>spam</p>"})

    async with house.database.read() as reader:
        (told,) = await reports.list_reports(reader, Stretch())
    assert (answer.status, told.actor_id, told.target_id, told.comment) == (201, house.alice.id, bob.id, "spam")
