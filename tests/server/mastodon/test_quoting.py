"""Quotes: made as the quoted author allows, sent under every name in use, received, revoked."""

import pytest

from activitypub.vocabulary import PUBLIC


@pytest.fixture
async def theirs(desk):
    """A public post of ben's."""
    return await desk.write("by ben", app=desk.bens_app, visibility="public")


async def bobs_post(desk, content="<p>bob</p>", **more):
    """A post of bob's that names alice."""
    tag = [{"type": "Mention", "href": desk.alice.uri, "name": "@alice"}]
    note = desk.person.note(content, tag=tag, **more)
    await desk.person.send(desk.person.create(note), desk.alice.inbox)
    await desk.settle()
    return (await desk.app.get("/api/v1/notifications?types[]=mention")).json[0]["status"]


async def test_a_quote_shows_the_post_and_goes_out_under_every_name(desk, theirs):
    await desk.let_bob_follow()

    made = await desk.write("see this", quoted_status_id=theirs["id"], visibility="public")

    assert (made["quote"]["state"], made["quote"]["quoted_status"]["id"]) == ("accepted", theirs["id"])
    note = desk.received("Create")[0]["object"]
    assert {note[name] for name in ("quote", "quoteUri", "quoteUrl", "_misskey_quote")} == {theirs["uri"]}
    assert f'<p class="quote-inline">RE: <a href="{theirs["url"]}">' in note["content"]
    assert note["interactionPolicy"]["canQuote"] == {"automaticApproval": [PUBLIC]}
    assert await desk.told(desk.ben) == ["quote"]
    assert (await desk.look(theirs))["quotes_count"] == 1


async def test_a_quote_needs_no_words_of_its_own(desk, theirs):
    assert (await desk.write("", quoted_status_id=theirs["id"]))["quote"]["state"] == "accepted"


@pytest.mark.parametrize(
    ("policy", "follows", "status"),
    [("public", False, 200), ("followers", False, 403), ("followers", True, 200), ("nobody", True, 403)],
)
async def test_an_author_says_who_may_quote(desk, policy, follows, status):
    theirs = await desk.write("hm", app=desk.bens_app, visibility="public", quote_approval_policy=policy)
    if follows:
        await desk.app.post(f"/api/v1/accounts/{desk.ben.id}/follow")

    answer = await desk.app.post("/api/v1/statuses", json={"status": "x", "quoted_status_id": theirs["id"]})

    assert answer.status == status
    allowed = "automatic" if status == 200 else "denied"
    assert (await desk.look(theirs))["quote_approval"]["current_user"] == allowed


async def test_ones_own_post_for_followers_is_quoted_for_followers(desk):
    own = await desk.write("for followers", visibility="private")

    made = await desk.write("again", quoted_status_id=own["id"], visibility="public")

    assert (made["visibility"], made["quote"]["state"]) == ("private", "accepted")
    assert made["quote_approval"]["automatic"] == []


async def test_what_may_not_be_seen_cannot_be_quoted(desk):
    hidden = await desk.write("psst", app=desk.bens_app, visibility="direct")

    for quoted in (hidden["id"], "12345"):
        answer = await desk.app.post("/api/v1/statuses", json={"status": "x", "quoted_status_id": quoted})
        assert answer.status == 404


async def test_the_quotes_of_a_post_are_listed(desk, theirs):
    first = await desk.write("one", quoted_status_id=theirs["id"], visibility="public")
    second = await desk.write("two", quoted_status_id=theirs["id"], visibility="public")
    await desk.write("three", quoted_status_id=theirs["id"], visibility="direct")

    page = await desk.bens_app.get(f"/api/v1/statuses/{theirs['id']}/quotes")

    assert [one["id"] for one in page.json] == [second["id"], first["id"]]


async def test_a_quote_is_revoked_by_whom_it_quotes(desk, theirs):
    await desk.let_bob_follow()
    made = await desk.write("see", quoted_status_id=theirs["id"], visibility="public")
    path = f"/api/v1/statuses/{theirs['id']}/quotes/{made['id']}/revoke"

    assert (await desk.app.post(path)).status == 403
    revoked = await desk.bens_app.post(path)
    await desk.settle()

    assert (revoked.json["id"], revoked.json["quote"]) == (
        made["id"],
        {"state": "revoked", "quoted_status": None, "quoted_status_id": None},
    )
    (update,) = desk.received("Update")
    assert not {"quote", "quoteUri", "quoteUrl", "_misskey_quote"} & set(update["object"])
    assert (await desk.look(theirs))["quotes_count"] == 0
    assert (await desk.bens_app.get(f"/api/v1/statuses/{theirs['id']}/quotes")).json == []


