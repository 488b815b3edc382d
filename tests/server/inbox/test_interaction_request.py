"""Peers ask to like, answer or boost one of ours (GoToSocial), or answer without asking; the author's word counts."""

import pytest

from activitypub.audience import Visibility
from activitypub.vocabulary import PUBLIC
from server.actions.writing.quote import change_policy
from server.store.writing import posts
from server.store.writing.posts import Mentioned
from tests.instance import run_jobs_until_idle


async def publish(street, replies="public", visibility=Visibility.PUBLIC):
    post = await street.publish(visibility)
    async with street.house.database.write() as tx:
        await change_policy(tx, street.house.site, street.alice, post, None, replies=replies)
    await run_jobs_until_idle(street.house)
    return post


async def look(street, uri):
    return await street.house.network.send("GET", uri, {"accept": "application/activity+json"})


def deed(street, kind, post, *, by=None):
    """What is asked for, as its own server would show it."""
    by = by or street.bob
    if kind == "Reply":
        return by.note("<p>yes</p>", inReplyTo=post.uri)
    return by.activity(kind, post.uri)


async def ask(street, kind, post, *, instrument=None, by=None):
    by = by or street.bob
    instrument = instrument or deed(street, kind, post)
    return await street.arrive(by, by.activity(f"{kind}Request", post.uri, instrument=instrument)), instrument


async def let_bob_follow(street):
    await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri))
    street.bob.host.inbox.clear()


@pytest.mark.parametrize("kind", ["Like", "Reply", "Announce"])
async def test_who_may_gets_an_authorization_that_can_be_looked_at(street, kind):
    post = await publish(street)

    outcome, instrument = await ask(street, kind, post)

    assert outcome == "accepted"
    (accept,) = street.bob.host.received("Accept")
    assert (accept["object"]["type"], accept["object"]["instrument"]) == (f"{kind}Request", instrument["id"])
    stamp = (await look(street, accept["result"])).json()
    assert (stamp["type"], stamp["attributedTo"]) == (f"{kind}Authorization", street.alice.uri)
    assert (stamp["interactingObject"], stamp["interactionTarget"]) == (instrument["id"], post.uri)


async def test_an_answer_that_was_asked_for_is_kept_and_told(street):
    post = await publish(street)

    _, note = await ask(street, "Reply", post)

    assert (await street.post(note["id"])).in_reply_to_id == post.id
    assert await street.told() == [("reply", "bob")]


async def test_an_answer_that_was_deleted_before_it_was_asked_for_is_not_kept(street):
    post = await publish(street)
    await let_bob_follow(street)
    note = deed(street, "Reply", post)
    await street.arrive(street.bob, street.bob.activity("Delete", {"id": note["id"], "type": "Tombstone"}))

    outcome, _ = await ask(street, "Reply", post, instrument=note)

    assert outcome == "ignored: it was deleted before it came"
    assert street.bob.host.received("Accept") == []


async def test_a_like_that_was_asked_for_counts_when_it_comes(street):
    post = await publish(street)
    _, like = await ask(street, "Like", post)
    assert (await street.post(post.uri)).likes_count == 0

    await street.arrive(street.bob, like | {"likeAuthorization": street.bob.host.received("Accept")[0]["result"]})

    assert (await street.post(post.uri)).likes_count == 1


@pytest.mark.parametrize(
    ("replies", "follows", "outcome"),
    [("followers", True, "accepted"), ("followers", False, "rejected"), ("nobody", True, "rejected")],
)
async def test_who_may_answer_is_the_authors_choice(street, replies, follows, outcome):
    post = await publish(street, replies)
    if follows:
        await let_bob_follow(street)

    said, note = await ask(street, "Reply", post)

    assert said == outcome
    assert [one.document["type"] for one in street.bob.host.inbox] == [outcome.removesuffix("ed").capitalize()]
    assert (await street.post(note["id"]) is not None) == (outcome == "accepted")


async def test_an_answer_without_a_question_is_refused_where_it_is_not_wanted(street):
    post = await publish(street, "followers")
    note = deed(street, "Reply", post)

    outcome = await street.arrive(street.bob, street.bob.create(note))

    assert outcome == "rejected"
    (reject,) = street.bob.host.received("Reject")
    assert (reject["object"], reject["to"]) == (note["id"], [street.bob.uri])
    assert await street.post(note["id"]) is None
    assert await street.told() == []


