"""Where a client wants to be woken, through the door, in both shapes that clients send."""

import pytest

from server.passwords import hash_token
from server.remote.keepsake import take_out
from server.remote.vapid import public_key
from server.store.telling import push
from tests.push_client import Device
from tests.server.mastodon.clients import Client, Place

PATH = "/api/v1/push/subscription"
ENDPOINT = "https://push.example/send/1"


def form(device: Device, **more: str) -> dict[str, str]:
    return {
        "subscription[endpoint]": ENDPOINT,
        "subscription[keys][p256dh]": device.p256dh_text,
        "subscription[keys][auth]": device.auth_text,
        "data[alerts][mention]": "true",
        "data[alerts][favourite]": "1",
        "data[alerts][follow]": "false",
        "data[alerts][admin.report]": "true",
    } | more


async def alices(place: Place, scopes: str = "read write push") -> Client:
    return await place.client(await place.exhibition.person("alice"), scopes)


async def test_a_form_makes_a_subscription(place: Place) -> None:
    app = await alices(place)
    made = (await app.post(PATH, form(Device()))).json

    assert made["endpoint"] == ENDPOINT and made["standard"] is False and made["policy"] == "all"
    assert {name for name, wanted in made["alerts"].items() if wanted} == {"mention", "favourite", "admin.report"}
    assert len(made["alerts"]) == 12
    assert made["server_key"] == public_key(place.exhibition.services.secret)
    # 32 bits are all that some clients have for it.
    assert isinstance(made["id"], int) and made["id"] < 2**31
    assert (await app.get(PATH)).json == made


async def test_json_makes_one_too_and_takes_the_place_of_the_last(place: Place) -> None:
    app, device = await alices(place), Device()
    first = (await app.post(PATH, form(device))).json
    keys = {"p256dh": device.p256dh_text, "auth": device.auth_text}
    subscription = {"endpoint": f"{ENDPOINT}0", "keys": keys, "standard": True}
    data = {"alerts": {"poll": True}, "policy": "followed"}

    made = (await app.post(PATH, json={"subscription": subscription, "data": data})).json

    assert made["id"] == first["id"] and made["endpoint"] == f"{ENDPOINT}0" and made["standard"] is True
    assert made["policy"] == "followed" and made["alerts"]["poll"] is True and made["alerts"]["mention"] is False


async def test_the_clients_own_token_is_kept_sealed(place: Place) -> None:
    app = await alices(place)
    await app.post(PATH, form(Device()))
    async with place.exhibition.services.database.read() as reader:
        found = await push.find_of_token(reader, hash_token(app.token or ""))
    assert found is not None and app.token not in found.sealed_token
    assert take_out(place.exhibition.services.secret, found.sealed_token) == app.token


async def test_what_wakes_a_client_is_changed(place: Place) -> None:
    app = await alices(place)
    assert (await app.put(PATH, {"data[alerts][poll]": "true"})).status == 404
    await app.post(PATH, form(Device()))
    changed = (await app.put(PATH, {"data[alerts][poll]": "true", "data[policy]": "none"})).json
    assert [name for name, wanted in changed["alerts"].items() if wanted] == ["poll"] and changed["policy"] == "none"
    assert (await app.put(PATH, {"policy": "everybody"})).status == 422


async def test_a_subscription_is_taken_back(place: Place) -> None:
    app = await alices(place)
    await app.post(PATH, form(Device()))
    assert (await app.delete(PATH)).json == {}
    assert (await app.get(PATH)).status == 404
    assert (await app.delete(PATH)).json == {}


async def test_each_token_has_its_own(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    one, other = await place.client(alice), await place.client(alice)
    await one.post(PATH, form(Device()))
    assert (await other.get(PATH)).status == 404


async def test_the_push_scope_is_demanded(place: Place) -> None:
    app = await alices(place, "read write follow")
    assert (await app.post(PATH, form(Device()))).status == 403
    assert (await app.get(PATH)).status == 403


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/1",
        "https://127.0.0.1/1",
        "https://[::1]/1",
        "https://localhost/1",
        "https://push.example:8443/1",
        "https://pinxit.example/inbox",
        "https://user:secret@push.example/1",
        "file:///etc/passwd",
        "https://push.example/" + "x" * 2100,
        "",
    ],
)
async def test_where_we_would_not_go_nobody_is_woken(place: Place, endpoint: str) -> None:
    app = await alices(place)
    answer = await app.post(PATH, form(Device()) | {"subscription[endpoint]": endpoint})
    assert answer.status == 422 and answer.json["error"].startswith("Validation failed")
    assert (await app.get(PATH)).status == 404


@pytest.mark.parametrize(
    "change",
    [
        {"subscription[keys][p256dh]": "AAAA"},
        {"subscription[keys][auth]": "AAAA"},
        {"subscription[keys][p256dh]": "ü"},
        {"data[policy]": "whoever"},
    ],
)
async def test_what_makes_no_sense_is_refused(place: Place, change: dict[str, str]) -> None:
    app = await alices(place)
    assert (await app.post(PATH, form(Device()) | change)).status == 422


async def test_what_is_missing_is_named(place: Place) -> None:
    app = await alices(place)
    assert (await app.post(PATH, {"subscription[endpoint]": ENDPOINT})).status == 422
    assert (await app.post(PATH, {})).status == 422
