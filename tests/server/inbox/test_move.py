"""Somebody goes to live elsewhere: whom they take along, and when nobody believes it."""

from dataclasses import replace

import pytest

from server.actions.ties.carry_over import AGAIN_SECONDS, STEP
from server.actions.ties.follow import Wanted, follow
from server.actions.ties.mute import mute
from server.store.people import actors, hiding, private_notes
from server.store.reading import feeds
from server.store.ties import follows, lists, mutes
from server.store.ties.lists import List
from tests.instance import run_jobs_until_idle


@pytest.fixture
def new_bob(street):
    """Where bob lives from now on."""
    return street.eve.host.person("bobby", alsoKnownAs=[street.bob.uri])


def moving(street, target, **more):
    return street.bob.activity("Move", street.bob.uri, target=target.uri, to=[street.bob.followers], **more)


async def test_s172_who_follows_is_taken_along_to_the_new_place(street, new_bob):
    # Given that alice follows bob with boosts off
    await street.follow(street.bob)
    bob = await street.known(street.bob)
    async with street.house.database.write() as tx:
        await follow(tx, street.house.site, street.alice, bob, Wanted(reblogs=False, notify=True, languages=("de",)))

    # When bob moves
    assert await street.arrive(street.bob, moving(street, new_bob)) == "moved"

    # Then the new place is asked, the old one left, and what alice wanted of him stays
    (asked,) = new_bob.host.received("Follow")
    assert (asked["actor"], asked["object"]) == (street.alice.uri, new_bob.uri)
    (undone,) = street.bob.host.received("Undo")
    assert undone["object"]["object"] == street.bob.uri
    assert await street.state(street.bob) is None
    new = await street.known(new_bob)
    async with street.house.database.read() as reader:
        known = await follows.find(reader, street.alice.id, new.id)
        assert (await actors.find(reader, bob.id)).moved_to == new_bob.uri
    assert (known.reblogs, known.notify, known.wanted_languages) == (False, True, ("de",))


async def test_what_came_from_the_old_place_stays_in_the_feeds(street, new_bob):
    # Given a post of bob's in alice's home feed, and in a list of hers
    await street.follow(street.bob)
    bob = await street.known(street.bob)
    async with street.house.database.write() as tx:
        await lists.add(tx, List(7, street.alice.id, "friends", "list", exclusive=False, created_at=1))
        await lists.add_member(tx, id=8, list_id=7, target_id=bob.id)
    note = street.bob.note("<p>before</p>")
    assert await street.arrive(street.bob, street.bob.create(note)) == "kept"

    # When he moves
    assert await street.arrive(street.bob, moving(street, new_bob)) == "moved"

    # Then it is there still, though she does not follow the old place any more
    kept = await street.post(note["id"])
    assert await street.state(street.bob) is None
    async with street.house.database.read() as reader:
        assert sorted(await feeds.list_having(reader, kept.id)) == [(feeds.HOME, street.alice.id), (feeds.LIST, 7)]


async def test_the_new_place_may_say_it_too_when_the_old_one_names_it(street, new_bob):
    await street.follow(street.bob)
    told = new_bob.activity("Move", street.bob.uri, target=new_bob.uri)
    assert (await street.arrive(new_bob, told)).startswith("refused")

    street.bob.host.person("bob", movedTo=new_bob.uri)
    told = new_bob.activity("Move", street.bob.uri, target=new_bob.uri)
    assert await street.arrive(new_bob, told) == "moved"

    assert len(new_bob.host.received("Follow")) == 1


@pytest.mark.parametrize("aliases", [[], ["https://remote.example/users/mallory"]])
async def test_s172_a_move_that_the_new_place_does_not_confirm_is_refused(street, aliases):
    victim = street.eve.host.person("victim", alsoKnownAs=aliases)
    await street.follow(street.bob)

    assert (await street.arrive(street.bob, moving(street, victim))).startswith("refused")

    assert await street.state(street.bob) == "accepted"
    assert victim.host.received("Follow") == []


async def test_what_the_new_place_says_is_asked_anew(street, new_bob):
    # Given that we know the new place without an alias
    street.eve.host.person("bobby")
    await street.known(new_bob)
    await street.follow(street.bob)

    # When it names the old one just before the move
    street.eve.host.person("bobby", alsoKnownAs=[street.bob.uri])

    assert await street.arrive(street.bob, moving(street, new_bob)) == "moved"


async def test_nobody_moves_twice_in_a_week(street, new_bob):
    third = street.eve.host.person("third", alsoKnownAs=[street.bob.uri])
    await street.follow(street.bob)
    await street.arrive(street.bob, moving(street, new_bob))
    async with street.house.database.write() as tx:
        bob = await actors.find_by_uri(tx, street.bob.uri)
        await actors.replace(tx, replace(bob, moved_to=None))
    await street.follow(street.bob)

    assert await street.arrive(street.bob, moving(street, third)) == "ignored: this actor moved not long ago"

    street.house.clock.advance(AGAIN_SECONDS + 1)
    assert await street.arrive(street.bob, moving(street, third)) == "moved"


