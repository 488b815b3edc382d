"""Likes and boosts of ours: counted once, sent to whom they concern, and taken back."""

import pytest

from activitypub.audience import Visibility
from activitypub.vocabulary import PUBLIC
from server.actions.ties.follow import block
from server.actions.writing.keep_note import keep_note
from server.actions.writing.react import announce, like, take_back
from server.problems import Forbidden
from server.remote.notes import fetch_note
from server.store.network import activities
from server.store.reading.reactions import ANNOUNCE, LIKE


async def bobs_post(ground):
    """A post of bob's that we keep."""
    note = await fetch_note(ground.house.services, ground.person.note()["id"])
    return await ground.once(keep_note, ground.site, ground.bob, note)


async def act(ground, what, *arguments):
    result = await ground.once(what, ground.site, *arguments)
    await ground.settle()
    return result


async def test_a_like_goes_to_the_author_alone_and_once(ground):
    post = await bobs_post(ground)

    assert await act(ground, like, ground.alice, post)
    assert not await act(ground, like, ground.alice, post)

    (sent,) = ground.person.host.received("Like")
    assert (sent["object"], sent["to"]) == (post.uri, [ground.bob.uri])
    assert (await ground.post(post)).likes_count == 1


async def test_a_like_here_is_told_and_not_sent(ground):
    post = await ground.publish()

    assert await act(ground, like, ground.carol, post)

    assert await ground.told(ground.alice) == ["like"]
    assert await ground.sent("Like") == []


async def test_a_boost_goes_to_the_followers_and_the_author(ground):
    await ground.let_bob_follow()
    post = await bobs_post(ground)

    assert await act(ground, announce, ground.alice, post)
    assert not await act(ground, announce, ground.alice, post)

    (sent,) = ground.person.host.received("Announce")
    assert (sent["object"], sent["to"]) == (post.uri, [PUBLIC])
    assert set(sent["cc"]) == {ground.alice.followers_uri, ground.bob.uri}
    async with ground.house.database.read() as reader:
        assert [one.type for one in await activities.list_outbox(reader, ground.alice.uri)] == ["Announce"]


@pytest.mark.parametrize("visibility", [Visibility.FOLLOWERS, Visibility.DIRECT])
async def test_what_is_not_for_everybody_is_not_boosted(ground, visibility):
    post = await ground.publish(visibility=visibility)

    with pytest.raises(Forbidden):
        await act(ground, announce, ground.alice, post)


@pytest.mark.parametrize(("kind", "what", "type"), [(LIKE, like, "Like"), (ANNOUNCE, announce, "Announce")])
async def test_a_reaction_taken_back_is_undone_where_it_went_and_may_be_given_again(ground, kind, what, type):
    post = await bobs_post(ground)
    for _ in range(2):
        await act(ground, what, ground.alice, post)
        assert await act(ground, take_back, kind, ground.alice, post)
        assert not await act(ground, take_back, kind, ground.alice, post)

    given, undone = ground.person.host.received(type), ground.person.host.received("Undo")
    assert [one["object"]["id"] for one in undone] == [one["id"] for one in given]
    now = await ground.post(post)
    assert (now.likes_count, now.shares_count) == (0, 0)
    async with ground.house.database.read() as reader:
        assert await activities.list_outbox(reader, ground.alice.uri) == []


async def test_a_reaction_here_taken_back_takes_its_notice_along(ground):
    post = await ground.publish()
    await act(ground, like, ground.carol, post)

    assert await act(ground, take_back, LIKE, ground.carol, post)

    assert await ground.told(ground.alice) == []


async def test_one_who_is_blocked_cannot_react(ground):
    post = await ground.publish()
    await act(ground, block, ground.alice, ground.carol)

    assert not await act(ground, like, ground.carol, post)
    assert (await ground.post(post)).likes_count == 0
