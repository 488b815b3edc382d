"""Our people quote peers' posts: they ask (FEP-044f), and what the author says is shown and told."""

import pytest

from activitypub.vocabulary import PUBLIC

_CAN_QUOTE = {"canQuote": {"automaticApproval": [PUBLIC]}}
STAMP_TYPE = "QuoteAuthorization"


async def bobs_post(desk, *, by=None, **more):
    """A post of somebody's there that names alice."""
    by = by or desk.person
    tag = [{"type": "Mention", "href": desk.alice.uri, "name": "@alice"}]
    note = by.note("<p>bob</p>", tag=tag, **({"interactionPolicy": _CAN_QUOTE} | more))
    await by.send(by.create(note), desk.alice.inbox)
    await desk.settle()
    return (await desk.app.get("/api/v1/notifications?types[]=mention")).json[0]["status"]


def stamp(desk, quoting, quoted, *, path="/users/bob/stamps/1", **changes):
    """Let bob's host show a stamp; return its address."""
    uri = desk.person.host.origin + path
    document = {
        "id": uri,
        "type": STAMP_TYPE,
        "attributedTo": desk.bob.uri,
        "interactingObject": quoting,
        "interactionTarget": quoted,
    }
    desk.person.host.show(path, document | changes)
    return uri


async def quoting(desk):
    """Alice quotes bob and has asked; return (her post, bob's, the question)."""
    await desk.let_bob_follow()
    theirs = await bobs_post(desk)
    made = await desk.write("see this", quoted_status_id=theirs["id"], visibility="public")
    (request,) = desk.received("QuoteRequest")
    return made, theirs, request


async def say(desk, type, request, *, by=None, **more):
    by = by or desk.person
    await by.send(by.activity(type, request, **more), desk.alice.inbox)
    await desk.settle()


async def test_a_quote_of_a_peers_post_is_asked_for_with_the_whole_post(desk):
    made, theirs, request = await quoting(desk)

    assert (request["actor"], request["object"], request["to"]) == (desk.alice.uri, theirs["uri"], [desk.bob.uri])
    assert (request["instrument"]["id"], request["instrument"]["quote"]) == (made["uri"], theirs["uri"])
    assert "quoteAuthorization" not in request["instrument"]
    assert made["quote"]["state"] == "pending"


@pytest.mark.parametrize("form", ["whole", "id", "other id"])
async def test_with_the_authors_stamp_it_is_accepted_and_everybody_is_told(desk, form):
    made, theirs, request = await quoting(desk)
    uri = stamp(desk, made["uri"], theirs["uri"])
    plain = {name: request[name] for name in ("id", "type", "actor", "object")} | {"instrument": made["uri"]}
    answered = {"whole": plain, "id": request["id"], "other id": plain | {"id": "https://remote.example/mine"}}[form]

    await say(desk, "Accept", answered, result=uri)

    now = await desk.look(made)
    assert (now["quote"]["state"], now["quote"]["quoted_status"]["id"]) == ("accepted", theirs["id"])
    update = desk.received("Update")[-1]
    assert (update["object"]["quote"], update["object"]["quoteAuthorization"]) == (theirs["uri"], uri)


async def test_a_refused_quote_is_shown_as_refused_and_no_longer_told(desk):
    made, _, request = await quoting(desk)

    await say(desk, "Reject", request["id"])

    assert (await desk.look(made))["quote"] == {"state": "rejected", "quoted_status": None, "quoted_status_id": None}
    update = desk.received("Update")[-1]
    assert not {"quote", "quoteUri", "quoteUrl", "_misskey_quote", "quoteAuthorization"} & set(update["object"])


async def test_a_stamp_taken_back_takes_the_quote_back(desk):
    made, theirs, request = await quoting(desk)
    uri = stamp(desk, made["uri"], theirs["uri"])
    await say(desk, "Accept", request["id"], result=uri)

    await say(desk, "Delete", {"id": uri, "type": STAMP_TYPE})

    assert (await desk.look(made))["quote"]["state"] == "revoked"
    assert "quote" not in desk.received("Update")[-1]["object"]


@pytest.mark.parametrize(
    "changes",
    [
        {"interactingObject": "https://pinxit.example/users/alice/posts/1"},
        {"interactionTarget": "https://remote.example/users/bob/notes/other"},
        {"interactionTarget": None},
        {"attributedTo": "https://remote.example/users/mallory"},
        {"type": "LikeAuthorization"},
        {"type": "Note"},
        {"id": "https://remote.example/users/bob/stamps/2"},
    ],
)
async def test_t32_a_stamp_for_anything_else_accepts_nothing(desk, changes):
    made, theirs, request = await quoting(desk)
    uri = stamp(desk, made["uri"], theirs["uri"], **changes)

    await say(desk, "Accept", request["id"], result=uri)

    assert (await desk.look(made))["quote"]["state"] == "pending"
    assert desk.received("Update") == []


@pytest.mark.parametrize("result", [None, "nowhere", {"id": "https://remote.example/nothing"}])
async def test_t32_an_accept_without_a_stamp_accepts_nothing(desk, result):
    made, _, request = await quoting(desk)

    await say(desk, "Accept", request["id"], **({} if result is None else {"result": result}))

    assert (await desk.look(made))["quote"]["state"] == "pending"


