"""What ActivityPub clients send to `uploadMedia` and read through `proxyUrl`, and posts with a prompt in them."""

import io
import json
from pathlib import Path

import pytest
from quart.datastructures import FileStorage

from activitypub.vocabulary import LD_MEDIA_TYPE, PUBLIC
from server.actions.network.rule_domain import rule_domain
from server.actions.painting.promise import prune_promises
from server.store.network import activities
from server.store.network.domain_rules import SUSPEND, Rule
from server.store.writing import media, posts
from server.studio.child import RenderFailed
from tests.fakes import FakeClock, Network
from tests.instance import live_on, open_instance, run_jobs_until_idle
from tests.painting import client_of, run_without_painter
from tests.photographs import painted_elsewhere, phone_photograph, photograph
from tests.remote_host import RemoteHost, Shown

AS2 = {"Accept": LD_MEDIA_TYPE}


@pytest.fixture
async def house(tmp_path: Path):
    network = Network()
    async with open_instance(tmp_path, network, FakeClock()) as house:
        house.alice = await house.register("alice")
        house.bob = await house.register("bob")
        yield house


@pytest.fixture
async def client(house):
    return await client_of(house, house.alice)


def file_of(data: bytes, name: str = "photo.jpg") -> FileStorage:
    return FileStorage(io.BytesIO(data), filename=name)


async def upload(client, data: bytes | None = None, shell: dict | None = None, **form: str):
    files = {} if data is None else {"file": file_of(data)}
    if shell is not None:
        form["object"] = json.dumps(shell)
    return await client.post("/uploads", form or None, files=files)


async def submit(client, document: dict):
    headers = {"Content-Type": LD_MEDIA_TYPE}
    return await client.ask("POST", "/users/alice/outbox", data=json.dumps(document).encode(), headers=headers)


async def read(client, house, uri: str):
    return await client.get(uri.removeprefix(house.origin), headers=AS2)


async def outbox_of(house) -> list:
    async with house.database.read() as reader:
        return await activities.list_outbox(reader, house.alice.uri)


def note(**more: object) -> dict:
    return {"type": "Note", "content": "<p>Look</p>", "to": [PUBLIC]} | more


def prompt(words: str = "a boat", **more: object) -> dict:
    return {"type": "Image", "generationPrompt": words, "generationSeed": "7"} | more


async def test_s116_a_file_with_an_object_is_taken(house, client):
    answer = await upload(client, photograph(), {"type": "Image", "name": "two colours"})

    assert answer.status == 201
    assert answer.headers["Location"] == answer.json["id"]
    assert answer.json["id"].startswith(f"{house.alice.uri}/media/")


async def test_s117_an_upload_has_an_id_an_address_and_its_type(house, client):
    shown = (await upload(client, photograph("PNG"), {"type": "Document"})).json

    assert (shown["type"], shown["mediaType"]) == ("Image", "image/jpeg")
    assert (shown["width"], shown["height"]) == (64, 48)
    assert (await client.get(shown["url"].removeprefix(house.origin))).headers["Content-Type"] == "image/jpeg"
    assert (await read(client, house, shown["id"])).json == shown


@pytest.mark.parametrize(
    ("shell", "form"),
    [
        (None, {"description": "my words"}),
        ({"type": "Image", "name": "my words"}, {}),
        ({"type": "Image", "summary": "my words"}, {}),
        ({"type": "Image", "description": "my words"}, {}),
    ],
)
async def test_s118_a_file_alone_is_enough_and_its_words_are_kept(client, shell, form):
    answer = await upload(client, photograph(), shell, **form)

    assert answer.status == 201
    assert answer.json["name"] == answer.json["summary"] == "my words"


async def test_s119_what_is_addressed_to_nobody_is_neither_listed_nor_sent(house, client):
    uri = (await upload(client, photograph(), {"type": "Image"})).json["id"]
    await run_jobs_until_idle(house)

    assert await outbox_of(house) == []
    stranger = await client_of(house, house.bob)
    assert (await read(stranger, house, uri)).status == 404


