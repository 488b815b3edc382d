"""Feeds: each shows what belongs there, newest first, and nothing of what its reader may not see."""

import pytest

from server.store import actors, follows, posts, timelines
from tests.rows import make, make_actor, make_post

ALICE = make_actor("alice", host="pinxit.example", local=True)
BOB, EVE = make_actor("bob"), make_actor("eve")
VISIBILITIES = ("public", "unlisted", "followers", "direct")


@pytest.fixture
async def tx(database):
    async with database.write() as tx:
        for one in (ALICE, BOB, EVE):
            await actors.add(tx, one)
        yield tx


async def post(tx, author, tags=(), **given):
    one = make_post(author, **given)
    await posts.add(tx, one, tags=tags)
    return one.id


async def let_follow(tx, follower, followed, state="accepted"):
    await follows.put(
        tx,
        make(
            follows.Follow,
            id=follower.id * 7 + followed.id,
            follower_id=follower.id,
            followed_id=followed.id,
            uri=f"{follower.id}-{followed.id}",
            state=state,
        ),
    )


def ids(found):
    return [one.id for one in found]


async def test_the_local_feed_shows_our_public_posts_that_are_no_replies(tx):
    for visibility in VISIBILITIES:
        await post(tx, ALICE, visibility=visibility)
    newest = await post(tx, ALICE)
    await post(tx, ALICE, in_reply_to_uri="https://x.example/1")
    await post(tx, ALICE, deleted_at=5)
    await post(tx, BOB)

    found = await timelines.read_local(tx)

    assert found[0].id == newest
    assert [one.visibility for one in found] == ["public", "public"]


async def test_a_profile_shows_what_its_owner_has_not_deleted(tx):
    expected = [await post(tx, ALICE, visibility=visibility) for visibility in VISIBILITIES]
    await post(tx, ALICE, deleted_at=5)
    await post(tx, BOB)

    assert ids(await timelines.read_own_profile(tx, ALICE.id)) == expected[::-1]


async def test_home_shows_whom_one_follows_and_oneself_and_nobody_else(tx):
    await let_follow(tx, ALICE, BOB)
    await let_follow(tx, ALICE, EVE, state="pending")
    expected = [await post(tx, BOB, visibility="followers"), await post(tx, ALICE), await post(tx, BOB)]
    await post(tx, EVE)
    await post(tx, BOB, deleted_at=5)
    await post(tx, BOB, visibility="direct")

    assert ids(await timelines.read_home(tx, ALICE.id)) == expected[::-1]


async def test_a_tag_shows_public_posts_of_everybody_whatever_the_case(tx):
    expected = [await post(tx, ALICE, tags=["Boat"]), await post(tx, BOB, tags=["boat", "sea"])]
    await post(tx, BOB, tags=["boat"], visibility="unlisted")
    await post(tx, BOB, tags=["sea"])

    assert ids(await timelines.read_tag(tx, "BOAT")) == expected[::-1]


async def test_a_feed_goes_on_below_the_last_one_shown(tx):
    everything = [await post(tx, ALICE) for _ in range(5)][::-1]

    first = ids(await timelines.read_local(tx, limit=2))
    second = ids(await timelines.read_local(tx, before=first[-1], limit=2))
    third = ids(await timelines.read_local(tx, before=second[-1], limit=2))

    assert [*first, *second, *third] == everything
