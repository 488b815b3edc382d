"""Our people like, answer and boost posts whose authors want to be asked (GoToSocial): asked first, done then."""

from dataclasses import replace

import pytest

from activitypub.vocabulary import PUBLIC
from server.store.people import actors


async def theirs(desk, name, automatic=(), manual=(PUBLIC,), *, old=False, mention=True):
    """A post of bob's with a rule."""
    words = ("always", "approvalRequired") if old else ("automaticApproval", "manualApproval")
    policy = {name: dict(zip(words, (list(automatic), list(manual)), strict=True))}
    tag = [{"type": "Mention", "href": desk.alice.uri, "name": "@alice"}] if mention else []
    note = desk.person.note("<p>bob</p>", tag=tag, interactionPolicy=policy)
    await desk.app.post(f"/api/v1/accounts/{desk.bob.id}/follow")
    await desk.settle()
    follow = desk.received("Follow")
    if follow:
        await desk.person.send(desk.person.activity("Accept", follow[-1]["id"]), desk.alice.inbox)
    await desk.person.send(desk.person.create(note), desk.alice.inbox)
    await desk.settle()
    desk.person.host.inbox.clear()
    return (await desk.app.get("/api/v1/timelines/home")).json[0]


def stamp(desk, kind, deed, target, **changes):
    uri = f"{desk.bob.uri}/authorizations/1"
    document = {
        "id": uri,
        "type": f"{kind}Authorization",
        "attributedTo": desk.bob.uri,
        "interactingObject": deed,
        "interactionTarget": target,
    }
    desk.person.host.show("/users/bob/authorizations/1", document | changes)
    return uri


async def say(desk, type, request, **more):
    await desk.person.send(desk.person.activity(type, request["id"], **more), desk.alice.inbox)
    await desk.settle()


@pytest.mark.parametrize(
    ("verb", "kind", "shown"), [("favourite", "Like", "favourited"), ("reblog", "Announce", "reblogged")]
)
class TestReacting:
    @pytest.mark.parametrize("old", [False, True])
    async def test_it_is_asked_for_and_done_once_it_may_be(self, desk, verb, kind, shown, old):
        post = await theirs(desk, f"can{kind}", old=old)

        await desk.do(verb, post)

        (request,) = desk.received(f"{kind}Request")
        assert (request["object"], request["to"]) == (post["uri"], [desk.bob.uri])
        assert (request["instrument"]["type"], request["instrument"]["object"]) == (kind, post["uri"])
        assert desk.received(kind) == []
        assert not (await desk.look(post))[shown]
        uri = stamp(desk, kind, request["instrument"]["id"], post["uri"])
        await say(desk, "Accept", request, result=uri)
        (sent,) = desk.received(kind)
        assert sent["id"] == request["instrument"]["id"]
        assert sent[f"{kind.lower()}Authorization"] == sent["approvedBy"] == uri
        assert (await desk.look(post))[shown]

    async def test_a_no_is_final(self, desk, verb, kind, shown):
        post = await theirs(desk, f"can{kind}")
        await desk.do(verb, post)

        await say(desk, "Reject", desk.received(f"{kind}Request")[0])

        assert not (await desk.look(post))[shown]
        assert (await desk.do(verb, post)).status == 403
        assert len(desk.received(f"{kind}Request")) == 1

    async def test_where_nobody_may_it_is_not_even_asked(self, desk, verb, kind, shown):
        post = await theirs(desk, f"can{kind}", automatic=[desk.bob.uri], manual=())

        assert (await desk.do(verb, post)).status == 403
        assert desk.person.host.inbox == []

    async def test_who_takes_it_back_before_the_answer_has_done_nothing(self, desk, verb, kind, shown):
        post = await theirs(desk, f"can{kind}")
        await desk.do(verb, post)
        await desk.do("unfavourite" if verb == "favourite" else "unreblog", post)
        (request,) = desk.received(f"{kind}Request")

        await say(desk, "Accept", request, result=stamp(desk, kind, request["instrument"]["id"], post["uri"]))

        assert desk.received(kind) == []

    @pytest.mark.parametrize("mark", ["suspended_at", "gone_at"])
    async def test_a_yes_to_who_may_not_act_any_more_does_nothing(self, desk, verb, kind, shown, mark):
        post = await theirs(desk, f"can{kind}")
        await desk.do(verb, post)
        (request,) = desk.received(f"{kind}Request")
        alice = await desk.house.actor(desk.alice.uri)
        async with desk.house.database.write() as tx:
            await actors.replace(tx, replace(alice, **{mark: desk.house.clock.now()}))

        uri = stamp(desk, kind, request["instrument"]["id"], post["uri"])
        accept = desk.person.activity("Accept", request["id"], result=uri)
        await desk.person.send(accept, f"{desk.house.origin}/inbox")
        await desk.settle()

        assert desk.received(kind) == []

    async def test_t32_a_stamp_for_something_else_lets_nothing_be_done(self, desk, verb, kind, shown):
        post = await theirs(desk, f"can{kind}")
        await desk.do(verb, post)
        (request,) = desk.received(f"{kind}Request")

        other = "https://remote.example/users/bob/other"
        await say(desk, "Accept", request, result=stamp(desk, kind, other, post["uri"]))
        await say(desk, "Accept", request, result=stamp(desk, "Reply", request["instrument"]["id"], post["uri"]))

        assert desk.received(kind) == []

    async def test_who_may_at_once_does_not_ask(self, desk, verb, kind, shown):
        post = await theirs(desk, f"can{kind}", automatic=[desk.alice.uri])

        await desk.do(verb, post)

        assert desk.received(f"{kind}Request") == []
        assert len(desk.received(kind)) == 1


