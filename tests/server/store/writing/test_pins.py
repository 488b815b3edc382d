"""Pins: once for each post, the last one first."""

from server.store.people import actors
from server.store.writing import pins, posts
from tests.rows import make_actor, make_post


async def test_the_post_pinned_last_comes_first_and_a_deleted_one_not_at_all(database):
    bob = make_actor("bob")
    kept = [make_post(bob) for _ in range(3)]
    async with database.write() as tx:
        await actors.add(tx, bob)
        for place, post in enumerate(kept, 1):
            await posts.add(tx, post)
            assert await pins.add(tx, id=place, actor_id=bob.id, post_id=post.id, at=place)
        assert not await pins.add(tx, id=8, actor_id=bob.id, post_id=kept[0].id, at=8)

        await posts.bury(tx, kept[1].id, at=1)

        assert [one.id for one in await pins.list_of_actor(tx, bob.id)] == [kept[2].id, kept[0].id]
        assert await pins.find_on_posts(tx, bob.id, [one.id for one in kept]) == {one.id for one in kept}


async def test_unpinned_posts_are_counted_no_more(database):
    bob = make_actor("bob")
    kept = [make_post(bob) for _ in range(2)]
    async with database.write() as tx:
        await actors.add(tx, bob)
        for place, post in enumerate(kept, 1):
            await posts.add(tx, post)
            await pins.add(tx, id=place, actor_id=bob.id, post_id=post.id, at=place)

        assert await pins.drop(tx, bob.id, kept[0].id)
        assert not await pins.drop(tx, bob.id, kept[0].id)
        await pins.drop_of_post(tx, kept[1].id)

        assert await pins.count(tx, bob.id) == 0
