"""Likes and boosts that arrive: counted once per actor, and taken back by who gave them."""

import pytest

from activitypub.audience import Visibility
from activitypub.vocabulary import PUBLIC
from server.store.reading import reactions
from server.store.writing import posts
from tests.remote_host import Shown


def boost(person, uri, **more):
    return person.activity("Announce", uri, to=[PUBLIC], cc=[person.followers], **more)


async def counts(street, uri):
    post = await street.post(uri)
    return post.likes_count, post.shares_count


async def test_s168_a_like_is_counted_once_per_actor_and_told(street):
    post = await street.publish()

    assert await street.arrive(street.bob, street.bob.activity("Like", post.uri)) == "liked"
    assert await street.arrive(street.bob, street.bob.activity("Like", post.uri)) == "known"
    assert await street.arrive(street.eve, street.eve.activity("Like", post.uri)) == "liked"

    assert await counts(street, post.uri) == (2, 0)
    assert await street.told() == [("like", "bob"), ("like", "eve")]


async def test_s169_a_boost_of_our_post_is_counted_once_per_actor_and_told(street):
    post = await street.publish()

    assert await street.arrive(street.bob, boost(street.bob, post.uri)) == "announced"
    assert await street.arrive(street.bob, boost(street.bob, post.uri)) == "known"

    assert await counts(street, post.uri) == (0, 1)
    assert await street.told() == [("announce", "bob")]


@pytest.mark.parametrize("type", ["Like", "Announce"])
async def test_s170_an_undo_takes_a_reaction_and_its_notice_back(street, type):
    post = await street.publish()
    reaction = street.bob.activity(type, post.uri, to=[PUBLIC])
    await street.arrive(street.bob, reaction)

    assert await street.arrive(street.bob, street.bob.activity("Undo", reaction)) == "undone"

    assert await counts(street, post.uri) == (0, 0)
    assert await street.told() == []


@pytest.mark.parametrize("type", ["Like", "Announce"])
async def test_s166_a_reaction_is_undone_by_its_id_alone_or_under_a_fresh_one(street, type):
    post = await street.publish()
    for form in ("id", "fresh"):
        reaction = street.bob.activity(type, post.uri, to=[PUBLIC])
        await street.arrive(street.bob, reaction)
        undone = reaction["id"] if form == "id" else street.bob.activity(type, post.uri)
        assert await street.arrive(street.bob, street.bob.activity("Undo", undone)) == "undone"

    assert await counts(street, post.uri) == (0, 0)


@pytest.mark.parametrize("type", ["Like", "Announce"])
async def test_a_reaction_may_be_given_and_taken_back_again_and_again_under_the_same_ids(street, type):
    post = await street.publish()
    reaction = street.bob.activity(type, post.uri, to=[PUBLIC])
    undo = street.bob.activity("Undo", reaction)
    for _ in range(3):
        await street.arrive(street.bob, reaction)
        assert sum(await counts(street, post.uri)) == 1
        await street.arrive(street.bob, undo)
        assert sum(await counts(street, post.uri)) == 0


@pytest.mark.parametrize("intruder", ["mallory", "eve"])
@pytest.mark.parametrize("type", ["Like", "Announce", "Follow"])
@pytest.mark.parametrize("form", ["whole", "id", "own"])
async def test_t31_nobody_undoes_what_another_did(street, intruder, type, form):
    post = await street.publish()
    target = street.alice.uri if type == "Follow" else post.uri
    done = street.bob.activity(type, target, to=[PUBLIC])
    await street.arrive(street.bob, done)
    before = await counts(street, post.uri), await street.followers()
    sender = getattr(street, intruder)
    await street.known(sender)
    undone = {"whole": done, "id": done["id"], "own": done | {"actor": sender.uri}}[form]

    outcome = await street.arrive(sender, sender.activity("Undo", undone))

    assert outcome.startswith(("refused:", "ignored:"))
    assert (await counts(street, post.uri), await street.followers()) == before


@pytest.mark.parametrize("type", ["Like", "Announce"])
async def test_s174_a_reaction_of_somebody_blocked_is_dropped_in_silence(street, type):
    post = await street.publish()
    await street.block(street.bob)

    await street.arrive(street.bob, street.bob.activity(type, post.uri, to=[PUBLIC]))

    assert await counts(street, post.uri) == (0, 0)
    assert await street.told() == []