async def test_t32_only_who_was_asked_answers(desk):
    made, theirs, request = await quoting(desk)
    mallory = desk.person.host.person("mallory")
    uri = stamp(desk, made["uri"], theirs["uri"])

    await say(desk, "Accept", request["id"], by=mallory, result=uri)
    await say(desk, "Reject", request["id"], by=mallory)

    assert (await desk.look(made))["quote"]["state"] == "pending"


async def test_t32_an_accept_after_the_no_changes_nothing(desk):
    made, theirs, request = await quoting(desk)
    uri = stamp(desk, made["uri"], theirs["uri"])
    await say(desk, "Reject", request["id"])

    await say(desk, "Accept", request["id"], result=uri)

    assert (await desk.look(made))["quote"]["state"] == "rejected"


async def test_t31_a_stamp_is_taken_back_by_its_author_alone(desk):
    made, theirs, request = await quoting(desk)
    uri = stamp(desk, made["uri"], theirs["uri"])
    await say(desk, "Accept", request["id"], result=uri)

    await say(desk, "Delete", {"id": uri, "type": STAMP_TYPE}, by=desk.person.host.person("mallory"))

    assert (await desk.look(made))["quote"]["state"] == "accepted"


async def test_one_of_ours_quoted_by_another_of_ours_has_a_stamp_for_those_elsewhere(desk):
    await desk.let_bob_follow()
    theirs = await desk.write("by ben", app=desk.bens_app, visibility="public")

    made = await desk.write("see", quoted_status_id=theirs["id"], visibility="public")

    note = desk.received("Create")[0]["object"]
    shown = await desk.house.network.send("GET", note["quoteAuthorization"], {"accept": "application/activity+json"})
    assert shown.json()["attributedTo"] == desk.ben.uri
    assert (shown.json()["interactingObject"], shown.json()["interactionTarget"]) == (made["uri"], theirs["uri"])


async def test_one_of_ours_who_wants_to_be_asked_is_asked(desk):
    theirs = await desk.write("hm", app=desk.bens_app, visibility="public", quote_approval_policy="manual")

    made = await desk.write("see", quoted_status_id=theirs["id"], visibility="public")

    assert theirs["quote_approval"]["manual"] == ["public"]
    assert made["quote"]["state"] == "pending"
    assert await desk.told(desk.ben) == ["quote_request"]
    assert (await desk.bens_app.get("/api/v1/notifications")).json == []


class TestPeersQuotingPeers:
    """A policy of the quoted author's says nothing to third parties: their stamp does."""

    async def third(self, desk, **more):
        """Eve, on another host, quotes bob; return her post as alice sees it, and bob's."""
        eve = desk.elsewhere.person("eve")
        theirs = await bobs_post(desk)
        return await bobs_post(desk, by=eve, quote=theirs["uri"], **more), theirs, eve

    async def test_without_a_stamp_a_quote_waits_whatever_the_policy_says(self, desk):
        post, _, _ = await self.third(desk)

        assert (await desk.look(post))["quote"] == {"state": "pending", "quoted_status": None, "quoted_status_id": None}

    async def test_with_a_stamp_that_holds_it_is_shown(self, desk):
        id = "https://other.example/users/eve/notes/q"
        uri = stamp(desk, id, (await bobs_post(desk, id="https://remote.example/users/bob/notes/1"))["uri"])
        eve = desk.elsewhere.person("eve")

        post = await bobs_post(desk, by=eve, id=id, quote=f"{desk.bob.uri}/notes/1", quoteAuthorization=uri)

        assert (await desk.look(post))["quote"]["state"] == "accepted"
        await say(desk, "Delete", uri)
        assert (await desk.look(post))["quote"]["state"] == "revoked"

    @pytest.mark.parametrize("forged", ["other host", "other pair", "gone"])
    async def test_t12_a_stamp_that_does_not_hold_shows_nothing(self, desk, forged):
        id = "https://other.example/users/eve/notes/q"
        quoted = f"{desk.bob.uri}/notes/1"
        await bobs_post(desk, id=quoted)
        uri = stamp(desk, id if forged == "other host" else "https://other.example/x", quoted)
        if forged == "other host":
            document = {"id": "https://other.example/s", "type": STAMP_TYPE, "attributedTo": desk.bob.uri}
            desk.elsewhere.show("/s", document | {"interactingObject": id, "interactionTarget": quoted})
            uri = "https://other.example/s"
        if forged == "gone":
            desk.person.host.show("/users/bob/stamps/1", {}, status=410)
        eve = desk.elsewhere.person("eve")

        post = await bobs_post(desk, by=eve, id=id, quote=quoted, quoteAuthorization=uri)

        assert (await desk.look(post))["quote"]["state"] == "pending"

    async def test_who_quotes_oneself_needs_none(self, desk):
        theirs = await bobs_post(desk)

        assert (await bobs_post(desk, quote=theirs["uri"]))["quote"]["state"] == "accepted"

    async def test_a_stamp_that_comes_with_an_update_counts(self, desk):
        post, theirs, eve = await self.third(desk)
        uri = stamp(desk, post["uri"], theirs["uri"])
        path = post["uri"].removeprefix("https://other.example")
        shown = await desk.house.network.send("GET", post["uri"], {})
        changed = shown.json() | {"quoteAuthorization": uri}
        eve.host.show(path, changed)

        await say(desk, "Update", changed, by=eve)

        assert (await desk.look(post))["quote"]["state"] == "accepted"
