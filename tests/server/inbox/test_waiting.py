"""Peers like, answer or boost one of ours whose author wants to be asked: it waits, unseen, until that one says so."""

import json
from pathlib import Path

import pytest

from activitypub.vocabulary import PUBLIC
from server.actions.writing.quote import change_policy
from server.actions.writing.see import may_see_post
from server.actions.writing.settle import decide, take_back
from server.store.writing import consents
from server.store.writing.interactions import Allowed
from tests.instance import run_jobs_until_idle

ASK = Allowed((), ("public",))
KINDS = ["Like", "Reply", "Announce"]
NOTICE = {"Like": "like_request", "Reply": "reply_request", "Announce": "announce_request"}
TOLD = {"Like": "like", "Reply": "reply", "Announce": "announce"}
VECTORS = Path("tests/vectors/gotosocial")


async def publish(street):
    post = await street.publish()
    async with street.house.database.write() as tx:
        rules = {"like": ASK, "reply": ASK, "announce": ASK}
        await change_policy(tx, street.house.site, street.alice, post, None, rules=rules)
    await run_jobs_until_idle(street.house)
    return post


def deed(street, kind, post):
    """What bob does, as his server shows it."""
    if kind == "Reply":
        named = [street.alice.uri, street.carol.uri]
        tags = [{"type": "Mention", "href": uri, "name": "@x"} for uri in named]
        return street.bob.note("<p>yes</p>", inReplyTo=post.uri, tag=tags)
    return street.bob.activity(kind, post.uri)


async def come(street, kind, post, *, asking):
    """It comes as a request, or by itself; return how that ended, and what it was."""
    wanted = deed(street, kind, post)
    if asking:
        sent = street.bob.activity(f"{kind}Request", post.uri, instrument=wanted)
    else:
        sent = street.bob.create(wanted) if kind == "Reply" else wanted
    return await street.arrive(street.bob, sent), wanted, sent


async def waiting(street):
    async with street.house.database.read() as reader:
        return await consents.list_waiting(reader, street.alice.id)


async def say(street, *, yes):
    (consent,) = await waiting(street)
    async with street.house.database.write() as tx:
        await decide(tx, street.house.site, street.alice, consent.id, yes=yes)
    await run_jobs_until_idle(street.house)
    return consent


async def sees(street, viewer, uri):
    post = await street.post(uri)
    async with street.house.database.read() as reader:
        return await may_see_post(reader, post, await street.known(street.bob), viewer)


async def counts(street, kind, post):
    found = await street.post(post.uri)
    return {"Like": found.likes_count, "Reply": found.replies_count, "Announce": found.shares_count}[kind]


@pytest.mark.parametrize("asking", [True, False])
@pytest.mark.parametrize("kind", KINDS)
class TestItWaits:
    async def test_its_author_is_told_and_nothing_else_happens(self, street, kind, asking):
        post = await publish(street)

        outcome, _, _ = await come(street, kind, post, asking=asking)

        assert outcome == ("pending" if asking else "waiting")
        assert street.bob.host.inbox == []
        assert await street.told() == [(NOTICE[kind], "bob")]
        assert await street.told(street.carol) == []
        assert await counts(street, kind, post) == 0

    async def test_a_yes_does_it_and_is_proven(self, street, kind, asking):
        post = await publish(street)
        _, wanted, sent = await come(street, kind, post, asking=asking)

        await say(street, yes=True)

        assert await counts(street, kind, post) == 1
        assert await street.told() == [(TOLD[kind], "bob")]
        (accept,) = street.bob.host.received("Accept")
        answered = accept["object"]["id"] if asking else accept["object"]
        assert answered == (sent["id"] if asking else wanted["id"])
        stamp = await street.house.network.send("GET", accept["result"], {"accept": "application/activity+json"})
        assert stamp.json()["type"] == f"{kind}Authorization"
        assert stamp.json()["interactingObject"] == wanted["id"]

    async def test_a_no_is_final(self, street, kind, asking):
        post = await publish(street)
        await come(street, kind, post, asking=asking)

        consent = await say(street, yes=False)

        assert len(street.bob.host.received("Reject")) == 1
        assert (await street.told(), await counts(street, kind, post)) == ([], 0)
        again = street.bob.activity(f"{kind}Request", post.uri, instrument=consent.interacting_uri)
        if kind != "Reply":
            assert await street.arrive(street.bob, again) == "rejected"
        assert await waiting(street) == []

    async def test_a_yes_is_taken_back(self, street, kind, asking):
        post = await publish(street)
        _, wanted, _ = await come(street, kind, post, asking=asking)
        consent = await say(street, yes=True)

        async with street.house.database.write() as tx:
            await take_back(tx, street.house.site, street.alice, consent.id)
        await run_jobs_until_idle(street.house)

        assert await counts(street, kind, post) == 0
        stamp_uri = street.bob.host.received("Accept")[0]["result"]
        (delete,) = street.bob.host.received("Delete")
        assert delete["object"]["id"] == stamp_uri
        gone = await street.house.network.send("GET", stamp_uri, {"accept": "application/activity+json"})
        assert gone.status_code == 410
        if kind == "Reply":
            assert not await sees(street, street.carol, wanted["id"])

    async def test_who_takes_it_back_first_waits_no_more(self, street, kind, asking):
        post = await publish(street)
        _, wanted, sent = await come(street, kind, post, asking=asking)
        if kind == "Reply":
            await street.arrive(street.bob, street.bob.activity("Delete", wanted["id"]))
        else:
            await street.arrive(street.bob, street.bob.activity("Undo", sent["id"]))

        assert await waiting(street) == []
        assert await street.told() == []