async def test_who_may_quote_can_be_changed(desk):
    await desk.let_bob_follow()
    made = await desk.write("hm", visibility="public")
    path = f"/api/v1/statuses/{made['id']}/interaction_policy"

    changed = await desk.app.put(path, json={"quote_approval_policy": "nobody"})
    await desk.settle()

    assert changed.json["quote_approval"] == {"automatic": [], "manual": [], "current_user": "automatic"}
    (update,) = desk.received("Update")
    assert update["object"]["interactionPolicy"]["canQuote"] == {"automaticApproval": [desk.alice.uri]}
    assert (await desk.app.put(path, json={"quote_approval_policy": "friends"})).status == 422
    assert (await desk.bens_app.put(path, json={"quote_approval_policy": "public"})).status == 403


@pytest.mark.parametrize(
    ("automatic", "manual", "state", "standing"),
    [
        ([PUBLIC], [], "pending", "automatic"),
        ([], [PUBLIC], "pending", "manual"),
        (None, None, "pending", "unknown"),
        ([], [], None, "denied"),
    ],
)
async def test_a_peers_post_is_quoted_as_its_author_says(desk, automatic, manual, state, standing):
    policy = {"canQuote": {"automaticApproval": automatic, "manualApproval": manual}}
    post = await bobs_post(desk, **({} if automatic is None else {"interactionPolicy": policy}))

    answer = await desk.app.post("/api/v1/statuses", json={"status": "x", "quoted_status_id": post["id"]})

    assert post["quote_approval"]["current_user"] == standing
    assert answer.status == (403 if state is None else 200)
    if state is not None:
        assert answer.json["quote"]["state"] == state


@pytest.mark.parametrize("name", ["quote", "quoteUri", "quoteUrl", "_misskey_quote"])
async def test_a_peers_quote_of_ours_is_kept_and_told(desk, name):
    own = await desk.write("quote me", visibility="public")

    post = await bobs_post(desk, **{name: own["uri"]})

    assert (post["quote"]["state"], post["quote"]["quoted_status"]["id"]) == ("accepted", own["id"])
    assert sorted(await desk.told(desk.alice)) == ["mention", "quote"]


async def test_a_peer_does_not_quote_against_the_authors_will(desk):
    own = await desk.write("leave me", visibility="public", quote_approval_policy="nobody")
    hidden = await desk.write("psst", visibility="private")

    for quoted in (own, hidden):
        post = await bobs_post(desk, quote=quoted["uri"])
        assert (post["quote"]["state"], post["quote"]["quoted_status"]) == ("rejected", None)
    assert "quote" not in await desk.told(desk.alice)


async def test_a_quoted_post_that_we_do_not_have_is_fetched_and_nothing_beyond(desk):
    consent = {"canQuote": {"automaticApproval": PUBLIC}}
    deepest = desk.person.note("<p>deepest</p>", interactionPolicy=consent)
    deeper = desk.person.note("<p>deeper</p>", quote=deepest["id"], interactionPolicy=consent)

    post = await bobs_post(desk, quote=deeper["id"])

    now = await desk.look(post)
    assert (now["quote"]["state"], now["quote"]["quoted_status"]["content"]) == ("accepted", "<p>deeper</p>")
    asked = [request.target for request in desk.person.host.gets]
    assert deeper["id"].removeprefix(desk.person.host.origin) in asked
    assert deepest["id"].removeprefix(desk.person.host.origin) not in asked


async def test_a_deleted_post_leaves_its_quotes_without_it(desk, theirs):
    made = await desk.write("see", quoted_status_id=theirs["id"], visibility="public")

    await desk.bens_app.delete(f"/api/v1/statuses/{theirs['id']}")

    assert (await desk.look(made))["quote"]["state"] == "deleted"


async def test_a_quote_that_is_taken_back_leaves_no_line_and_says_so(desk, theirs):
    await desk.let_bob_follow()
    made = await desk.write("see", quoted_status_id=theirs["id"], visibility="public")
    alone = await desk.write("", quoted_status_id=theirs["id"], visibility="public")
    assert made["content"].startswith('<p class="quote-inline">')
    for one in (made, alone):
        await desk.bens_app.post(f"/api/v1/statuses/{theirs['id']}/quotes/{one['id']}/revoke")
    await desk.settle()

    now = await desk.look(made)
    assert (now["content"], bool(now["edited_at"])) == ("<p>see</p>", True)
    # What says nothing else would be nothing.
    assert (await desk.look(alone))["content"] == alone["content"]
    notes = [one["object"] for one in desk.received("Update")]
    (note,) = [one for one in notes if one["id"] == made["uri"]]
    assert (note["content"], "quote" in note, "updated" in note) == ("<p>see</p>", False, True)
    changed = await desk.app.put(f"/api/v1/statuses/{made['id']}", json={"status": "look"})
    assert changed.json["content"] == "<p>look</p>"


async def test_an_edit_keeps_the_quote(desk, theirs):
    made = await desk.write("see", quoted_status_id=theirs["id"], visibility="public")

    changed = (await desk.app.put(f"/api/v1/statuses/{made['id']}", json={"status": "see!"})).json

    assert changed["quote"]["quoted_status"]["id"] == theirs["id"]
    assert changed["content"].startswith('<p class="quote-inline">')
