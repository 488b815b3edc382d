"""Follows and blocks: one row for two people, and where the accepted ones read."""

import pytest

from server.store.people import actors
from server.store.ties import follows
from server.store.ties.follows import Follow
from tests.rows import make, make_actor

ALICE = make_actor("alice", host="pinxit.example", local=True)
CAROL = make_actor("carol", host="pinxit.example", local=True)
BOB = make_actor("bob", shared_inbox="https://remote.example/inbox")
EVE = make_actor("eve")
GONE = make_actor("gone", gone_at=5)
SUSPENDED = make_actor("suspended", suspended_at=5)
EVERYBODY = (ALICE, CAROL, BOB, EVE, GONE, SUSPENDED)


@pytest.fixture
async def tx(database):
    async with database.write() as tx:
        for one in EVERYBODY:
            await actors.add(tx, one)
        yield tx


async def ask(tx, follower, followed, uri="https://remote.example/f", state="pending"):
    row = make(Follow, id=follower.id, follower_id=follower.id, followed_id=followed.id, uri=uri, state=state)
    await follows.put(tx, row)


async def test_a_repeated_follow_takes_the_new_id_and_keeps_its_state(tx):
    await ask(tx, BOB, ALICE, uri="https://remote.example/1")
    await follows.accept(tx, BOB.id, ALICE.id, at=9)
    await ask(tx, BOB, ALICE, uri="https://remote.example/2")

    found = await follows.find(tx, BOB.id, ALICE.id)
    assert (found.uri, found.state, found.accepted_at) == ("https://remote.example/2", "accepted", 9)
    assert await follows.find_by_uri(tx, "https://remote.example/1") is None


async def test_only_a_pending_follow_can_be_accepted_and_only_once(tx):
    assert not await follows.accept(tx, BOB.id, ALICE.id, at=1)
    await ask(tx, BOB, ALICE)

    assert not await follows.follows_accepted(tx, BOB.id, ALICE.id)
    assert await follows.accept(tx, BOB.id, ALICE.id, at=1)
    assert await follows.follows_accepted(tx, BOB.id, ALICE.id)
    assert not await follows.accept(tx, BOB.id, ALICE.id, at=2)


async def test_a_follow_has_a_direction(tx):
    await ask(tx, BOB, ALICE, state="accepted")

    assert not await follows.follows_accepted(tx, ALICE.id, BOB.id)
    assert (await follows.count_followers(tx, ALICE.id), await follows.count_following(tx, ALICE.id)) == (1, 0)
    assert [one.id for _, one in await follows.list_following(tx, BOB.id)] == [ALICE.id]
    assert not await follows.drop(tx, ALICE.id, BOB.id)
    assert await follows.drop(tx, BOB.id, ALICE.id)


async def test_posts_go_to_accepted_followers_elsewhere_who_are_still_there(tx):
    for follower in (CAROL, BOB, GONE, SUSPENDED):
        await ask(tx, follower, ALICE, state="accepted")
    await ask(tx, EVE, ALICE, state="pending")

    (reached,) = await follows.list_inboxes(tx, ALICE.id)

    assert (reached.inbox, reached.shared_inbox) == (BOB.inbox, BOB.shared_inbox)
    assert await follows.list_inboxes(tx, ALICE.id, after=reached.cursor) == []


async def test_the_inboxes_come_page_by_page_and_none_twice(tx):
    crowd = [make_actor(f"fan{number}") for number in range(7)]
    for one in crowd:
        await actors.add(tx, one)
        await ask(tx, one, ALICE, state="accepted")

    seen, after = [], 0
    while page := await follows.list_inboxes(tx, ALICE.id, after=after, limit=3):
        seen += [one.inbox for one in page]
        after = page[-1].cursor

    assert seen == [one.inbox for one in crowd]


async def test_an_actor_is_read_here_if_one_of_ours_was_let_in(tx):
    await ask(tx, ALICE, BOB)
    assert not await follows.has_local_follower(tx, BOB.id)
    await follows.accept(tx, ALICE.id, BOB.id, at=1)
    assert await follows.has_local_follower(tx, BOB.id)
    await ask(tx, BOB, EVE, state="accepted")
    assert not await follows.has_local_follower(tx, EVE.id)


async def test_all_follows_of_somebody_end_in_both_directions(tx):
    await ask(tx, BOB, ALICE, state="accepted")
    await ask(tx, ALICE, BOB, state="accepted")
    await ask(tx, EVE, ALICE, state="accepted")

    await follows.drop_all(tx, BOB.id)

    assert [one.id for _, one in await follows.list_followers(tx, ALICE.id)] == [EVE.id]
    assert await follows.count_following(tx, ALICE.id) == 0


async def test_a_block_has_a_direction_and_is_found_by_its_id(tx):
    for _ in range(2):
        await follows.block(tx, id=1, actor_id=ALICE.id, target_id=BOB.id, uri="https://pinxit.example/b", at=1)

    assert await follows.is_blocked(tx, by=ALICE.id, actor_id=BOB.id)
    assert not await follows.is_blocked(tx, by=BOB.id, actor_id=ALICE.id)
    assert await follows.find_block_by_uri(tx, "https://pinxit.example/b") == (ALICE.id, BOB.id)
    await follows.unblock(tx, ALICE.id, BOB.id)
    assert not await follows.is_blocked(tx, by=ALICE.id, actor_id=BOB.id)
