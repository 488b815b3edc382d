"""Who may see a post: one table, asked by every door."""

import pytest

from activitypub.audience import Visibility
from server.actions.people.profile import ProfileChange, change_profile
from server.actions.ties.follow import block, receive_follow
from server.actions.writing.see import may_see_post

# Who may see a post of each visibility: anybody, the author, a follower, somebody who only asked, somebody named.
TABLE = {
    Visibility.PUBLIC: {"anybody", "author", "follower", "asked", "named", "stranger"},
    Visibility.UNLISTED: {"anybody", "author", "follower", "asked", "named", "stranger"},
    Visibility.FOLLOWERS: {"author", "follower", "named"},
    Visibility.DIRECT: {"author", "named"},
}
VIEWERS = ["anybody", "author", "follower", "asked", "named", "stranger"]


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("visibility", TABLE)
async def test_a_post_is_seen_by_whom_it_is_for(ground, visibility, viewer):
    people = (ground.bob_named,) if viewer == "named" else ()
    if viewer == "asked":
        ground.alice = await ground.once(change_profile, ground.site, ground.alice, ProfileChange(locked=True))
    if viewer in ("follower", "asked"):
        await ground.once(receive_follow, ground.site, ground.bob, ground.alice, "https://remote.example/f")
    post = await ground.publish("words", visibility=visibility, people=people)
    looking = {"anybody": None, "author": ground.alice}.get(viewer, ground.bob)

    async with ground.house.database.read() as reader:
        assert await may_see_post(reader, post, ground.alice, looking) == (viewer in TABLE[visibility])


@pytest.mark.parametrize("visibility", TABLE)
async def test_somebody_blocked_sees_nothing(ground, visibility):
    await ground.let_bob_follow()
    post = await ground.publish("words", visibility=visibility, people=(ground.bob_named,))
    await ground.once(block, ground.site, ground.alice, ground.bob)

    async with ground.house.database.read() as reader:
        assert not await may_see_post(reader, post, ground.alice, ground.bob)


async def test_who_blocks_the_author_sees_nothing_of_theirs(ground):
    post = await ground.publish("words")
    await ground.once(block, ground.site, ground.carol, ground.alice)

    async with ground.house.database.read() as reader:
        assert not await may_see_post(reader, post, ground.alice, ground.carol)
