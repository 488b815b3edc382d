"""Something happens here, and a device elsewhere that slept reads of it: action, job, push service."""

import json

import httpx

from activitypub.audience import Visibility
from server.actions.telling.subscribe import Door, subscribe
from server.actions.writing.publish import Draft, publish
from server.actions.writing.react import like, take_back
from server.jobs.queue import Job
from server.passwords import hash_token
from server.remote.keepsake import lock_away
from server.store.clients import tokens
from server.store.clients.tokens import AccessToken
from server.store.reading.reactions import LIKE
from server.store.telling import push
from server.work import plain_handlers
from tests.fakes import FakeClock, Network
from tests.instance import open_instance, run_jobs_until_idle
from tests.push_client import Device

TOKEN = "a token"


async def test_a_like_wakes_the_device_of_who_is_liked_and_one_taken_back_at_once_does_not(tmp_path):
    network, clock, device = Network(), FakeClock(), Device()
    network.connect("https://push.example", _push_service)
    async with open_instance(tmp_path, network, clock) as house:
        alice, carol = await house.register("alice"), await house.register("carol")
        async with house.database.write() as tx:
            await tokens.add(tx, AccessToken(hash_token(TOKEN), alice.id, "push", "phone", clock.now()))
            await subscribe(tx, house.site, alice, _door(house, device), alerts=("favourite",), policy="all")
            post = await publish(tx, house.site, alice, Draft(text="a boat", visibility=Visibility.PUBLIC))
            await like(tx, house.site, carol, post)

        await run_jobs_until_idle(house)

        (sent,) = network.asked("POST", "/send/1")
        headers = httpx.Headers(dict(sent.headers))
        message = json.loads(device.read(headers, sent.body))
        assert message["title"] == "carol favorited your post" and message["body"] == "a boat"
        assert message["access_token"] == TOKEN

        async with house.database.write() as tx:
            await take_back(tx, house.site, LIKE, carol, post)
            await like(tx, house.site, carol, post)
            await take_back(tx, house.site, LIKE, carol, post)
        await run_jobs_until_idle(house)
        assert len(network.asked("POST", "/send/1")) == 1


async def test_housekeeping_forgets_the_devices_of_revoked_tokens(tmp_path):
    async with open_instance(tmp_path, Network(), clock := FakeClock()) as house:
        alice = await house.register("alice")
        async with house.database.write() as tx:
            await tokens.add(tx, AccessToken(hash_token(TOKEN), alice.id, "push", "phone", clock.now()))
            await subscribe(tx, house.site, alice, _door(house, Device()), alerts=(), policy="all")
        keep_house = plain_handlers(house.services)["housekeeping"]

        await keep_house(Job(1, "housekeeping", {}, 1))
        assert await _devices(house, alice) == 1

        async with house.database.write() as tx:
            await tokens.revoke(tx, hash_token(TOKEN), at=clock.now())
        await keep_house(Job(1, "housekeeping", {}, 1))
        assert await _devices(house, alice) == 0


async def _push_service(scope, receive, send):
    """Takes everything."""
    await send({"type": "http.response.start", "status": 201, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def _devices(house, actor):
    async with house.database.read() as reader:
        return len(await push.list_of_actor(reader, actor.id))


def _door(house, device):
    return Door(
        token_hash=hash_token(TOKEN),
        sealed_token=lock_away(house.services.secret, TOKEN),
        endpoint="https://push.example/send/1",
        p256dh=device.p256dh_text,
        auth=device.auth_text,
        standard=True,
    )
