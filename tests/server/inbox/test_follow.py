"""Follows that arrive, their answers and their end."""

import pytest

from server.actions.people.profile import ProfileChange, change_profile
from server.actions.ties.follow import accept_request, reject_request
from server.store.ties import follows
from tests.instance import run_jobs_until_idle
from tests.remote_host import Shown


async def lock(street):
    async with street.house.database.write() as tx:
        street.alice = await change_profile(tx, street.house.site, street.alice, ProfileChange(locked=True))
    await run_jobs_until_idle(street.house)


async def answer(street, how, person):
    follower = await street.known(person)
    async with street.house.database.write() as tx:
        await how(tx, street.house.site, street.alice, follower)
    await run_jobs_until_idle(street.house)


def undo(person, follow):
    return person.activity("Undo", follow, id=f"{follow['id']}#undo")


async def test_s161_a_follow_is_accepted_with_that_follow_as_object(street):
    follow = street.bob.activity("Follow", street.alice.uri)

    assert await street.arrive(street.bob, follow) == "accepted"

    assert await street.followers() == [street.bob.uri]
    assert await street.told() == [("follow", "bob")]
    (accept,) = street.bob.host.received("Accept")
    assert accept["actor"] == street.alice.uri
    assert accept["object"] == {
        "id": follow["id"],
        "type": "Follow",
        "actor": street.bob.uri,
        "object": street.alice.uri,
    }


async def test_an_undo_by_the_id_of_somebody_elses_follow_ends_no_follow_of_ones_own(street):
    follow = street.bob.activity("Follow", street.alice.uri)
    await street.arrive(street.bob, follow)
    await street.arrive(street.mallory, street.mallory.activity("Follow", street.alice.uri))

    told = street.mallory.activity("Undo", follow["id"])
    assert await street.arrive(street.mallory, told) == "ignored: there is nothing to undo"

    assert set(await street.followers()) == {street.bob.uri, street.mallory.uri}


async def test_s162_a_refused_follow_adds_nobody(street):
    await street.block(street.bob)

    assert await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri)) == "rejected"

    assert await street.followers() == []
    assert await street.told() == []
    assert len(street.bob.host.received("Reject")) == 1
    assert street.bob.host.received("Accept") == []


async def test_s163_a_follow_of_a_locked_account_waits_for_its_owner(street):
    await lock(street)
    follow = street.bob.activity("Follow", street.alice.uri)

    assert await street.arrive(street.bob, follow) == "pending"
    assert await street.followers() == []
    assert await street.told() == [("follow_request", "bob")]
    assert street.bob.host.received("Accept") == []

    await answer(street, accept_request, street.bob)
    assert await street.followers() == [street.bob.uri]
    assert await street.told() == [("follow", "bob")]
    (accept,) = street.bob.host.received("Accept")
    assert accept["object"]["id"] == follow["id"]


async def test_s163_the_owner_of_a_locked_account_may_refuse(street):
    await lock(street)
    await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri))

    await answer(street, reject_request, street.bob)

    assert await street.followers() == []
    assert await street.told() == []
    assert len(street.bob.host.received("Reject")) == 1


async def test_a_follower_who_asks_again_under_another_id_is_answered_again(street):
    first, second = [street.bob.activity("Follow", street.alice.uri) for _ in range(2)]
    await street.arrive(street.bob, first)

    assert await street.arrive(street.bob, second) == "accepted"

    assert await street.followers() == [street.bob.uri]
    assert [one["object"]["id"] for one in street.bob.host.received("Accept")] == [first["id"], second["id"]]
    assert await street.told() == [("follow", "bob")]


async def test_s151_a_follow_that_comes_again_under_its_id_is_taken_once(street):
    follow = street.bob.activity("Follow", street.alice.uri)
    for _ in range(3):
        await street.arrive(street.bob, follow)

    assert len(street.bob.host.received("Accept")) == 1


async def test_s170_an_undo_ends_the_follow_and_its_notice(street):
    follow = street.bob.activity("Follow", street.alice.uri)
    await street.arrive(street.bob, follow)

    assert await street.arrive(street.bob, undo(street.bob, follow)) == "undone"

    assert await street.followers() == []
    assert await street.told() == []


async def test_s166_an_undo_may_name_the_follow_by_its_id_alone(street):
    follow = street.bob.activity("Follow", street.alice.uri)
    await street.arrive(street.bob, follow)

    assert await street.arrive(street.bob, street.bob.activity("Undo", follow["id"])) == "undone"
    assert await street.followers() == []


async def test_s166_an_undo_with_a_fresh_follow_id_is_matched_by_actor_and_object(street):
    await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri))
    rewritten = street.bob.activity("Follow", street.alice.uri)

    assert await street.arrive(street.bob, street.bob.activity("Undo", rewritten)) == "undone"
    assert await street.followers() == []


async def test_a_follow_seen_again_after_its_undo_counts_as_new_every_time(street):
    """Takahe uses one id for every Follow of the same two people, and one for every Undo of it."""
    follow = street.bob.activity("Follow", street.alice.uri)
    for _ in range(3):
        await street.arrive(street.bob, follow)
        assert await street.followers() == [street.bob.uri]
        await street.arrive(street.bob, undo(street.bob, follow))
        assert await street.followers() == []

    assert len(street.bob.host.received("Accept")) == 3


async def test_an_undo_that_comes_late_and_twice_does_not_end_a_newer_follow(street):
    first, second = [street.bob.activity("Follow", street.alice.uri) for _ in range(2)]
    await street.arrive(street.bob, first)
    ending = undo(street.bob, first)
    await street.arrive(street.bob, ending)
    await street.arrive(street.bob, second)

    await street.arrive(street.bob, ending)

    assert await street.followers() == [street.bob.uri]


@pytest.mark.parametrize("target", ["", "/users/nobody", "/actor", "/users/alice/posts/1"])
async def test_a_follow_of_what_cannot_be_followed_is_ignored(street, target):
    outcome = await street.arrive(street.bob, street.bob.activity("Follow", street.house.origin + target))

    assert outcome == "ignored: it follows nobody here"
    assert street.bob.host.inbox == []


async def test_a_follow_of_somebody_elsewhere_is_ignored(street):
    outcome = await street.arrive(street.bob, street.bob.activity("Follow", street.eve.uri))

    assert outcome == "ignored: it follows nobody here"


async def test_a_follower_whose_server_is_down_is_answered_when_it_is_back(street):
    follow = street.bob.activity("Follow", street.alice.uri)
    street.bob.host.answers = [Shown(b"", 503)]

    await street.arrive(street.bob, follow)
    assert len(street.bob.host.inbox) == 1
    street.house.clock.advance(60)
    await run_jobs_until_idle(street.house)

    assert len(street.bob.host.received("Accept")) == 2
    async with street.house.database.read() as reader:
        assert await follows.count_followers(reader, street.alice.id) == 1