async def test_s120_t46_an_upload_is_used_by_its_owner_alone(house, client):
    uri = (await upload(client, photograph(), {"type": "Image"})).json["id"]
    bob = await client_of(house, house.bob)
    stolen = note(attachment=[{"type": "Image", "id": uri}])
    headers = {"Content-Type": LD_MEDIA_TYPE}

    refused = await bob.ask("POST", "/users/bob/outbox", data=json.dumps(stolen).encode(), headers=headers)
    assert refused.status == 403
    taken = await submit(client, note(attachment=[uri]))
    assert taken.status == 201
    assert len(taken.json["object"]["attachment"]) == 1
    assert (await submit(client, note(attachment=[uri]))).status == 422


async def test_an_upload_in_a_public_post_is_there_for_everybody(house, client):
    uri = (await upload(client, photograph(), {"type": "Image"})).json["id"]
    await submit(client, note(attachment=[uri]))
    client.token = None

    assert (await read(client, house, uri)).status == 200


async def test_s121_t45_what_is_refused_leaves_nothing_behind(house, client):
    reader = await client_of(house, house.alice, "read")
    most = house.config.media.max_upload_bytes
    answers = [
        await upload(client, b"no picture at all"),
        await upload(client, b"x" * (most + 1)),
        await upload(client, b"x" * (43 * 1024 * 1024)),
        await upload(client, shell={"type": "Image"}),
        await upload(client, photograph(), {"type": "Image", "attributedTo": house.bob.uri, "to": [PUBLIC]}),
        await client.ask("POST", "/uploads", data=photograph(), headers={"Content-Type": "image/jpeg"}),
        await upload(reader, photograph()),
    ]
    assert [answer.status for answer in answers] == [415, 413, 413, 422, 403, 415, 403]
    assert all(answer.headers["Content-Type"] == "application/problem+json" for answer in answers)
    client.token = None
    refused = await upload(client, photograph())
    assert refused.status == 401 and refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert await house.storage._store.list().collect_async() == []


