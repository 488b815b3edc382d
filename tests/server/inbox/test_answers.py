"""Accept and Reject: only for a Follow that we sent, and only from whom it was sent to."""

import pytest

from server.actions.ties.follow import unfollow
from tests.instance import run_jobs_until_idle


def embedded(street, uri, *, follower=None, followed=None):
    return {
        "id": uri,
        "type": "Follow",
        "actor": follower or street.alice.uri,
        "object": followed or street.bob.uri,
    }


async def test_s164_an_accept_of_our_follow_adds_to_following(street):
    uri = await street.follow(street.bob, accepted=False)
    assert await street.state(street.bob) == "pending"

    assert await street.arrive(street.bob, street.bob.activity("Accept", embedded(street, uri))) == "accepted"

    assert await street.state(street.bob) == "accepted"


async def test_s166_an_accept_may_name_our_follow_by_its_id_alone(street):
    uri = await street.follow(street.bob, accepted=False)

    assert await street.arrive(street.bob, street.bob.activity("Accept", uri)) == "accepted"


async def test_s166_an_accept_whose_follow_has_a_rewritten_id_is_matched_by_its_actors(street):
    await street.follow(street.bob, accepted=False)
    inner = embedded(street, f"{street.bob.uri}/rewritten/1")

    assert await street.arrive(street.bob, street.bob.activity("Accept", inner)) == "accepted"


async def test_s164_an_accept_that_we_did_not_ask_for_adds_nothing(street):
    inner = embedded(street, f"{street.alice.uri}/activities/1")

    outcome = await street.arrive(street.bob, street.bob.activity("Accept", inner))

    assert outcome == "ignored: it answers no Follow of ours"
    assert await street.state(street.bob) is None


@pytest.mark.parametrize("type", ["Accept", "Reject"])
@pytest.mark.parametrize("intruder", ["mallory", "eve"])
@pytest.mark.parametrize("form", ["id", "embedded", "rewritten", "claiming"])
async def test_t32_nobody_answers_a_follow_that_was_sent_to_another(street, type, intruder, form):
    uri = await street.follow(street.bob, accepted=False)
    sender = getattr(street, intruder)
    answer = {
        "id": uri,
        "embedded": embedded(street, uri),
        "rewritten": embedded(street, f"{sender.uri}/rewritten"),
        "claiming": embedded(street, uri, followed=sender.uri),
    }[form]

    outcome = await street.arrive(sender, sender.activity(type, answer))

    assert outcome.startswith(("refused:", "ignored:"))
    assert await street.state(street.bob) == "pending"
    assert await street.state(sender) is None


async def test_t32_the_follow_of_another_of_us_is_not_accepted_along(street):
    uri = await street.follow(street.bob, accepted=False)
    await street.follow(street.bob, by=street.carol, accepted=False)

    await street.arrive(street.bob, street.bob.activity("Accept", embedded(street, uri)))

    assert await street.state(street.bob, by=street.carol) == "pending"


async def test_s165_a_reject_refuses_what_was_asked(street):
    uri = await street.follow(street.bob, accepted=False)

    assert await street.arrive(street.bob, street.bob.activity("Reject", embedded(street, uri))) == "rejected"
    assert await street.state(street.bob) is None


async def test_s165_a_reject_ends_what_was_accepted_before(street):
    uri = await street.follow(street.bob)

    assert await street.arrive(street.bob, street.bob.activity("Reject", uri)) == "rejected"
    assert await street.state(street.bob) is None


async def test_s165_a_reject_never_adds(street):
    outcome = await street.arrive(street.bob, street.bob.activity("Reject", embedded(street, "https://x.example/1")))

    assert outcome == "ignored: it answers no Follow of ours"
    assert await street.state(street.bob) is None


async def test_an_accept_that_comes_twice_is_no_error(street):
    uri = await street.follow(street.bob, accepted=False)
    await street.arrive(street.bob, street.bob.activity("Accept", uri))

    outcome = await street.arrive(street.bob, street.bob.activity("Accept", uri))

    assert outcome == "ignored: the Follow was not pending"
    assert await street.state(street.bob) == "accepted"


async def test_an_accept_that_comes_after_we_took_the_follow_back_adds_nothing(street):
    uri = await street.follow(street.bob, accepted=False)
    target = await street.known(street.bob)
    async with street.house.database.write() as tx:
        await unfollow(tx, street.house.site, street.alice, target)
    await run_jobs_until_idle(street.house)

    await street.arrive(street.bob, street.bob.activity("Accept", embedded(street, uri)))

    assert await street.state(street.bob) is None
    assert [one["object"]["id"] for one in street.bob.host.received("Undo")] == [uri]


async def test_a_follow_that_one_of_us_received_is_not_accepted_by_a_peer(street):
    """An Accept of a Follow of *theirs* must not let them in."""
    await street.block(street.eve)
    follow = street.eve.activity("Follow", street.alice.uri)
    await street.arrive(street.eve, follow)

    await street.arrive(street.eve, street.eve.activity("Accept", follow))

    assert await street.followers() == []
