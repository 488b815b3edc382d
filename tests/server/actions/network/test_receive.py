"""Only what a signature vouched for is received, and it is kept once."""

import pytest

from activitypub.reading import read_activity
from activitypub.verified import SEAL, Verified
from server.actions.network.receive import Received, load, receive
from server.actions.network.wake_peer import wake_peer
from server.store.network import activities, deliveries, peers
from tests.rows import make, make_delivery


def activity(ground, **more):
    document = {"id": f"{ground.bob.uri}#1", "type": "Like", "actor": ground.bob.uri, "object": "https://x.example/1"}
    return read_activity(document | more)


async def take(ground, signer, received):
    verified = Verified(signer, f"{signer}#main-key", "cavage", SEAL)
    await receive(ground.house.database, ground.site, verified, received, b'{"id": "%b"}' % received.id.encode())


async def test_nobody_makes_a_verified_or_a_received_by_hand(ground):
    with pytest.raises(TypeError):
        Verified(ground.bob.uri, "key", "cavage", object())
    with pytest.raises(TypeError):
        Received(1, activity(ground), object())


async def test_an_activity_is_received_from_its_own_actor_only(ground):
    with pytest.raises(ValueError, match="actor"):
        await take(ground, ground.alice.uri, activity(ground))

    assert await ground.house.jobs() == []


async def test_s151_an_activity_is_stored_once_with_one_job(ground):
    for _ in range(3):
        await take(ground, ground.bob.uri, activity(ground))

    (job,) = await ground.house.jobs()
    async with ground.house.database.read() as reader:
        stored = await activities.find_by_uri(reader, f"{ground.bob.uri}#1")
    assert job.payload == f'{{"received":{stored.id}}}'
    assert (stored.outgoing, stored.type, stored.processed_at) == (False, "Like", None)


async def test_what_was_dealt_with_or_is_ours_is_not_loaded(ground):
    post = await ground.publish()
    (create,) = await ground.house.sent("Create")

    async with ground.house.database.read() as reader:
        assert await load(reader, 12345) is None
        assert await load(reader, create.id) is None
    assert post.local


async def test_a_host_that_speaks_again_gets_what_waits_for_it(ground):
    rows = [make_delivery(number, f"https://remote.example/{number}", batch=number) for number in range(1, 151)]
    resting = make(peers.Peer, host="remote.example", signature_form="rfc9421", failures=12, resting_until=10**18)
    async with ground.write() as tx:
        await deliveries.add(tx, [*rows, make_delivery(1, "https://other.example/inbox", batch=999)])
        await peers.put(tx, resting)

    await ground.once(wake_peer, ground.site, "remote.example")
    await ground.once(wake_peer, ground.site, "remote.example")

    jobs = await ground.house.jobs()
    assert [job.kind for job in jobs] == ["deliver", "deliver"]
    async with ground.house.database.read() as reader:
        found = await peers.find(reader, "remote.example")
        moved = await deliveries.list_waiting_of_host(reader, "remote.example")
        untouched = await deliveries.list_waiting(reader, 999)
    assert (found.failures, found.resting_until, found.signature_form) == (0, None, "rfc9421")
    assert len({row.batch for row in moved}) == 2 and min(row.batch for row in moved) > 150
    assert len(untouched) == 1


async def test_a_host_that_was_never_in_trouble_is_not_written_about(ground):
    before = len(ground.house.life.steps)

    await ground.once(wake_peer, ground.site, "remote.example")

    async with ground.house.database.read() as reader:
        assert await peers.find(reader, "remote.example") is None
    assert len(ground.house.life.steps) == before + 2