async def test_s122_metadata_is_stripped_but_the_mark_of_a_generator_is_kept(house, client):
    plain = (await upload(client, phone_photograph())).json
    marked = (await upload(client, painted_elsewhere())).json

    assert b"secret" not in (await client.get(plain["url"].removeprefix(house.origin))).body
    assert "genAI" not in plain
    assert marked["genAI"] is True
    assert marked["digitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert b"trainedAlgorithmicMedia" in (await client.get(marked["url"].removeprefix(house.origin))).body


async def test_a_post_with_a_picture_of_another_generator_says_so(client):
    uri = (await upload(client, painted_elsewhere())).json["id"]

    posted = (await submit(client, note(attachment=[uri]))).json["object"]

    assert posted["genAI"] is True and posted["attachment"][0]["genAI"] is True


async def test_an_addressed_object_is_published_with_its_file(house, client):
    answer = await upload(client, photograph(), {"type": "Image", "name": "two colours", "to": [PUBLIC]})

    assert answer.status == 201 and answer.json["type"] == "Create"
    assert answer.headers["Location"] == answer.json["id"]
    assert len(await outbox_of(house)) == 1
    picture = answer.json["object"]["attachment"][0]
    assert picture["url"].endswith(".jpg") and picture["name"] == "two colours"


async def test_a_create_is_published_with_its_file(house, client):
    create = {"type": "Create", "object": {"type": "Note", "content": "Look"}, "to": [PUBLIC]}

    answer = await upload(client, photograph(), create)

    assert answer.status == 201 and answer.json["type"] == "Create"
    assert answer.json["object"]["attachment"][0]["mediaType"] == "image/jpeg"


async def test_a_token_for_files_alone_publishes_nothing(house):
    client = await client_of(house, house.alice, "write:media")

    assert (await upload(client, photograph())).status == 201
    assert (await upload(client, photograph(), {"type": "Image", "to": [PUBLIC]})).status == 403


async def test_more_than_thirty_uploads_in_half_an_hour_are_refused(client):
    answers = [await upload(client, description="no file") for _ in range(31)]

    assert [answer.status for answer in answers] == [422] * 30 + [429]
    assert answers[-1].headers["Retry-After"]


async def test_s125_uploads_and_proxy_answer_browsers(house, client):
    client.token = None
    for path in ("/uploads", "/proxy"):
        answer = await client.ask("OPTIONS", path, headers={"Origin": "https://app.example"})
        assert answer.status == 204 and answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert (await client.get(path)).status == 405


async def test_a_prompt_in_place_of_a_file_is_painted_and_tells_its_progress(house, client):
    answer = await upload(client, shell=prompt(name="my boat"))
    assert answer.status == 202
    uri = answer.headers["Location"]
    assert answer.json["id"] == uri and answer.json["generationState"] == "waiting"
    assert "url" not in answer.json

    await run_without_painter(house)
    assert (await read(client, house, uri)).json["generationState"] == "waiting"
    await run_jobs_until_idle(house)

    shown = (await read(client, house, uri)).json
    assert shown["url"].endswith(".jpg") and shown["name"] == "my boat"
    assert shown["genAI"] is True and "generationState" not in shown
    assert house.painter.requests[0].seed == 7


async def test_a_prompt_is_taken_as_a_plain_document_too(house, client):
    body = json.dumps({"@context": "https://www.w3.org/ns/activitystreams", **prompt(generationSize="32x24")}).encode()
    answer = await client.ask("POST", "/uploads", data=body, headers={"Content-Type": LD_MEDIA_TYPE})
    await run_jobs_until_idle(house)

    assert answer.status == 202
    assert (house.painter.requests[0].width, house.painter.requests[0].height) == (32, 24)


async def test_why_a_prompt_was_not_painted_is_told_to_its_owner_alone(house, client):
    uri = (await upload(client, shell=prompt())).headers["Location"]
    house.painter.failures.append(RenderFailed("invalid", "The prompt is too strange."))
    await run_jobs_until_idle(house)

    shown = (await read(client, house, uri)).json
    assert (shown["generationState"], shown["generationError"]) == ("failed", "The prompt is too strange.")
    assert (await read(await client_of(house, house.bob), house, uri)).status == 404


@pytest.mark.parametrize(
    ("shell", "status"),
    [
        (prompt(""), 422),
        (prompt("x" * 4001), 422),
        (prompt(generationSeed="many"), 400),
        ({"type": "Image", "generationPrompt": 5}, 400),
    ],
)
async def test_a_prompt_that_cannot_be_read_is_refused(client, shell, status):
    assert (await upload(client, shell=shell)).status == status


async def test_a_create_with_a_prompt_is_answered_at_once_and_federated_when_painted(house, client):
    away = RemoteHost(house.network, house.clock, origin="https://away.example")
    carol = away.person("carol")
    follower = await follow(house, carol)
    answer = await submit(client, note(attachment=[prompt(name="my boat")], to=[PUBLIC, carol.uri], bcc=[follower]))

    assert answer.status == 201
    location = answer.headers["Location"]
    mine = (await read(client, house, location)).json
    assert mine["type"] == "Create" and mine["id"] == location
    assert mine["object"]["attachment"][0]["generationState"] == "waiting"
    assert "Look" in mine["object"]["content"]
    post_uri = mine["object"]["id"]
    assert (await read(client, house, post_uri)).json["generationState"] == "painting"

    await run_without_painter(house)
    assert away.received("Create") == [] and await outbox_of(house) == []
    bob = await client_of(house, house.bob)
    assert [(await read(bob, house, uri)).status for uri in (location, post_uri)] == [404, 404]

    await run_jobs_until_idle(house)
    (create,) = away.received("Create")
    assert create["id"] == location and create["object"]["id"] == post_uri
    assert create["object"]["to"] == [PUBLIC, carol.uri] and "bcc" not in create
    assert create["object"]["attachment"][0]["name"] == "my boat"
    assert create["object"]["genAI"] is True and "Look" in create["object"]["content"]
    bob.token = None
    assert (await read(bob, house, post_uri)).json == (await read(client, house, post_uri)).json
    assert [one.uri for one in await outbox_of(house)] == [location]


async def test_a_create_whose_picture_fails_federates_nothing_and_tells_its_author(house, client):
    away = RemoteHost(house.network, house.clock, origin="https://away.example")
    await follow(house, away.person("carol"))
    house.painter.failures.append(RenderFailed("invalid", "The prompt is too strange."))
    location = (await submit(client, note(attachment=[prompt()]))).headers["Location"]
    await run_jobs_until_idle(house)

    mine = (await read(client, house, location)).json["object"]
    assert (mine["generationState"], mine["generationError"]) == ("failed", "The prompt is too strange.")
    assert away.received("Create") == [] and await outbox_of(house) == []
    assert (await read(await client_of(house, house.bob), house, location)).status == 404


async def test_why_a_post_failed_is_forgotten_after_a_week(house, client):
    house.painter.failures.append(RenderFailed("invalid", "No."))
    location = (await submit(client, note(attachment=[prompt()]))).headers["Location"]
    await run_jobs_until_idle(house)
    house.clock.advance(8 * 86_400)
    async with house.database.write() as tx:
        assert await prune_promises(tx, house.site) == 1
        assert await prune_promises(tx, house.site) == 0

    assert (await read(client, house, location)).status == 404


async def test_one_post_waits_for_all_its_pictures(house, client):
    uri = (await upload(client, photograph(), {"type": "Image", "name": "first"})).json["id"]
    wished = (await upload(client, shell=prompt("second", name="second"))).headers["Location"]
    parts = [uri, wished, prompt("third", name="third")]

    location = (await submit(client, note(attachment=parts))).headers["Location"]
    await run_jobs_until_idle(house)

    posted = (await read(client, house, location)).json["object"]
    assert [one["name"] for one in posted["attachment"]] == ["first", "second", "third"]
    assert len(await outbox_of(house)) == 1


async def test_when_one_picture_of_a_post_fails_the_others_are_not_painted(house, client):
    house.painter.failures.append(RenderFailed("invalid", "No."))
    await submit(client, note(attachment=[prompt("first"), prompt("second")]))
    await run_jobs_until_idle(house)

    assert len(house.painter.requests) <= 2
    assert await outbox_of(house) == []


async def test_the_same_request_twice_makes_one_promise(house, client):
    headers = {"Content-Type": LD_MEDIA_TYPE, "Idempotency-Key": "once"}
    body = json.dumps(note(attachment=[prompt()])).encode()

    answers = [await client.ask("POST", "/users/alice/outbox", data=body, headers=headers) for _ in range(2)]
    await run_jobs_until_idle(house)
    answers.append(await client.ask("POST", "/users/alice/outbox", data=body, headers=headers))

    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(house.painter.requests) == 1


async def test_a_delete_takes_a_promise_back(house, client):
    answer = await submit(client, note(attachment=[prompt()]))
    post_uri = answer.json["object"]["id"]

    deleted = await submit(client, {"type": "Delete", "object": post_uri, "to": [PUBLIC]})
    await run_jobs_until_idle(house)

    assert deleted.status == 201
    assert house.painter.requests == [] and await outbox_of(house) == []
    assert (await read(client, house, post_uri)).status == 404
    assert (await submit(client, {"type": "Delete", "object": post_uri})).status == 404


@pytest.mark.parametrize("steps", range(1, 14, 2))
async def test_a_promise_survives_a_crash_at_any_step(house, client, steps):
    location = (await submit(client, note(attachment=[prompt()]))).headers["Location"]
    house.life.die_after(steps)
    await live_on(house)

    async with house.database.read() as reader:
        found = await activities.find_by_uri(reader, location)
        post = await posts.find_by_uri(reader, found.object_uri)
        assert len((await media.list_of_posts(reader, [post.id]))[post.id]) == 1
    assert [one.uri for one in await outbox_of(house)] == [location]


async def test_s123_the_proxy_returns_the_object(house, client):
    away = RemoteHost(house.network, house.clock, origin="https://away.example")
    carol = away.person("carol")

    answer = await client.post("/proxy", {"id": carol.uri})

    assert answer.status == 200 and answer.json["id"] == carol.uri
    assert answer.headers["Content-Type"].startswith("application/activity+json")


async def test_s123_the_proxy_returns_what_is_ours_as_its_reader_may_see_it(house, client):
    posted = (await submit(client, note(to=[house.bob.uri]))).json["object"]["id"]
    bob = await client_of(house, house.bob)
    carol = await client_of(house, await house.register("carol"))

    assert (await bob.post("/proxy", {"id": posted})).json["id"] == posted
    assert (await carol.post("/proxy", {"id": posted})).status == 404
    assert (await carol.post("/proxy", {"id": house.alice.uri})).json["id"] == house.alice.uri
    assert (await carol.post("/proxy", {"id": f"{house.origin}/nothing"})).status == 404
    assert (await carol.post("/proxy", {"id": f"{house.origin}/login"})).status == 404


async def test_s124_the_proxy_signs_as_its_user(house, client):
    away = RemoteHost(house.network, house.clock, origin="https://away.example")

    await client.post("/proxy", {"id": away.person("carol").uri})

    asked = house.network.asked("GET", "/users/carol")[-1]
    assert f'keyId="{house.alice.uri}#main-key"' in asked.headers["signature"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("", 422),
        ("nonsense", 422),
        ("ftp://away.example/x", 422),
        ("file:///etc/passwd", 422),
        ("http://away.example/users/carol", 403),
        ("https://127.0.0.1/x", 403),
        ("https://[::1]/x", 403),
        ("https://localhost/x", 403),
        ("https://away.example/missing", 404),
        ("https://away.example/page", 502),
        ("https://away.example/large", 502),
        ("https://away.example/liar", 502),
        ("https://nobody.example/x", 502),
    ],
)
async def test_s124_the_proxy_refuses_what_it_should_not_read(house, client, address, status):
    away = RemoteHost(house.network, house.clock, origin="https://away.example")
    away.show("/page", {"id": "https://away.example/page"}, media_type="text/html")
    away.show("/large", {"id": "https://away.example/large", "content": "y" * 2_000_000})
    away.show("/liar", {"id": "https://other.example/x", "type": "Note"})

    assert (await client.post("/proxy", {"id": address})).status == status


async def test_s124_the_proxy_is_led_to_no_suspended_host(house, client):
    away = RemoteHost(house.network, house.clock, origin="https://away.example")
    rude = RemoteHost(house.network, house.clock, origin="https://rude.example").person("eve")
    away.show_raw("/users/eve", Shown(b"", 302, {"location": rude.uri}))
    async with house.database.write() as tx:
        await rule_domain(tx, house.site, Rule(domain="rude.example", severity=SUSPEND, created_at=0))

    for address in (rude.uri, f"{away.origin}/users/eve"):
        assert (await client.post("/proxy", {"id": address})).status == 403
    assert not [one for one in house.network.log if one.url == rude.uri]


async def test_s124_the_proxy_is_for_people_with_a_token(house, client):
    writer = await client_of(house, house.alice, "write")
    client.token = None

    assert (await client.post("/proxy", {"id": house.alice.uri})).status == 401
    assert (await writer.post("/proxy", {"id": house.alice.uri})).status == 403


async def follow(house, person) -> str:
    """Have somebody elsewhere follow alice; return alice's followers."""
    assert await person.send(person.activity("Follow", house.alice.uri), f"{house.alice.uri}/inbox") == 202
    await run_jobs_until_idle(house)
    return f"{house.alice.uri}/followers"
