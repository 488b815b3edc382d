"""Mutes, blocked hosts, and what peers hear of them."""

from dataclasses import replace

import pytest

from server.actions.ties.block_domain import block_domain, read_host, unblock_domain
from server.actions.ties.follow import follow, receive_follow
from server.actions.ties.mute import mute, unmute
from server.actions.writing.react import receive_reaction
from server.problems import Forbidden, Invalid
from server.remote.people import find_actor
from server.store.paging import Stretch
from server.store.people import actors
from server.store.reading import showing
from server.store.reading.reactions import LIKE
from server.store.ties import domain_blocks, follows, hidden, mutes, relationships
from tests.remote_host import RemoteHost


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


NAMES, HOMES = "names.example", "homes.example"
NOBODY = "ignored: nobody here reads it"
EITHER = pytest.mark.parametrize("host", [NAMES, HOMES])


@pytest.fixture
async def zoe(ground):
    """Zoe lives on one host, and her name is of another; both say so."""
    network, clock = ground.house.network, ground.house.clock
    person = RemoteHost(network, clock, origin=f"https://{HOMES}").person("zoe", webfinger=f"zoe@{NAMES}")
    RemoteHost(network, clock, origin=f"https://{NAMES}").lend_name("zoe", person.uri)
    return person


async def hear(ground, person, document):
    assert await person.send(document, f"{ground.house.origin}/inbox") == 202
    await ground.settle()
    return await ground.house.outcome(str(document["id"]))


@EITHER
async def test_a_block_covers_the_host_of_the_name_and_of_the_address(ground, zoe, host):
    known = await find_actor(ground.house.services, zoe.uri)
    post = await ground.publish()
    await ground.once(receive_follow, ground.site, known, ground.alice, f"{zoe.uri}#follow")
    await ground.once(follow, ground.site, ground.alice, known)
    await ground.once(block_domain, ground.site, ground.alice, host)
    await ground.settle()

    async with ground.house.database.read() as reader:
        assert await follows.find(reader, ground.alice.id, known.id) is None
        assert await follows.find(reader, known.id, ground.alice.id) is None
        ties = await showing.find_ties(reader, ground.alice.id, [known.id], now=0)
        (standing,) = await relationships.find_standings(reader, ground.alice.id, [known.id], now=0)
    assert ties.unwanted_host == {known.id} and standing.domain_blocking
    assert await hidden_from_alice(ground, known, ground.bob, ground.carol) == {known.id}
    with pytest.raises(Forbidden):
        await ground.once(follow, ground.site, ground.alice, known)
    assert not await ground.once(receive_reaction, ground.site, LIKE, known, post, f"{zoe.uri}#like")
    assert (
        await hear(ground, zoe, zoe.create(zoe.note(to=[ground.alice.uri], cc=[]))) == "ignored: nobody here reads it"
    )


@EITHER
async def test_of_a_stranger_at_either_blocked_host_nothing_is_kept(ground, zoe, host):
    await ground.once(block_domain, ground.site, ground.alice, host)

    assert (
        await hear(ground, zoe, zoe.create(zoe.note(to=[ground.alice.uri], cc=[]))) == "ignored: nobody here reads it"
    )


async def test_the_spelling_of_an_address_lets_nobody_round_a_block(ground):
    """Zoe's name is of another host, and her address spells its own in capitals, with its port."""
    network, clock = ground.house.network, ground.house.clock
    zoe = RemoteHost(network, clock, origin=f"https://{HOMES}").person("zoe")
    known = await find_actor(ground.house.services, zoe.uri)
    odd = replace(known, id=ground.site.ids.new(), uri=f"https://{HOMES.upper()}:443?zoe", host=NAMES)
    await ground.once(actors.add, odd)
    await ground.once(block_domain, ground.site, ground.alice, HOMES)

    assert await hidden_from_alice(ground, odd) == {odd.id}


async def test_who_takes_a_name_at_a_blocked_host_loses_the_follows_of_who_blocks_it(ground, zoe):
    zoe.host.show("/users/zoe", {key: value for key, value in zoe.document.items() if key != "webfinger"})
    known = await find_actor(ground.house.services, zoe.uri)
    for person in (ground.alice, ground.carol):
        await ground.once(follow, ground.site, person, known)
    await ground.once(receive_follow, ground.site, known, ground.alice, f"{zoe.uri}#follow")
    await ground.once(block_domain, ground.site, ground.alice, NAMES)
    await ground.settle()

    zoe.host.show("/users/zoe", zoe.document)
    await find_actor(ground.house.services, zoe.uri, fresh=True)
    await ground.settle()

    async with ground.house.database.read() as reader:
        assert await follows.find(reader, ground.alice.id, known.id) is None
        assert await follows.find(reader, known.id, ground.alice.id) is None
        assert await follows.find(reader, ground.carol.id, known.id) is not None
    assert "severed_relationships" in await ground.told(ground.alice)
