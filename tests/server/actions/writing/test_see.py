"""Who may see a post: one table, asked by every door."""

from dataclasses import replace

import pytest

from activitypub.audience import Visibility
from server.actions.people.profile import ProfileChange, change_profile
from server.actions.ties.follow import block, receive_follow
from server.actions.writing.see import find_seen, may_see_activity, may_see_post
from server.store.network import activities
from server.store.reading.showing import Ties

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


@pytest.mark.parametrize("change", [{}, {"gone_at": 1}, {"suspended_at": 1}])
async def test_t65_of_many_posts_those_of_somebody_gone_or_suspended_are_left_out(ground, change):
    post = await ground.publish("words")
    authors = {ground.alice.id: replace(ground.alice, **change)}

    async with ground.house.database.read() as reader:
        found = await find_seen(reader, [post], authors, ground.bob, Ties())
    assert found == ([] if change else [post])


async def test_t65_of_many_posts_those_that_were_deleted_are_left_out(ground):
    post = await ground.publish("words")
    deleted = replace(post, deleted_at=1)

    async with ground.house.database.read() as reader:
        assert await find_seen(reader, [deleted], {ground.alice.id: ground.alice}, None, Ties()) == []


@pytest.mark.parametrize("viewer", ["anybody", "author"])
async def test_t65_an_activity_that_was_hidden_is_shown_to_nobody(ground, viewer):
    await ground.publish("words")
    (created,) = await ground.house.sent("Create")
    looking = ground.alice if viewer == "author" else None

    async with ground.house.database.read() as reader:
        assert await may_see_activity(reader, created, ground.alice, looking)
        hidden = replace(created, visibility=activities.HIDDEN)
        assert not await may_see_activity(reader, hidden, ground.alice, looking)
