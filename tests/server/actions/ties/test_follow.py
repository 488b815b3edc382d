"""Follows and blocks among our own people, and what they send elsewhere."""

import pytest

from server.actions.people.profile import ProfileChange, change_profile
from server.actions.ties.follow import (
    accept_request,
    block,
    follow,
    receive_accept,
    receive_block,
    receive_follow,
    reject_request,
    unblock,
    unfollow,
)
from server.problems import Forbidden, Invalid, NotFound
from server.store.people import actors
from server.store.ties import follows


async def act(ground, what, *people):
    result = await ground.once(what, ground.site, *people)
    await ground.settle()
    return result


async def state(ground, follower, followed):
    async with ground.house.database.read() as reader:
        found = await follows.find(reader, follower.id, followed.id)
    return found.state if found else None


async def test_a_follow_elsewhere_waits_and_is_sent(ground):
    assert await act(ground, follow, ground.alice, ground.bob) == "pending"

    (sent,) = ground.person.host.received("Follow")
    assert (sent["actor"], sent["object"], sent["to"]) == (ground.alice.uri, ground.bob.uri, [ground.bob.uri])


async def test_a_follow_asked_for_again_while_pending_is_sent_again(ground):
    """The peer may have lost the first one, or we its Accept."""
    for _ in range(2):
        assert await act(ground, follow, ground.alice, ground.bob) == "pending"

    first, second = ground.person.host.received("Follow")
    assert first["object"] == second["object"] and first["id"] != second["id"]


async def test_a_follow_here_is_accepted_at_once_and_told(ground):
    assert await act(ground, follow, ground.alice, ground.carol) == "accepted"

    assert await state(ground, ground.alice, ground.carol) == "accepted"
    assert await ground.told(ground.carol) == ["follow"]
    assert await ground.sent("Follow") == await ground.sent("Accept") == []


async def test_a_follow_of_a_locked_account_here_waits_for_its_owner(ground):
    carol = await act(ground, change_profile, ground.carol, ProfileChange(locked=True))

    assert await act(ground, follow, ground.alice, carol) == "pending"
    assert await ground.told(carol) == ["follow_request"]
    await act(ground, accept_request, carol, ground.alice)
    assert await state(ground, ground.alice, carol) == "accepted"
    assert await ground.told(carol) == ["follow"]


async def test_nobody_follows_or_blocks_themselves(ground):
    for what in (follow, block):
        with pytest.raises(Invalid):
            await act(ground, what, ground.alice, ground.alice)


async def test_nobody_follows_who_blocks_them_or_is_gone(ground):
    await act(ground, block, ground.carol, ground.alice)
    with pytest.raises(Forbidden):
        await act(ground, follow, ground.alice, ground.carol)
    await ground.once(actors.mark_gone, ground.bob.uri, at=1)
    with pytest.raises(Forbidden):
        await act(ground, follow, ground.alice, await ground.house.actor(ground.bob.uri))


async def test_ending_a_follow_elsewhere_names_the_follow_that_was_sent(ground):
    await act(ground, follow, ground.alice, ground.bob)
    await act(ground, unfollow, ground.alice, ground.bob)
    await act(ground, unfollow, ground.alice, ground.bob)

    (sent,), (undo,) = ground.person.host.received("Follow"), ground.person.host.received("Undo")
    assert undo["object"] == {name: sent[name] for name in ("id", "type", "actor", "object")}
    assert await state(ground, ground.alice, ground.bob) is None


async def test_ending_a_follow_here_takes_its_notice_back(ground):
    await act(ground, follow, ground.alice, ground.carol)
    await act(ground, unfollow, ground.alice, ground.carol)

    assert await state(ground, ground.alice, ground.carol) is None
    assert await ground.told(ground.carol) == []


async def test_there_is_nobody_to_let_in_who_did_not_ask(ground):
    for what in (accept_request, reject_request):
        with pytest.raises(NotFound):
            await act(ground, what, ground.alice, ground.bob)


async def test_a_follower_can_be_sent_away(ground):
    await ground.let_bob_follow()

    await act(ground, reject_request, ground.alice, ground.bob)

    assert await state(ground, ground.bob, ground.alice) is None
    (reject,) = ground.person.host.received("Reject")
    assert reject["object"]["id"] == f"{ground.bob.uri}#follow"


async def test_an_accept_alone_adds_nothing(ground):
    assert not await ground.once(receive_accept, ground.site, ground.alice, ground.bob)
    assert await state(ground, ground.alice, ground.bob) is None


async def test_a_block_ends_both_follows_and_is_never_delivered(ground):
    await ground.let_bob_follow()
    await act(ground, follow, ground.alice, ground.bob)
    ground.person.host.inbox.clear()

    await act(ground, block, ground.alice, ground.bob)

    assert await state(ground, ground.alice, ground.bob) is None
    assert await state(ground, ground.bob, ground.alice) is None
    assert sorted(one.document["type"] for one in ground.person.host.inbox) == ["Reject", "Undo"]
    await ground.once(unblock, ground.alice, ground.bob)
    assert await ground.once(receive_follow, ground.site, ground.bob, ground.alice, "x") == "accepted"


async def test_a_block_here_ends_the_follow_without_a_word(ground):
    await act(ground, follow, ground.carol, ground.alice)

    await act(ground, block, ground.alice, ground.carol)

    assert await state(ground, ground.carol, ground.alice) is None
    assert ground.person.host.inbox == []


async def test_one_blocked_by_a_peer_cannot_ask_again(ground):
    await ground.once(receive_block, ground.site, ground.bob, ground.alice, f"{ground.bob.uri}#block")

    with pytest.raises(Forbidden):
        await act(ground, follow, ground.alice, ground.bob)
