"""Polls: options in order, votes counted once, voters apart from votes."""

import pytest

from server.store.people import actors
from server.store.writing import polls, posts
from server.store.writing.polls import Option, Poll
from tests.rows import make_actor, make_post

BOB, EVE = make_actor("bob"), make_actor("eve")


@pytest.fixture
async def tx(database):
    async with database.write() as tx:
        await actors.add(tx, BOB)
        await actors.add(tx, EVE)
        yield tx


async def ask(tx, *titles, **more):
    post = make_post(BOB)
    await posts.add(tx, post)
    facts = {"multiple": True, "hide_totals": False, "expires_at": 100, "voters_count": 0, "checked_at": 1}
    poll = Poll(post.id, told_at=None, options=tuple(Option(one, 0) for one in titles), **(facts | more))
    await polls.add(tx, poll)
    return poll


async def test_options_keep_their_order(tx):
    poll = await ask(tx, "sea", "hills", "city")
    await ask(tx, "other")

    assert await polls.find(tx, poll.post_id) == poll


async def test_a_vote_counts_once_and_a_voter_once(tx):
    poll = await ask(tx, "sea", "hills")

    assert await polls.vote(tx, poll.post_id, BOB.id, 0, at=1)
    assert not await polls.vote(tx, poll.post_id, BOB.id, 0, at=2)
    await polls.vote(tx, poll.post_id, BOB.id, 1, at=2)
    await polls.vote(tx, poll.post_id, EVE.id, 1, at=3)
    await polls.recount_voters(tx, poll.post_id)

    found = await polls.find(tx, poll.post_id)
    assert [one.votes_count for one in found.options] == [1, 2]
    assert (found.votes_count, found.voters_count) == (3, 2)
    assert await polls.list_choices(tx, BOB.id, [poll.post_id]) == {poll.post_id: [0, 1]}


async def test_a_peers_counts_are_taken_over(tx):
    poll = await ask(tx, "sea", "hills", voters_count=None)
    told = Poll(poll.post_id, True, False, 90, 7, 5, None, (Option("sea", 4), Option("hills", 3)))

    await polls.take_over(tx, told)

    assert await polls.find(tx, poll.post_id) == told


async def test_the_end_is_told_once(tx):
    poll = await ask(tx, "sea")

    assert await polls.mark_told(tx, poll.post_id, at=100)
    assert not await polls.mark_told(tx, poll.post_id, at=101)


async def test_only_our_own_voters_are_told(tx):
    here = make_actor("here", local=True)
    await actors.add(tx, here)
    poll = await ask(tx, "sea")
    for voter in (EVE, here):
        await polls.vote(tx, poll.post_id, voter.id, 0, at=1)

    assert [one.id for one in await polls.list_local_voters(tx, poll.post_id)] == [here.id]


async def test_a_forgotten_poll_leaves_nothing(tx):
    poll = await ask(tx, "sea")
    await polls.vote(tx, poll.post_id, EVE.id, 0, at=1)

    await polls.drop_of_post(tx, poll.post_id)

    assert await polls.list_of_posts(tx, [poll.post_id]) == {}
    assert await polls.list_choices(tx, EVE.id, [poll.post_id]) == {}


@pytest.mark.parametrize(("expires_at", "over"), [(None, False), (11, False), (10, True)])
def test_a_poll_is_over_at_its_end(expires_at, over):
    assert Poll(1, False, False, expires_at, 0, 0, None).is_over(10) is over
