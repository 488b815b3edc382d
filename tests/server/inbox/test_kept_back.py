"""What waits for an author's word, or was refused, comes to nobody by another way, and serves nobody but who asked."""

import pytest

from activitypub.audience import Visibility
from activitypub.vocabulary import PUBLIC
from server.actions.writing.publish import Draft
from server.actions.writing.publish import publish as publish_draft
from server.actions.writing.quote import change_policy
from server.actions.writing.settle import take_back
from server.problems import Forbidden
from server.store.network import inboxes
from server.store.paging import Stretch
from server.store.ties import follows
from server.store.writing import conversations
from server.store.writing.interactions import Allowed
from tests.instance import run_jobs_until_idle
from tests.security.test_forwarding import WAYS
from tests.server.inbox.test_waiting import KINDS, come, counts, publish, say, sees, waiting


def answer(street, post, **changes):
    """Bob's answer to everybody, and to whom alice has around her."""
    audience = {"to": [PUBLIC], "cc": [street.alice.uri, street.carol.uri, f"{street.alice.uri}/followers"]}
    return street.bob.note("<p>yes</p>", inReplyTo=post.uri, **audience) | changes


def wrap(street, kind, note, post):
    """A Create, Update or ReplyRequest of an answer, for the same people."""
    audience = {"to": note["to"], "cc": note["cc"]}
    if kind == "ReplyRequest":
        return street.bob.activity(kind, post.uri, instrument=note, **audience)
    return (street.bob.create(note) if kind == "Create" else street.bob.activity(kind, note)) | audience


def changed(note):
    return note | {"content": "<p>changed</p>", "updated": "2100-01-01T00:00:00Z"}


async def post_of_carol(street):
    async with street.house.database.write() as tx:
        draft = Draft(text="a house", visibility=Visibility.PUBLIC, quote_policy="public")
        post = await publish_draft(tx, street.house.site, street.carol, draft)
    await run_jobs_until_idle(street.house)
    return post


async def rule(street, post, allowed):
    async with street.house.database.write() as tx:
        rules = {"like": allowed, "reply": allowed, "announce": allowed}
        await change_policy(tx, street.house.site, street.alice, post, None, rules=rules)
    await run_jobs_until_idle(street.house)


async def inbox_of_carol(street):
    async with street.house.database.read() as reader:
        return [one.type for _, one in await inboxes.list_newest(reader, street.carol.id, limit=20)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("refused", [False, True])
async def test_a_changed_answer_is_not_passed_on_before_its_author_agrees(street, way, refused):
    post = await publish(street)
    await street.arrive(street.eve, street.eve.activity("Follow", street.alice.uri))
    note = answer(street, post)
    await street.arrive(street.bob, WAYS[way](street.bob, wrap(street, "Create", note, post)))
    if refused:
        await say(street, yes=False)
    street.house.clock.advance(60)

    await street.arrive(street.bob, WAYS[way](street.bob, wrap(street, "Update", changed(note), post)))

    assert street.eve.host.received("Create") == street.eve.host.received("Update") == []


@pytest.mark.parametrize("way", WAYS)
async def test_a_changed_answer_is_passed_on_once_its_author_agreed(street, way):
    post = await publish(street)
    await street.arrive(street.eve, street.eve.activity("Follow", street.alice.uri))
    note = answer(street, post)
    await street.arrive(street.bob, WAYS[way](street.bob, wrap(street, "Create", note, post)))
    await say(street, yes=True)
    street.house.clock.advance(60)

    await street.arrive(street.bob, WAYS[way](street.bob, wrap(street, "Update", changed(note), post)))

    assert len(street.eve.host.received("Update")) == 1


@pytest.mark.parametrize("kind", ["Create", "ReplyRequest", "Update"])
@pytest.mark.parametrize("allowed", [Allowed((), ("public",)), Allowed()])
async def test_an_answer_without_a_yes_comes_into_nobodys_inbox(street, kind, allowed):
    post = await publish(street)
    await street.follow(street.bob, by=street.carol)
    await rule(street, post, allowed)
    note = answer(street, post)
    if kind == "Update":
        await street.arrive(street.bob, wrap(street, "Create", note, post))
        note = changed(note)
        street.house.clock.advance(60)

    await street.arrive(street.bob, wrap(street, kind, note, post))

    assert await inbox_of_carol(street) == []


@pytest.mark.parametrize("first", [True, False])
async def test_whom_an_answer_quotes_hears_of_it_once_it_may_be_seen(street, first):
    post, hers = await publish(street), await post_of_carol(street)
    note = answer(street, post, quote=hers.uri, tag=[], cc=[])
    asking = street.bob.activity("QuoteRequest", hers.uri, instrument=note)
    for document in (asking, street.bob.create(note)) if first else (street.bob.create(note), asking):
        await street.arrive(street.bob, document)

    assert await street.told(street.carol) == []
    assert not await sees(street, street.carol, note["id"])
    await say(street, yes=True)
    assert await street.told(street.carol) == [("quote", "bob")]


@pytest.mark.parametrize("asking", [True, False])
@pytest.mark.parametrize("kind", KINDS)
async def test_what_waits_is_done_when_it_is_asked_again_under_a_policy_that_allows_it(street, kind, asking):
    post = await publish(street)
    _, wanted, _ = await come(street, kind, post, asking=asking)
    await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri))
    async with street.house.database.write() as tx:
        bob = await street.known(street.bob)
        await follows.accept(tx, bob.id, street.alice.id, at=street.house.clock.now())
    await rule(street, post, Allowed(("followers",)))

    again = street.bob.activity(f"{kind}Request", post.uri, instrument=wanted)
    assert await street.arrive(street.bob, again) == "accepted"

    assert await waiting(street) == []
    assert await counts(street, kind, post) == 1
    assert not any(told.endswith("_request") for told, _ in await street.told())
    if kind == "Reply":
        assert await sees(street, None, wanted["id"])