class TestAnswering:
    async def answer(self, desk, post, **more):
        return await desk.write("yes", in_reply_to_id=post["id"], visibility="public", **more)

    async def test_it_is_kept_back_for_its_writer_until_it_may_be_sent(self, desk):
        post = await theirs(desk, "canReply", mention=False)

        made = await self.answer(desk, post)

        (request,) = desk.received("ReplyRequest")
        assert request["instrument"]["to"] == [PUBLIC]
        assert (request["instrument"]["id"], request["instrument"]["inReplyTo"]) == (made["uri"], post["uri"])
        assert desk.received("Create") == []
        assert (await desk.bens_app.get(f"/api/v1/statuses/{made['id']}")).status == 404
        assert (await desk.stranger.get(f"/api/v1/statuses/{made['id']}")).status == 404

    async def test_with_the_authors_yes_it_goes_to_everybody(self, desk):
        await desk.let_bob_follow()
        post = await theirs(desk, "canReply", mention=False)
        made = await self.answer(desk, post)
        (request,) = desk.received("ReplyRequest")
        uri = stamp(desk, "Reply", made["uri"], post["uri"])

        await say(desk, "Accept", request, result=uri)

        created = desk.received("Create")[0]["object"]
        assert (created["id"], created["to"]) == (made["uri"], [PUBLIC])
        assert created["replyAuthorization"] == created["approvedBy"] == uri
        seen = (await desk.bens_app.get(f"/api/v1/statuses/{made['id']}")).json
        assert (seen["visibility"], seen["in_reply_to_id"]) == ("public", post["id"])
        assert (await desk.look(post))["replies_count"] == 1

    async def test_a_refused_answer_stays_with_its_writer(self, desk):
        post = await theirs(desk, "canReply", mention=False)
        made = await self.answer(desk, post)

        await say(desk, "Reject", desk.received("ReplyRequest")[0])

        assert desk.received("Create") == []
        assert (await desk.look(made))["id"] == made["id"]
        assert (await desk.bens_app.get(f"/api/v1/statuses/{made['id']}")).status == 404

    async def test_gotosocial_before_0_19_answers_with_the_accept_alone(self, desk):
        post = await theirs(desk, "canReply", mention=False, old=True)
        made = await self.answer(desk, post)

        accept = desk.person.activity("Accept", made["uri"])
        await desk.person.send(accept, desk.alice.inbox)
        await desk.settle()

        assert desk.received("Create")[0]["object"]["approvedBy"] == accept["id"]

    async def test_whom_a_post_names_answers_at_once(self, desk):
        post = await theirs(desk, "canReply")

        await self.answer(desk, post)

        assert desk.received("ReplyRequest") == []
        assert len(desk.received("Create")) == 1

    async def test_who_follows_is_vouched_for_by_the_author_alone(self, desk):
        post = await theirs(desk, "canReply", automatic=[desk.person.followers], manual=(), mention=False)

        await self.answer(desk, post)

        assert len(desk.received("ReplyRequest")) == 1

    async def test_where_nobody_may_nothing_is_written(self, desk):
        post = await theirs(desk, "canReply", automatic=[desk.bob.uri], manual=(), mention=False)

        answer = await desk.app.post("/api/v1/statuses", json={"status": "yes", "in_reply_to_id": post["id"]})

        assert answer.status == 403
        assert desk.person.host.inbox == []


class TestOurOwnChoice:
    async def test_it_is_said_in_every_post(self, desk):
        await desk.let_bob_follow()

        await desk.write("a", visibility="public", reply_approval_policy="followers")
        await desk.write("b", visibility="public")
        await desk.write("c", visibility="private")

        first, second, third = (one["object"]["interactionPolicy"] for one in desk.received("Create"))
        followers = f"{desk.alice.uri}/followers"
        assert first["canReply"]["automaticApproval"] == first["canReply"]["always"] == [desk.alice.uri, followers]
        assert (
            second["canReply"]["always"] == second["canLike"]["always"] == second["canAnnounce"]["always"] == [PUBLIC]
        )
        assert third["canAnnounce"]["always"] == [desk.alice.uri]
        assert PUBLIC not in str(third)

    async def test_ones_usual_choice_counts_where_nothing_is_said(self, desk):
        changed = await desk.app.patch("/api/v1/preferences", json={"pinxit:reply_policy": "nobody"})
        assert changed.json["pinxit:reply_policy"] == "nobody"
        post = await desk.write("a", visibility="public")

        refused = await desk.bens_app.post("/api/v1/statuses", json={"status": "x", "in_reply_to_id": post["id"]})
        own = await desk.app.post("/api/v1/statuses", json={"status": "x", "in_reply_to_id": post["id"]})

        assert (refused.status, own.status) == (403, 200)

    async def test_it_can_be_changed_later(self, desk):
        post = await desk.write("a", visibility="public")
        path = f"/api/v1/statuses/{post['id']}/interaction_policy"

        assert (await desk.app.put(path, json={"reply_approval_policy": "nobody"})).status == 200
        refused = await desk.bens_app.post("/api/v1/statuses", json={"status": "x", "in_reply_to_id": post["id"]})

        assert refused.status == 403
        assert (await desk.app.put(path, json={"reply_approval_policy": "friends"})).status == 422
        again = await desk.app.put(
            f"/api/v1/statuses/{post['id']}", json={"status": "b", "reply_approval_policy": "public"}
        )
        assert again.status == 200
        answered = await desk.bens_app.post("/api/v1/statuses", json={"status": "x", "in_reply_to_id": post["id"]})
        assert answered.status == 200
