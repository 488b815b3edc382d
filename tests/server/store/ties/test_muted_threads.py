"""Muted conversations: by their first known post, for every answer in them."""

from server.store.people import actors
from server.store.ties import muted_threads
from server.store.writing import posts
from tests.rows import make_actor, make_post


async def thread(tx, length, who):
    await actors.add(tx, who)
    line = [make_post(who)]
    for _ in range(length - 1):
        line.append(make_post(who, in_reply_to_uri=line[-1].uri, in_reply_to_id=line[-1].id))
    for post in line:
        await posts.add(tx, post)
    return line


async def test_muting_any_post_of_a_conversation_mutes_them_all(database):
    bob = make_actor("bob")
    async with database.write() as tx:
        line = await thread(tx, 4, bob)
        other = make_post(bob)
        await posts.add(tx, other)

        await muted_threads.add(tx, bob.id, line[2].id, at=1)

        wanted = [one.id for one in [*line, other]]
        assert await muted_threads.find_on_posts(tx, bob.id, wanted) == {one.id for one in line}
        assert await muted_threads.is_muted(tx, bob.id, line[3].id)
        assert not await muted_threads.is_muted(tx, bob.id + 1, line[3].id)


async def test_any_post_of_a_conversation_lets_it_be_heard_again(database):
    bob = make_actor("bob")
    async with database.write() as tx:
        line = await thread(tx, 3, bob)
        await muted_threads.add(tx, bob.id, line[2].id, at=1)

        await muted_threads.drop(tx, bob.id, line[1].id)

        assert await muted_threads.find_on_posts(tx, bob.id, [one.id for one in line]) == set()
