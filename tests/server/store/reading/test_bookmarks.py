"""Bookmarks: kept once, listed by when they were kept, gone with the post."""

import pytest

from server.store.paging import Stretch
from server.store.people import actors
from server.store.reading import bookmarks
from server.store.writing import posts
from tests.rows import make_actor, make_post

BOB = make_actor("bob")


@pytest.fixture
async def tx(database):
    async with database.write() as tx:
        await actors.add(tx, BOB)
        yield tx


async def keep(tx, count):
    kept = [make_post(BOB) for _ in range(count)]
    for place, post in enumerate(kept, 1):
        await posts.add(tx, post)
        await bookmarks.add(tx, id=place, actor_id=BOB.id, post_id=post.id, at=place)
    return kept


async def test_a_post_is_kept_once(tx):
    (post,) = await keep(tx, 1)

    assert not await bookmarks.add(tx, id=9, actor_id=BOB.id, post_id=post.id, at=9)
    assert await bookmarks.drop(tx, BOB.id, post.id)
    assert not await bookmarks.drop(tx, BOB.id, post.id)


async def test_the_list_goes_both_ways_between_two_cursors(tx):
    first, second, third = await keep(tx, 3)

    newest = await bookmarks.list_of_actor(tx, BOB.id, Stretch(limit=2))
    oldest = await bookmarks.list_of_actor(tx, BOB.id, Stretch(after=1, ascending=True, limit=1))

    assert [one.id for _, one in newest] == [third.id, second.id]
    assert [(cursor, one.id) for cursor, one in oldest] == [(2, second.id)]
    assert [one.id for _, one in await bookmarks.list_of_actor(tx, BOB.id, Stretch(before=2))] == [first.id]


async def test_a_deleted_post_is_not_listed(tx):
    (post,) = await keep(tx, 1)

    await posts.bury(tx, post.id, at=1)

    assert await bookmarks.list_of_actor(tx, BOB.id, Stretch()) == []


async def test_many_posts_are_looked_through_at_once(tx):
    first, second = await keep(tx, 2)
    await bookmarks.drop_of_post(tx, second.id)

    assert await bookmarks.find_on_posts(tx, BOB.id, [first.id, second.id, 5]) == {first.id}
