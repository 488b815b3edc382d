"""A host that speaks gets what waits for it, but not again and again while it only speaks and does not listen."""

from server.store.network import deliveries
from tests.instance import let_time_pass
from tests.remote_host import Shown


async def waiting_for(street):
    async with street.house.database.read() as reader:
        return await deliveries.list_waiting_of_host(reader, street.bob.host.domain)


async def test_a_host_that_speaks_and_does_not_listen_keeps_its_tries(street):
    await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri))
    street.bob.host.answers += [Shown(b"", 503)] * 100
    await street.publish()
    (row,) = await waiting_for(street)
    assert row.attempts == 1

    for _ in range(20):
        await street.arrive(street.bob, street.bob.activity("Like", f"{street.house.origin}/nothing"))

    (row,) = await waiting_for(street)
    assert row.attempts == 2


async def test_a_host_that_speaks_an_hour_later_is_tried_again(street):
    await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri))
    street.bob.host.answers += [Shown(b"", 503)] * 6
    await street.publish()
    await let_time_pass(street.house, seconds=3_000)
    await street.arrive(street.bob, street.bob.activity("Like", f"{street.house.origin}/nothing"))
    assert len(await waiting_for(street)) == 1

    street.house.clock.advance(3_601)
    await street.arrive(street.bob, street.bob.activity("Like", f"{street.house.origin}/nothing"))

    assert await waiting_for(street) == []
