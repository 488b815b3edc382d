"""Mutes, blocked hosts, and what peers hear of them."""

import pytest

from server.actions.ties.block_domain import block_domain, read_host, unblock_domain
from server.actions.ties.follow import follow, receive_follow
from server.actions.ties.mute import mute, unmute
from server.actions.writing.react import receive_reaction
from server.problems import Invalid
from server.store.paging import Stretch
from server.store.reading.reactions import LIKE
from server.store.ties import domain_blocks, follows, hidden, mutes


async def hidden_from_alice(ground, *people):
    async with ground.house.database.read() as reader:
        ids = [one.id for one in people]
        return await hidden.find_hidden(reader, ground.alice.id, ids, now=ground.site.clock.now())


async def test_who_is_muted_hears_nothing_of_it(ground):
    await ground.once(mute, ground.site, ground.alice, ground.bob)
    await ground.settle()

    assert await hidden_from_alice(ground, ground.bob, ground.carol) == {ground.bob.id}
    assert ground.person.host.inbox == []
    await ground.once(unmute, ground.alice, ground.bob)
    assert await hidden_from_alice(ground, ground.bob) == set()


async def test_a_mute_is_over_at_its_time_and_is_swept_away(ground):
    await ground.once(mute, ground.site, ground.alice, ground.bob, seconds=60)

    ground.site.clock.advance(60)

    assert await hidden_from_alice(ground, ground.bob) == set()
    assert await ground.once(mutes.drop_over, now=ground.site.clock.now()) == 1


async def test_nobody_mutes_themselves(ground):
    with pytest.raises(Invalid):
        await ground.once(mute, ground.site, ground.alice, ground.alice)


async def test_a_blocked_host_loses_its_follows_both_ways(ground):
    await ground.let_bob_follow()
    await ground.once(follow, ground.site, ground.alice, ground.bob)
    await ground.settle()
    ground.person.host.inbox.clear()

    await ground.once(block_domain, ground.site, ground.alice, ground.bob.host)
    await ground.settle()

    async with ground.house.database.read() as reader:
        assert await follows.find(reader, ground.alice.id, ground.bob.id) is None
        assert await follows.find(reader, ground.bob.id, ground.alice.id) is None
    assert sorted(one.document["type"] for one in ground.person.host.inbox) == ["Reject", "Undo"]
    assert await hidden_from_alice(ground, ground.bob, ground.carol) == {ground.bob.id}


async def test_somebody_of_a_blocked_host_can_neither_follow_nor_like(ground):
    post = await ground.publish()
    await ground.once(block_domain, ground.site, ground.alice, ground.bob.host)

    asked = await ground.once(receive_follow, ground.site, ground.bob, ground.alice, f"{ground.bob.uri}#follow")
    liked = await ground.once(receive_reaction, ground.site, LIKE, ground.bob, post, f"{ground.bob.uri}#like")

    assert (asked, liked) == ("rejected", False)
    assert await ground.told(ground.alice) == []


async def test_others_here_are_not_touched_by_it(ground):
    await ground.once(block_domain, ground.site, ground.alice, ground.bob.host)

    assert await ground.once(receive_follow, ground.site, ground.bob, ground.carol, f"{ground.bob.uri}#2") == "accepted"


async def test_a_block_taken_back_before_its_job_ends_nothing(ground):
    await ground.let_bob_follow()
    await ground.once(block_domain, ground.site, ground.alice, ground.bob.host)
    await ground.once(unblock_domain, ground.alice, ground.bob.host)
    await ground.settle()

    async with ground.house.database.read() as reader:
        assert await follows.find(reader, ground.bob.id, ground.alice.id) is not None
        assert await domain_blocks.list_hosts(reader, ground.alice.id, Stretch()) == []


@pytest.mark.parametrize(
    ("written", "kept"),
    [("Example.COM", "example.com"), (" example.com. ", "example.com"), ("bücher.example", "xn--bcher-kva.example")],
)
def test_a_host_is_kept_in_one_spelling(written, kept):
    assert read_host(written) == kept