async def test_an_answer_without_a_question_of_one_who_may_gets_its_authorization(street):
    post = await publish(street, "followers")
    await let_bob_follow(street)
    note = deed(street, "Reply", post)

    outcome = await street.arrive(street.bob, street.bob.create(note))

    assert outcome == "kept"
    (accept,) = street.bob.host.received("Accept")
    assert accept["object"] == note["id"]
    assert (await look(street, accept["result"])).json()["interactingObject"] == note["id"]


async def test_whom_a_post_names_may_always_answer(street):
    post = await publish(street, "nobody")
    theirs = street.bob.note("<p>hm</p>", tag=[{"type": "Mention", "href": street.alice.uri, "name": "@alice"}])
    await street.arrive(street.bob, street.bob.create(theirs))
    note = deed(street, "Reply", post, by=street.mallory)
    assert await street.arrive(street.mallory, street.mallory.create(note)) == "rejected"

    async with street.house.database.write() as tx:
        await posts.edit(tx, await posts.find(tx, post.id), mentioned=[Mentioned(street.bob.uri, "@bob")])
    answer = deed(street, "Reply", post)

    assert await street.arrive(street.bob, street.bob.create(answer)) == "kept"


async def test_an_unwanted_answer_that_comes_another_way_stands_under_nothing(street):
    post = await publish(street, "nobody")
    note = deed(street, "Reply", post, by=street.mallory)
    await street.follow(street.bob)

    await street.arrive(street.bob, street.bob.activity("Announce", note["id"]))

    assert (await street.post(note["id"])).in_reply_to_id is None


@pytest.mark.parametrize("kind", ["Like", "Reply", "Announce"])
async def test_who_is_blocked_hears_no(street, kind):
    post = await publish(street)
    await street.block(street.bob)

    assert (await ask(street, kind, post))[0] == "rejected"
    assert len(street.bob.host.received("Reject")) == 1


@pytest.mark.parametrize("kind", ["Like", "Reply", "Announce"])
async def test_of_what_one_may_not_see_one_hears_nothing(street, kind):
    post = await publish(street, visibility=Visibility.FOLLOWERS)

    assert (await ask(street, kind, post))[0] == "ignored: there is no such post"
    assert street.bob.host.inbox == []


async def test_what_is_for_followers_is_boosted_by_nobody(street):
    post = await publish(street, visibility=Visibility.FOLLOWERS)
    await let_bob_follow(street)

    assert (await ask(street, "Announce", post))[0] == "rejected"
    assert (await ask(street, "Like", post))[0] == "accepted"


@pytest.mark.parametrize("kind", ["Like", "Reply", "Announce"])
async def test_t12_nobody_asks_for_anothers_deed(street, kind):
    post = await publish(street)

    for other in (street.mallory, street.eve):
        outcome, _ = await ask(street, kind, post, instrument=deed(street, kind, post, by=other))
        assert outcome.startswith("refused")
    assert street.bob.host.inbox == []


@pytest.mark.parametrize("kind", ["Like", "Reply", "Announce"])
async def test_what_is_asked_for_is_about_the_post_that_is_asked_about(street, kind):
    post, other = await publish(street), await publish(street)

    outcome, _ = await ask(street, kind, post, instrument=deed(street, kind, other))

    assert outcome.startswith("refused")


async def test_a_like_is_not_asked_for_as_a_boost(street):
    post = await publish(street)

    outcome, _ = await ask(street, "Announce", post, instrument=deed(street, "Like", post))

    assert outcome == "refused: what is asked for is something else"