async def test_a_place_that_was_left_itself_takes_nobody(street):
    gone_on = street.eve.host.person("on", alsoKnownAs=[street.bob.uri], movedTo=street.mallory.uri)
    await street.follow(street.bob)

    assert await street.arrive(street.bob, moving(street, gone_on)) == "ignored: the new actor has moved on itself"


async def test_a_place_that_is_suspended_takes_nobody(street, new_bob):
    await street.follow(street.bob)
    new = await street.known(new_bob)
    async with street.house.database.write() as tx:
        await hiding.mark(tx, hiding.SUSPENDED, new.id, at=1)

    assert await street.arrive(street.bob, moving(street, new_bob)) == "ignored: nobody can be followed there"


async def test_who_is_suspended_takes_nobody_along_though_the_new_place_says_it(street, new_bob):
    await street.follow(street.bob)
    bob = await street.known(street.bob)
    async with street.house.database.write() as tx:
        await hiding.mark(tx, hiding.SUSPENDED, bob.id, at=1)
    street.bob.host.person("bob", movedTo=new_bob.uri)

    told = new_bob.activity("Move", street.bob.uri, target=new_bob.uri)
    assert await street.arrive(new_bob, told) == "ignored: we do not know who moves"


async def test_a_move_with_which_nobody_has_to_do_makes_us_ask_nobody(street, new_bob):
    outcome = await street.arrive(street.bob, moving(street, new_bob))

    assert outcome == "ignored: nobody here has to do with who moves"
    assert new_bob.host.gets == []


async def test_who_blocks_the_new_place_stays_where_they_are(street, new_bob):
    await street.follow(street.bob)
    await street.block(new_bob)

    assert await street.arrive(street.bob, moving(street, new_bob)) == "moved"

    assert await street.state(street.bob) == "accepted"
    assert new_bob.host.received("Follow") == []


async def test_lists_notes_mutes_and_blocks_go_along(street, new_bob):
    # Given alice who follows bob, on a list and with a note, and carol who blocks him
    house = street.house
    await street.follow(street.bob)
    bob = await street.known(street.bob)
    async with house.database.write() as tx:
        await lists.add(tx, List(1, street.alice.id, "friends", "list", False, 1))
        await lists.add_member(tx, id=2, list_id=1, target_id=bob.id)
        await private_notes.put(tx, street.alice.id, bob.id, "owes me tea")
        await follows.block(tx, id=3, actor_id=street.carol.id, target_id=bob.id, uri="urn:b", at=1)
        await mute(tx, house.site, street.carol, bob, hides_notifications=False, seconds=3600)

    await street.arrive(street.bob, moving(street, new_bob))

    new = await street.known(new_bob)
    async with house.database.read() as reader:
        assert await lists.list_member_ids(reader, 1) == [new.id]
        assert await private_notes.find(reader, street.alice.id, new.id) == (
            "Moved from @bob@remote.example; your note there:\nowes me tea"
        )
        assert await follows.is_blocked(reader, by=street.carol.id, actor_id=new.id)
        muted = await mutes.find(reader, street.carol.id, new.id, now=house.clock.now())
        assert "muted" in await private_notes.find(reader, street.carol.id, new.id)
    assert not muted.hides_notifications
    assert 0 < muted.expires_at - house.clock.now() <= 3600 * 1_000_000


async def test_a_crowd_is_taken_along_step_by_step_and_twice_is_as_once(street, new_bob):
    crowd = [await street.house.register(f"p{number}") for number in range(STEP + 2)]
    for one in crowd:
        await street.follow(street.bob, by=one)
    await street.arrive(street.bob, moving(street, new_bob))
    bob, new = await street.known(street.bob), await street.known(new_bob)
    async with street.house.database.write() as tx:
        await street.house.site.queue.enqueue(tx, "carry_over", {"old": bob.id, "new": new.id, "after": 0})
    await run_jobs_until_idle(street.house)

    assert {one["actor"] for one in new_bob.host.received("Follow")} == {one.uri for one in crowd}
    assert len(new_bob.host.received("Follow")) == len(street.bob.host.received("Undo")) == len(crowd)


async def test_who_moves_here_brings_whom_we_have_even_if_they_lock_their_door(street):
    dora = await street.house.register("dora", locked=True)
    async with street.house.database.write() as tx:
        dora = await actors.find(tx, dora.id)
        await actors.replace(tx, replace(dora, also_known_as=f'["{street.bob.uri}"]'))
    await street.follow(street.bob)

    told = street.bob.activity("Move", street.bob.uri, target=dora.uri)
    assert await street.arrive(street.bob, told) == "moved"

    async with street.house.database.read() as reader:
        assert await follows.follows_accepted(reader, street.alice.id, dora.id)


async def test_where_somebody_moved_from_can_no_longer_be_followed(street, new_bob):
    await street.follow(street.bob, by=street.carol)
    await street.arrive(street.bob, moving(street, new_bob))

    bob = await street.known(street.bob)
    with pytest.raises(Exception, match="has moved"):
        async with street.house.database.write() as tx:
            await follow(tx, street.house.site, street.alice, bob)
