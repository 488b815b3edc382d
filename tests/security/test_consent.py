"""Consent cannot be forged: stamps from elsewhere or for others, answers played again, questions in another's name."""

import pytest

from tests.server.mastodon.conftest import desk  # noqa: F401 - a fixture
from tests.server.mastodon.desk import Desk
from tests.server.mastodon.test_asking_first import theirs
from tests.server.mastodon.test_quote_asking import STAMP_TYPE, bobs_post, quoting, say, stamp


async def look(desk: Desk, uri: str) -> int:  # noqa: F811
    answer = await desk.house.network.send("GET", uri, {"accept": "application/activity+json"})
    return answer.status_code


async def let_quote(desk: Desk, own: dict[str, str], note: dict[str, object]) -> str:  # noqa: F811
    """Bob asks and is let; return the stamp."""
    request = desk.person.activity("QuoteRequest", own["uri"], instrument=note)
    await desk.person.send(request, desk.alice.inbox)
    await desk.settle()
    return str(desk.received("Accept")[-1]["result"])


@pytest.mark.parametrize("where", ["other host", "ours", "other host under our path"])
async def test_t12_a_stamp_from_another_host_accepts_nothing(desk: Desk, where: str) -> None:  # noqa: F811
    made, quoted, request = await quoting(desk)
    uri = {
        "other host": "https://other.example/stamps/1",
        "ours": f"{desk.site.origin}/users/alice/stamps/1",
        "other host under our path": "https://other.example/users/bob/stamps/1",
    }[where]
    document = {"id": uri, "type": STAMP_TYPE, "attributedTo": desk.bob.uri}
    document |= {"interactingObject": made["uri"], "interactionTarget": quoted["uri"]}
    desk.elsewhere.show(uri.removeprefix("https://other.example"), document)

    await say(desk, "Accept", request["id"], result=uri)
    # Embedded it is no more than its address.
    await say(desk, "Accept", request["id"], result=document)

    assert (await desk.look(made))["quote"]["state"] == "pending"


@pytest.mark.parametrize("same_id", [True, False])
async def test_t32_an_accept_played_again_brings_back_nothing(desk: Desk, same_id: bool) -> None:  # noqa: F811
    made, quoted, request = await quoting(desk)
    uri = stamp(desk, made["uri"], quoted["uri"])
    accept = desk.person.activity("Accept", request["id"], result=uri)
    await desk.person.send(accept, desk.alice.inbox)
    await desk.settle()
    assert (await desk.look(made))["quote"]["state"] == "accepted"
    await say(desk, "Delete", {"id": uri, "type": STAMP_TYPE})

    # The stamp is still shown: a careless server, or one that is slow.
    again = accept if same_id else accept | {"id": f"{desk.bob.uri}#accept/again"}
    await desk.person.send(again, desk.alice.inbox)
    await desk.settle()

    assert (await desk.look(made))["quote"]["state"] == "revoked"


async def test_t17_a_question_in_anothers_name_is_refused_at_the_door(desk: Desk) -> None:  # noqa: F811
    own = await desk.write("quote me", visibility="public")
    mallory = desk.person.host.person("mallory")
    note = desk.person.note("<p>bob</p>", quote=own["uri"])
    request = mallory.activity("QuoteRequest", own["uri"], instrument=note) | {"actor": desk.bob.uri}

    assert await mallory.send(request, desk.alice.inbox) in (401, 403)
    await desk.settle()

    assert desk.received("Accept") == desk.received("Reject") == []


async def test_t12_a_stamp_of_ours_for_one_post_lets_no_other_quote(desk: Desk) -> None:  # noqa: F811
    own = await desk.write("quote me", visibility="public")
    given = await let_quote(desk, own, desk.person.note("<p>first</p>", quote=own["uri"]))
    path = f"/api/v1/statuses/{own['id']}/interaction_policy"
    assert (await desk.app.put(path, json={"quote_approval_policy": "nobody"})).status == 200

    post = await bobs_post(desk, quote=own["uri"], quoteAuthorization=given)

    assert post["quote"]["state"] == "rejected"


