"""Deliveries: once per activity and inbox, and what concerns one thing stays in order for each inbox."""

import pytest

from server.store.network import deliveries
from server.store.network.deliveries import DELIVERED, WAITING
from tests.rows import make_delivery

NOTE = "https://pinxit.example/users/alice/posts/1"
INBOX, OTHER = "https://remote.example/inbox", "https://other.example/inbox"


@pytest.fixture
async def tx(database):
    async with database.write() as tx:
        yield tx


async def end(tx, row, state=DELIVERED):
    await deliveries.end(tx, row.id, state, attempts=1, status=202, error=None, at=5)


async def test_an_activity_is_brought_to_an_inbox_once(tx):
    first = make_delivery(1, INBOX, batch=10)
    await deliveries.add(tx, [first])
    await end(tx, first)
    await deliveries.add(tx, [make_delivery(1, INBOX, batch=11), make_delivery(1, OTHER, batch=11)])

    assert [one.inbox for one in await deliveries.list_waiting(tx, 11)] == [OTHER]
    assert await deliveries.find_known(tx, 1, [INBOX, OTHER, "https://third.example/inbox"]) == {INBOX, OTHER}
    assert await deliveries.count_by_state(tx) == {DELIVERED: 1, WAITING: 1}


async def test_what_is_newer_about_a_thing_waits_for_what_is_older_on_the_same_way(tx):
    create = make_delivery(1, INBOX, batch=10, object_uri=NOTE)
    delete = make_delivery(2, INBOX, batch=20, object_uri=NOTE)
    elsewhere = make_delivery(2, OTHER, batch=20, object_uri=NOTE)
    about_another = make_delivery(3, INBOX, batch=20, object_uri=f"{NOTE}2")
    about_nothing = make_delivery(4, INBOX, batch=20)
    await deliveries.add(tx, [create, delete, elsewhere, about_another, about_nothing])

    assert await deliveries.list_overtaking(tx, 20) == {delete.id}
    assert await deliveries.list_overtaking(tx, 10) == set()
    await end(tx, create)
    assert await deliveries.list_overtaking(tx, 20) == set()


async def test_a_moved_delivery_waits_in_its_new_batch(tx):
    row = make_delivery(1, INBOX, batch=10)
    await deliveries.add(tx, [row])

    await deliveries.move(tx, row.id, 11, attempts=3, status=503, error="busy")

    assert await deliveries.list_waiting(tx, 10) == []
    (moved,) = await deliveries.list_waiting(tx, 11)
    assert (moved.attempts, moved.last_status, moved.last_error, moved.state) == (3, 503, "busy", WAITING)


async def test_what_waits_for_a_host_is_listed_oldest_first(tx):
    rows = [make_delivery(number, f"https://remote.example/{number}", batch=number) for number in range(1, 5)]
    await deliveries.add(tx, [*reversed(rows), make_delivery(9, OTHER, batch=9)])
    await end(tx, rows[0])

    assert [one.id for one in await deliveries.list_waiting_of_host(tx, "remote.example")] == [
        one.id for one in rows[1:]
    ]


async def test_a_deletion_reaches_every_inbox_that_something_about_the_thing_went_to(tx):
    sent = make_delivery(1, INBOX, batch=10, object_uri=NOTE)
    await deliveries.add(tx, [sent, make_delivery(2, INBOX, batch=11, object_uri=NOTE)])
    await deliveries.add(tx, [make_delivery(1, OTHER, batch=10, object_uri=NOTE)])
    await end(tx, sent)

    assert set(await deliveries.list_inboxes_of_object(tx, NOTE)) == {INBOX, OTHER}