@pytest.mark.parametrize("type", ["Like", "Announce"])
async def test_what_somebody_may_not_see_they_cannot_react_to(street, type):
    hidden = await street.publish(Visibility.FOLLOWERS)

    outcome = await street.arrive(street.bob, street.bob.activity(type, hidden.uri, to=[PUBLIC]))

    assert outcome.startswith("ignored:")
    assert await counts(street, hidden.uri) == (0, 0)


async def test_a_follower_may_like_and_nobody_may_boost_what_is_for_followers(street):
    await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri))
    post = await street.publish(Visibility.FOLLOWERS)

    assert await street.arrive(street.bob, street.bob.activity("Like", post.uri)) == "liked"
    assert (await street.arrive(street.bob, boost(street.bob, post.uri))).startswith("ignored:")
    assert await counts(street, post.uri) == (1, 0)


@pytest.mark.parametrize("target", ["/users/alice/posts/1", "/users/alice", "/nothing"])
async def test_a_like_of_what_is_not_there_is_ignored(street, target):
    outcome = await street.arrive(street.bob, street.bob.activity("Like", street.house.origin + target))

    assert outcome == "ignored: there is no such post"


async def test_a_like_of_a_deleted_post_is_not_counted(street):
    post = await street.publish()
    async with street.house.database.write() as tx:
        await posts.bury(tx, post.id, at=1)

    outcome = await street.arrive(street.bob, street.bob.activity("Like", post.uri))

    assert outcome.startswith(("ignored:", "refused:"))
    assert await counts(street, post.uri) == (0, 0)


async def test_t13_a_boosted_post_comes_from_its_own_origin_and_not_from_the_booster(street):
    await street.follow(street.bob)
    note = street.eve.note("<p>as written</p>")
    altered = note | {"content": "<p>altered</p>"}

    assert await street.arrive(street.bob, boost(street.bob, altered)) == "announced"

    kept = await street.post(note["id"])
    assert (kept.content_html, kept.shares_count) == ("<p>as written</p>", 1)


async def test_a_boost_by_somebody_nobody_follows_fetches_nothing(street):
    note = street.eve.note()
    await street.known(street.bob)
    before = len(street.eve.host.gets)

    assert await street.arrive(street.bob, boost(street.bob, note["id"])) == "ignored: nobody here follows who boosts"

    assert len(street.eve.host.gets) == before
    assert await street.post(note["id"]) is None


async def test_a_boost_of_what_is_not_for_everybody_is_ignored(street):
    await street.follow(street.bob)
    note = street.bob.note(to=[street.bob.followers], cc=[])
    await street.arrive(street.bob, street.bob.create(note))

    assert (await street.arrive(street.bob, boost(street.bob, note["id"]))).startswith("ignored:")
    assert await counts(street, note["id"]) == (0, 0)


async def test_a_boost_of_what_is_gone_or_forged_adds_nothing(street):
    await street.follow(street.bob)
    street.eve.host.show_raw("/users/eve/notes/gone", Shown(b"", 410))
    forged = street.eve.note(attributedTo=street.bob.uri)

    for uri in (f"{street.eve.uri}/notes/gone", forged["id"]):
        assert (await street.arrive(street.bob, boost(street.bob, uri))).startswith(("ignored:", "refused:"))
        assert await street.post(uri) is None


async def test_s171_a_block_ends_follows_both_ways_and_is_not_answered(street):
    await street.follow(street.bob)
    await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri))
    before = len(street.bob.host.inbox)

    assert await street.arrive(street.bob, street.bob.activity("Block", street.alice.uri)) == "blocked"

    assert await street.followers() == []
    assert await street.state(street.bob) is None
    assert len(street.bob.host.inbox) == before


async def test_s170_a_block_can_be_taken_back_by_the_blocker_alone(street):
    block = street.bob.activity("Block", street.alice.uri)
    await street.arrive(street.bob, block)
    await street.known(street.mallory)

    for undone in (block, block["id"], block | {"actor": street.mallory.uri}):
        outcome = await street.arrive(street.mallory, street.mallory.activity("Undo", undone))
        assert outcome.startswith(("refused:", "ignored:"))
    assert await street.arrive(street.bob, street.bob.activity("Undo", block)) == "undone"


async def test_a_reaction_is_found_again_by_its_id(street):
    post = await street.publish()
    like = street.bob.activity("Like", post.uri)
    await street.arrive(street.bob, like)

    async with street.house.database.read() as reader:
        found = await reactions.find_by_uri(reader, like["id"])
    assert found is not None and (found.kind, found.post_id) == (reactions.LIKE, post.id)