async def test_what_one_was_allowed_is_not_allowed_to_their_neighbour(street):
    post = await publish(street)
    _, wanted, _ = await come(street, "Like", post, asking=True)
    await say(street, yes=True)
    stamp = street.bob.host.received("Accept")[0]["result"]

    for proof in ({}, {"likeAuthorization": stamp}):
        theirs = wanted | {"actor": street.mallory.uri} | proof
        assert await street.arrive(street.mallory, theirs) == "rejected"

    assert await counts(street, "Like", post) == 1


async def test_a_neighbour_does_not_take_the_place_of_who_asked(street):
    post = await publish(street)
    _, wanted, sent = await come(street, "Like", post, asking=True)

    theirs = street.mallory.activity("LikeRequest", post.uri, instrument=wanted["id"])
    assert await street.arrive(street.mallory, theirs) == "rejected"

    (consent,) = await waiting(street)
    assert consent.request_uri == sent["id"]


@pytest.mark.parametrize("kind", KINDS)
async def test_who_is_blocked_meanwhile_can_only_be_refused(street, kind):
    post = await publish(street)
    _, wanted, _ = await come(street, kind, post, asking=True)
    await street.block(street.bob)

    with pytest.raises(Forbidden):
        await say(street, yes=True)

    assert street.bob.host.received("Accept") == []
    await say(street, yes=False)
    assert await counts(street, kind, post) == 0
    if kind == "Reply":
        assert not await sees(street, None, wanted["id"])


async def test_who_is_gone_waits_no_more(street):
    post = await publish(street)
    await come(street, "Like", post, asking=True)

    await street.arrive(street.bob, street.bob.activity("Delete", street.bob.uri))

    assert await waiting(street) == []


async def test_a_neighbour_hides_nobodys_post_by_asking_in_its_name(street):
    post, bobs = await publish(street), street.bob.note("<p>mine</p>")
    await street.follow(street.bob, by=street.carol)
    await street.arrive(street.bob, street.bob.create(bobs))

    theirs = street.mallory.note("<p>mine</p>", id=bobs["id"], inReplyTo=post.uri)
    await street.arrive(street.mallory, street.mallory.activity("ReplyRequest", post.uri, instrument=theirs))

    assert await sees(street, None, bobs["id"])
    await say(street, yes=False)
    assert await sees(street, None, bobs["id"])


@pytest.mark.parametrize("kind", KINDS)
async def test_a_refusal_by_hand_outlasts_a_policy_that_lets_everybody(street, kind):
    post = await publish(street)
    _, wanted, _ = await come(street, kind, post, asking=True)
    await say(street, yes=False)
    await rule(street, post, None)

    sent = street.bob.create(wanted) if kind == "Reply" else wanted
    assert await street.arrive(street.bob, sent) == "rejected"

    assert await counts(street, kind, post) == 0


@pytest.mark.parametrize("audience", ["to", "cc", "tag"])
async def test_what_was_allowed_and_taken_back_is_left_in_nobodys_hands(street, audience):
    # Given an answer for alice and carol alone, whom it names in one way or another
    post = await publish(street)
    await street.follow(street.bob, by=street.carol)
    people = {"to": [street.alice.uri], "cc": [], "tag": []}
    if audience == "tag":
        people["tag"] = [{"type": "Mention", "href": street.carol.uri, "name": "@carol"}]
    else:
        people[audience] = [*people[audience], street.carol.uri]
    wanted = street.bob.note("<p>between us</p>", inReplyTo=post.uri, **people)
    await street.arrive(street.bob, street.bob.create(wanted) | {"to": people["to"], "cc": people["cc"]})
    consent = await say(street, yes=True)
    assert await sees(street, street.carol, wanted["id"])
    if audience == "tag":
        assert (await street.told(street.carol), await conversations_of(street, street.carol)) == (
            [("mention", "bob")],
            1,
        )

    async with street.house.database.write() as tx:
        await take_back(tx, street.house.site, street.alice, consent.id)
    await run_jobs_until_idle(street.house)

    assert not await sees(street, street.carol, wanted["id"])
    assert (await street.told(street.carol), await conversations_of(street, street.carol)) == ([], 0)


async def conversations_of(street, actor):
    async with street.house.database.read() as reader:
        return len(await conversations.list_of_actor(reader, actor.id, Stretch(limit=20)))