@pytest.mark.parametrize("asking", [True, False])
async def test_an_answer_that_waits_is_seen_by_its_writer_and_the_asked_alone(street, asking):
    post = await publish(street)
    await street.follow(street.bob, by=street.carol)

    _, wanted, _ = await come(street, "Reply", post, asking=asking)

    assert await sees(street, street.alice, wanted["id"])
    # Carol follows bob and is named in it.
    assert not await sees(street, street.carol, wanted["id"])
    assert not await sees(street, None, wanted["id"])
    await say(street, yes=True)
    assert await sees(street, None, wanted["id"])
    assert await street.told(street.carol) == [("mention", "bob")]


async def test_an_answer_that_is_changed_while_it_waits_shows_nobody_more(street):
    post = await publish(street)
    _, wanted, _ = await come(street, "Reply", post, asking=False)
    tags = [{"type": "Mention", "href": uri, "name": "@x"} for uri in (street.alice.uri, street.carol.uri)]
    street.house.clock.advance(60)

    changed = wanted | {"content": "<p>no</p>", "tag": tags, "updated": "2100-01-01T00:00:00Z"}
    assert await street.arrive(street.bob, street.bob.activity("Update", changed)) == "changed"

    assert "no" in (await street.post(wanted["id"])).content_html
    assert not await sees(street, street.carol, wanted["id"])
    assert await street.told(street.carol) == []


async def test_an_answer_that_came_as_something_else_before_is_taken_aside(street):
    post = await publish(street)
    await street.follow(street.bob, by=street.carol)
    wanted = deed(street, "Reply", post)
    street.bob.host.show(wanted["id"].removeprefix(street.bob.host.origin), wanted)
    await street.arrive(street.bob, street.bob.activity("Announce", wanted["id"]))
    assert (await street.post(wanted["id"])).in_reply_to_id is None

    assert await street.arrive(street.bob, street.bob.create(wanted)) == "waiting"

    assert not await sees(street, None, wanted["id"])
    await say(street, yes=True)
    assert (await street.post(wanted["id"])).in_reply_to_id == post.id
    assert await counts(street, "Reply", post) == 1


async def test_what_was_allowed_is_not_answered_again_when_it_comes_with_its_authorization(street):
    post = await publish(street)
    _, wanted, _ = await come(street, "Like", post, asking=True)
    await say(street, yes=True)
    stamp = street.bob.host.received("Accept")[0]["result"]

    outcome = await street.arrive(street.bob, wanted | {"likeAuthorization": stamp})

    assert outcome == "known"
    assert len(street.bob.host.received("Accept")) == 1


async def test_a_like_of_a_post_that_nobody_may_like_is_refused(street):
    post = await street.publish()
    async with street.house.database.write() as tx:
        await change_policy(tx, street.house.site, street.alice, post, None, rules={"like": Allowed()})

    outcome, wanted, _ = await come(street, "Like", post, asking=False)

    assert outcome == "rejected"
    assert street.bob.host.received("Reject")[0]["object"] == wanted["id"]
    assert await counts(street, "Like", post) == 0


async def test_an_emoji_is_no_way_round(street):
    post = await publish(street)

    outcome = await street.arrive(street.bob, street.bob.activity("EmojiReact", post.uri, content="🔥"))
    assert outcome.startswith("ignored")
    assert await street.arrive(street.bob, street.bob.activity("Like", post.uri, content="🔥")) == "waiting"


async def test_the_post_says_whom_its_author_wants_to_be_asked_by(street):
    post = await publish(street)

    answer = await street.house.network.send("GET", post.uri, {"accept": "application/activity+json"})

    policy = answer.json()["interactionPolicy"]
    for name in ("canLike", "canReply", "canAnnounce"):
        assert policy[name]["manualApproval"] == policy[name]["approvalRequired"] == [PUBLIC]
        assert policy[name]["automaticApproval"] == policy[name]["always"] == [street.alice.uri]


@pytest.mark.parametrize("kind", KINDS)
async def test_gotosocials_requests_are_understood(street, kind):
    post = await publish(street)
    text = (VECTORS / f"{kind.lower()}_request.json").read_text()
    text = text.replace("https://pinxit.example/users/alice/posts/1", post.uri)
    document = json.loads(text.replace("https://gts.example/users/milo", street.bob.uri))

    assert await street.arrive(street.bob, document) == "pending"
    await say(street, yes=True)
    assert await counts(street, kind, post) == 1
