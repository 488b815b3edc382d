"""Keys of requests: good for a while, for one person."""

from server.store.clients import idempotency
from server.store.people import actors
from tests.rows import make_actor


async def test_a_key_leads_to_what_it_made_until_it_is_old(database):
    bob, eve = make_actor("bob"), make_actor("eve")
    async with database.write() as tx:
        await actors.add(tx, bob)
        await actors.add(tx, eve)
        await idempotency.put(tx, bob.id, "key", made_id=5, at=100)

        assert await idempotency.find(tx, bob.id, "key", since=50) == 5
        assert await idempotency.find(tx, bob.id, "key", since=100) is None
        assert await idempotency.find(tx, eve.id, "key", since=50) is None

        await idempotency.put(tx, bob.id, "key", made_id=6, at=200)
        assert await idempotency.find(tx, bob.id, "key", since=150) == 6

        assert await idempotency.prune(tx, before=200) == 1
        assert await idempotency.find(tx, bob.id, "key", since=0) is None
