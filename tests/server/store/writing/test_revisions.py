"""Revisions: the states of a post, oldest first."""

from server.store.people import actors
from server.store.writing import posts, revisions
from server.store.writing.revisions import OldPicture, Revision
from tests.rows import make_actor, make_post


async def test_states_come_in_the_order_they_were_made(database):
    bob = make_actor("bob")
    post = make_post(bob)
    pictures = (OldPicture(5, "a boat"),)
    states = [
        Revision(
            place,
            post.id,
            f"<p>{place}</p>",
            None,
            False,
            revisions.write_pictures(pictures),
            revisions.write_titles(["sea"]),
            place,
        )
        for place in (1, 2)
    ]
    async with database.write() as tx:
        await actors.add(tx, bob)
        await posts.add(tx, post)
        for state in states:
            await revisions.add(tx, state)

        assert await revisions.list_of_post(tx, post.id) == states
        assert await revisions.count(tx, post.id) == 2
        assert (states[0].shown, states[0].titles) == (pictures, ("sea",))

        await revisions.drop_of_post(tx, post.id)
        assert await revisions.count(tx, post.id) == 0