async def test_t12_a_stamp_of_another_of_our_people_is_not_believed(desk: Desk) -> None:  # noqa: F811
    """Whoever brings it: of our posts, our own table says who may quote them."""
    own = await desk.write("leave me", visibility="public", quote_approval_policy="nobody")

    for claimed in (f"{desk.ben.uri}/stamps/1", f"{desk.alice.uri}/stamps/1", f"{desk.bob.uri}/stamps/1"):
        post = await bobs_post(desk, quote=own["uri"], quoteAuthorization=claimed)
        assert post["quote"]["state"] == "rejected"


async def test_t64_a_stamp_for_a_hidden_post_is_shown_to_nobody_who_may_not_see_it(desk: Desk) -> None:  # noqa: F811
    await desk.let_bob_follow()
    own = await desk.write("for followers", visibility="private")
    like = desk.person.activity("Like", own["uri"])
    request = desk.person.activity("LikeRequest", own["uri"], instrument=like)
    await desk.person.send(request, desk.alice.inbox)
    await desk.settle()
    (accept,) = desk.received("Accept")

    assert await look(desk, accept["result"]) == 404


async def test_t31_a_stamp_is_not_taken_back_from_another_host(desk: Desk) -> None:  # noqa: F811
    own = await desk.write("quote me", visibility="public")
    given = await let_quote(desk, own, desk.person.note("<p>first</p>", quote=own["uri"]))

    await say(desk, "Delete", {"id": given, "type": STAMP_TYPE})

    assert await look(desk, given) == 200


async def test_an_answer_kept_back_is_at_no_address_of_ours(desk: Desk) -> None:  # noqa: F811
    """Neither as a post, nor as the activity that waits, nor in the outbox, nor below what it answers."""
    parent = await theirs(desk, "canReply", mention=False)
    made = await desk.write("psst, not yet", in_reply_to_id=parent["id"], visibility="public")
    (held,) = await desk.sent("Create")

    for uri in (made["uri"], held["id"], f"{held['id']}/"):
        assert await look(desk, uri) == 404
    for uri in (f"{desk.alice.uri}/outbox?page=1", f"{desk.alice.uri}/outbox"):
        shown = await desk.house.network.send("GET", uri, {"accept": "application/activity+json"})
        assert "psst" not in shown.text
    context = await desk.stranger.get(f"/api/v1/statuses/{parent['id']}/context")
    assert "psst" not in str(context.json)
    assert "psst" not in str((await desk.stranger.get("/api/v1/timelines/public")).json)
    assert "psst" not in str((await desk.bens_app.get(f"/api/v1/accounts/{desk.alice.id}/statuses")).json)


async def test_an_answer_kept_back_is_not_changed_to_name_others(desk: Desk) -> None:  # noqa: F811
    parent = await theirs(desk, "canReply", mention=False)
    made = await desk.write("psst", in_reply_to_id=parent["id"], visibility="public")

    changed = await desk.app.put(f"/api/v1/statuses/{made['id']}", json={"status": "psst @ben"})

    assert changed.status == 403
    assert (await desk.bens_app.get(f"/api/v1/statuses/{made['id']}")).status == 404
    assert (await desk.app.delete(f"/api/v1/statuses/{made['id']}")).status == 200


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_who_is_asked_reads_no_words_of_a_post_that_is_not_for_them(desk: Desk, visibility: str) -> None:  # noqa: F811
    theirs_ = await bobs_post(desk)

    made = await desk.write("my secret @ben", quoted_status_id=theirs_["id"], visibility=visibility)

    (request,) = desk.received("QuoteRequest")
    assert "secret" not in str(request) and desk.ben.uri not in str(request)
    assert (request["instrument"]["id"], request["instrument"]["quote"]) == (made["uri"], theirs_["uri"])