class TestPeersAmongThemselves:
    """What peers do with each other's posts is shown where the author's stamp, or their policy, lets them."""

    async def third(self, street, rule, **more):
        """Bob's post with a rule is known here; eve is followed."""
        theirs = street.bob.note("<p>bob</p>", interactionPolicy={"canReply": rule, "canAnnounce": rule})
        await street.follow(street.bob)
        await street.follow(street.eve)
        await street.arrive(street.bob, street.bob.create(theirs))
        return theirs

    def stamp(self, street, kind, deed, target, **changes):
        uri = f"{street.bob.uri}/authorizations/1"
        document = {"id": uri, "type": f"{kind}Authorization", "attributedTo": street.bob.uri}
        document |= {"interactingObject": deed, "interactionTarget": target}
        street.bob.host.show("/users/bob/authorizations/1", document | changes)
        return uri

    @pytest.mark.parametrize("rule", [{"manualApproval": [PUBLIC]}, {"always": ["https://remote.example/users/bob"]}])
    async def test_an_answer_needs_the_authors_word(self, street, rule):
        theirs = await self.third(street, rule)
        note = street.eve.note("<p>eve</p>", inReplyTo=theirs["id"])

        outcome = await street.arrive(street.eve, street.eve.create(note))

        assert outcome == "ignored: the author of the post did not agree to it"
        assert await street.post(note["id"]) is None

    @pytest.mark.parametrize("name", ["replyAuthorization", "approvedBy"])
    async def test_with_it_the_answer_is_kept(self, street, name):
        theirs = await self.third(street, {"manualApproval": [PUBLIC]})
        note_id = f"{street.eve.uri}/notes/r"
        uri = self.stamp(street, "Reply", note_id, theirs["id"])
        note = street.eve.note("<p>eve</p>", id=note_id, inReplyTo=theirs["id"], **{name: uri})

        assert await street.arrive(street.eve, street.eve.create(note)) == "kept"

    async def test_the_older_spelling_of_a_stamp_is_read(self, street):
        theirs = await self.third(street, {"approvalRequired": [PUBLIC]})
        note_id = f"{street.eve.uri}/notes/r"
        old = {"type": "ReplyApproval", "object": note_id, "interactingObject": None, "interactionTarget": None}
        uri = self.stamp(street, "Reply", note_id, theirs["id"], **old)
        note = street.eve.note("<p>eve</p>", id=note_id, inReplyTo=theirs["id"], approvedBy=uri)

        assert await street.arrive(street.eve, street.eve.create(note)) == "kept"

    @pytest.mark.parametrize(
        "changes",
        [
            {"interactingObject": "https://other.example/users/eve/notes/other"},
            {"interactionTarget": "https://remote.example/users/bob/notes/other"},
            {"attributedTo": "https://other.example/users/eve"},
            {"type": "LikeAuthorization"},
        ],
    )
    async def test_t12_a_stamp_for_something_else_lets_nothing_in(self, street, changes):
        theirs = await self.third(street, {"manualApproval": [PUBLIC]})
        note_id = f"{street.eve.uri}/notes/r"
        uri = self.stamp(street, "Reply", note_id, theirs["id"], **changes)
        note = street.eve.note("<p>eve</p>", id=note_id, inReplyTo=theirs["id"], approvedBy=uri)

        assert (await street.arrive(street.eve, street.eve.create(note))).startswith("refused")

    async def test_t12_a_stamp_on_the_answerers_own_host_lets_nothing_in(self, street):
        theirs = await self.third(street, {"manualApproval": [PUBLIC]})
        note_id = f"{street.eve.uri}/notes/r"
        document = {"id": f"{street.eve.uri}/s", "type": "ReplyAuthorization", "attributedTo": street.bob.uri}
        document |= {"interactingObject": note_id, "interactionTarget": theirs["id"]}
        street.eve.host.show("/users/eve/s", document)
        note = street.eve.note("<p>eve</p>", id=note_id, inReplyTo=theirs["id"], approvedBy=document["id"])

        assert (await street.arrive(street.eve, street.eve.create(note))).startswith("refused")

    async def test_a_boost_needs_it_too(self, street):
        theirs = await self.third(street, {"manualApproval": [PUBLIC]})
        boost = street.eve.activity("Announce", theirs["id"], to=[PUBLIC])
        assert (await street.arrive(street.eve, boost)).startswith("ignored: the author")

        again = street.eve.activity("Announce", theirs["id"], to=[PUBLIC])
        uri = self.stamp(street, "Announce", again["id"], theirs["id"])

        assert await street.arrive(street.eve, again | {"announceAuthorization": uri}) == "announced"

    async def test_a_boost_that_tells_of_a_create_is_one_too(self, street):
        theirs = await self.third(street, {"manualApproval": [PUBLIC]})
        told = {"type": "Create", "actor": street.bob.uri, "object": theirs["id"]}

        outcome = await street.arrive(street.eve, street.eve.activity("Announce", told, to=[PUBLIC]))

        assert outcome.startswith("ignored: the author")

    async def test_t6_a_stamp_elsewhere_is_not_even_asked_for(self, street):
        theirs = await self.third(street, {"manualApproval": [PUBLIC]})
        boost = street.eve.activity("Announce", theirs["id"], to=[PUBLIC], announceAuthorization=f"{street.eve.uri}/s")

        assert (await street.arrive(street.eve, boost)).startswith("refused")

        assert street.house.network.asked("GET", f"{street.eve.uri}/s") == []

    async def test_whom_the_author_names_needs_none(self, street):
        theirs = await self.third(street, {"automaticApproval": [street.eve.uri]})
        note = street.eve.note("<p>eve</p>", inReplyTo=theirs["id"])

        assert await street.arrive(street.eve, street.eve.create(note)) == "kept"
