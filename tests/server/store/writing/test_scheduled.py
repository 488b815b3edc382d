"""Posts of later: listed, moved, counted for a day and in all, forgotten."""

from server.store.paging import Stretch
from server.store.people import actors
from server.store.writing import scheduled
from server.store.writing.scheduled import ScheduledPost
from tests.rows import make_actor


async def test_posts_of_later_are_listed_moved_and_forgotten(database):
    bob = make_actor("bob")
    async with database.write() as tx:
        await actors.add(tx, bob)
        for place in (1, 2, 3):
            await scheduled.add(tx, ScheduledPost(place, bob.id, place * 10, "{}", 0))

        assert [one.id for one in await scheduled.list_of_actor(tx, bob.id, Stretch(limit=2))] == [3, 2]
        assert [one.id for one in await scheduled.list_of_actor(tx, bob.id, Stretch(after=1, ascending=True))] == [3, 2]
        assert await scheduled.count(tx, bob.id) == 3
        assert await scheduled.count_within(tx, bob.id, start=10, finish=30) == 2

        await scheduled.move(tx, 1, due_at=99)
        assert (await scheduled.find(tx, 1)).due_at == 99

        assert await scheduled.drop(tx, 1)
        assert not await scheduled.drop(tx, 1)
        assert await scheduled.count(tx, bob.id) == 2
