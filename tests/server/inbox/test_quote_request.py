"""A peer asks to quote one of ours (FEP-044f): answered by the author's word, with a stamp that anybody can look at."""

import httpx
import pytest

from activitypub.audience import Visibility
from server.actions.writing.choose import check_policy
from server.actions.writing.quote import change_policy, revoke_quote
from server.actions.writing.remove import remove_post
from server.actions.writing.settle import decide
from server.problems import Forbidden, NotFound
from server.store.writing import consents, quotes
from tests.instance import run_jobs_until_idle


async def ask(street, quoted, *, by=None, note=None, embedded=True, id=None, **more):
    """Somebody asks to quote a post; return how that ended, and the quoting note."""
    by = by or street.bob
    note = note or by.note("<p>look</p>", quote=quoted.uri)
    instrument = note if embedded else note["id"]
    request = by.activity("QuoteRequest", quoted.uri, id=id, instrument=instrument, **more)
    return await street.arrive(by, request), note


async def publish(street, policy="public", visibility=Visibility.PUBLIC):
    post = await street.publish(visibility)
    async with street.house.database.write() as tx:
        await quotes.put_policy(tx, post.id, check_policy(policy))
    return post


async def waiting(street):
    async with street.house.database.read() as reader:
        return await consents.list_waiting(reader, street.alice.id)


async def state(street, note):
    post = await street.post(note["id"])
    async with street.house.database.read() as reader:
        return (await quotes.find(reader, post.id)).state


async def look(street, uri):
    return await street.house.network.send("GET", uri, {"accept": "application/activity+json"})


async def decided(street, yes):
    (one,) = await waiting(street)
    async with street.house.database.write() as tx:
        await decide(tx, street.house.site, street.alice, one.id, yes=yes)
    await run_jobs_until_idle(street.house)


@pytest.mark.parametrize("embedded", [True, False])
async def test_s175_who_may_quote_at_once_gets_a_stamp_that_can_be_looked_at(street, embedded):
    quoted = await publish(street)

    outcome, note = await ask(street, quoted, embedded=embedded)

    assert outcome == "accepted"
    (accept,) = street.bob.host.received("Accept")
    assert accept["to"] == [street.bob.uri]
    assert (accept["object"]["type"], accept["object"]["instrument"]) == ("QuoteRequest", note["id"])
    stamp = (await look(street, accept["result"])).json()
    assert {name: stamp[name] for name in stamp if name != "@context"} == {
        "id": accept["result"],
        "type": "QuoteAuthorization",
        "attributedTo": street.alice.uri,
        "interactingObject": note["id"],
        "interactionTarget": quoted.uri,
    }
    assert accept["result"].startswith(f"{street.alice.uri}/")
    assert await street.told() == [("quote", "bob")]
    assert await state(street, note) == "accepted"


@pytest.mark.parametrize(
    ("policy", "follows", "answer"),
    [
        ("followers", True, "accepted"),
        ("followers", False, "rejected"),
        ("nobody", True, "rejected"),
    ],
)
async def test_the_authors_policy_is_the_answer(street, policy, follows, answer):
    quoted = await publish(street, policy)
    if follows:
        await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri))
        street.bob.host.inbox.clear()

    outcome, note = await ask(street, quoted)

    assert outcome == answer
    (said,) = street.bob.host.inbox
    assert said.document["type"] == answer.removesuffix("ed").capitalize()
    assert said.document["object"]["instrument"] == note["id"]
    assert ("result" in said.document) == (answer == "accepted")


async def test_asked_again_the_same_stamp_is_given(street):
    quoted = await publish(street)
    _, note = await ask(street, quoted)

    await ask(street, quoted, note=note)

    first, second = street.bob.host.received("Accept")
    assert first["result"] == second["result"]
    assert first["object"]["id"] != second["object"]["id"]
    assert await street.told() == [("quote", "bob")]


@pytest.mark.parametrize("yes", [True, False])
async def test_where_the_author_wants_to_be_asked_it_waits_for_them(street, yes):
    quoted = await publish(street, "manual")

    outcome, note = await ask(street, quoted)

    assert outcome == "pending"
    assert street.bob.host.inbox == []
    assert await street.told() == [("quote_request", "bob")]
    assert await state(street, note) == "pending"
    await decided(street, yes)
    assert [one.document["type"] for one in street.bob.host.inbox] == ["Accept" if yes else "Reject"]
    assert await state(street, note) == ("accepted" if yes else "rejected")
    assert await street.told() == ([("quote", "bob")] if yes else [])


async def test_a_refusal_by_hand_holds_when_asked_again(street):
    quoted = await publish(street, "manual")
    _, note = await ask(street, quoted)
    await decided(street, False)

    outcome, _ = await ask(street, quoted, note=note)

    assert outcome == "rejected"
    assert await waiting(street) == []


async def test_nobody_decides_for_another_or_twice(street):
    quoted = await publish(street, "manual")
    await ask(street, quoted)
    (one,) = await waiting(street)

    async with street.house.database.write() as tx:
        with pytest.raises(Forbidden):
            await decide(tx, street.house.site, street.carol, one.id, yes=True)
    await decided(street, True)
    async with street.house.database.write() as tx:
        with pytest.raises(NotFound):
            await decide(tx, street.house.site, street.alice, one.id, yes=False)


async def test_after_a_change_of_mind_the_policy_of_today_counts(street):
    quoted = await publish(street, "nobody")
    _, note = await ask(street, quoted)
    async with street.house.database.write() as tx:
        await change_policy(tx, street.house.site, street.alice, quoted, "public")

    outcome, _ = await ask(street, quoted, note=note)

    assert outcome == "accepted"


async def test_a_stamp_that_was_taken_back_is_gone_and_stays_so(street):
    quoted = await publish(street)
    _, note = await ask(street, quoted)
    (accept,) = street.bob.host.received("Accept")
    async with street.house.database.write() as tx:
        await revoke_quote(tx, street.house.site, street.alice, quoted, await street.post(note["id"]))
    await run_jobs_until_idle(street.house)

    (delete,) = street.bob.host.received("Delete")
    assert (delete["object"]["id"], delete["object"]["type"]) == (accept["result"], "QuoteAuthorization")
    assert (await look(street, accept["result"])).status_code == 410
    assert (await ask(street, quoted, note=note))[0] == "rejected"
    assert await state(street, note) == "revoked"


async def test_with_the_post_its_stamps_go(street):
    quoted = await publish(street)
    await ask(street, quoted)
    (accept,) = street.bob.host.received("Accept")
    async with street.house.database.write() as tx:
        await remove_post(tx, street.house.site, street.alice, quoted)

    assert (await look(street, accept["result"])).status_code in (404, 410)


async def test_who_is_blocked_hears_no(street):
    quoted = await publish(street)
    await street.block(street.bob)

    outcome, note = await ask(street, quoted)

    assert outcome == "rejected"
    assert len(street.bob.host.received("Reject")) == 1
    assert await street.post(note["id"]) is None


@pytest.mark.parametrize("visibility", [Visibility.FOLLOWERS, Visibility.DIRECT])
async def test_of_what_one_may_not_see_one_hears_nothing(street, visibility):
    quoted = await publish(street, visibility=visibility)

    outcome, _ = await ask(street, quoted)

    assert outcome == "ignored: there is no such post"
    assert street.bob.host.inbox == []


async def test_one_whom_we_do_not_speak_with_is_not_even_heard(street):
    quoted = await publish(street)
    await street.suspend(street.bob)
    note = street.bob.note(quote=quoted.uri)

    request = street.bob.activity("QuoteRequest", quoted.uri, instrument=note)

    assert await street.bob.send(request, street.alice.inbox) == 403


async def test_t12_nobody_asks_for_anothers_post(street):
    quoted = await publish(street)
    theirs = street.mallory.note(quote=quoted.uri)

    for embedded in (True, False):
        outcome, _ = await ask(street, quoted, note=theirs, embedded=embedded)
        assert outcome.startswith("refused")
    assert street.bob.host.inbox == []


async def test_t13_an_embedded_copy_of_another_hosts_post_is_not_believed(street):
    quoted = await publish(street)
    theirs = street.eve.note(quote=quoted.uri) | {"attributedTo": street.bob.uri}

    outcome, _ = await ask(street, quoted, note=theirs)

    assert outcome.startswith("refused")
    assert street.bob.host.inbox == []


async def test_a_post_that_quotes_something_else_gets_no_stamp(street):
    quoted, other = await publish(street), await publish(street)
    note = street.bob.note(quote=other.uri)

    outcome, _ = await ask(street, quoted, note=note)

    assert outcome == "refused: the post does not quote what it asks for"


async def test_what_is_asked_for_is_named_by_its_id(street):
    """A stamp for the address of a page would be one for whatever is shown there later."""
    quoted = await publish(street)
    note = street.bob.note(quote=quoted.uri)
    street.bob.host.show("/pages/1", note)
    request = street.bob.activity("QuoteRequest", quoted.uri, instrument=f"{street.bob.host.origin}/pages/1")

    outcome = await street.arrive(street.bob, request)

    assert outcome == "refused: the post is not the one that is asked for"
    assert street.bob.host.received("Accept") == []


async def test_what_was_deleted_before_gets_no_stamp(street):
    quoted = await publish(street)
    note = street.bob.note(quote=quoted.uri)
    await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri))
    await street.arrive(street.bob, street.bob.activity("Delete", {"id": note["id"], "type": "Tombstone"}))

    outcome, _ = await ask(street, quoted, note=note)

    assert outcome == "ignored: it was deleted before it came"


async def test_a_stamp_is_found_at_its_own_address_alone(street):
    quoted = await publish(street)
    await ask(street, quoted)
    (accept,) = street.bob.host.received("Accept")
    number = httpx.URL(accept["result"]).path.rpartition("/")[2]

    for path in (f"/users/carol/stamps/{number}", "/users/alice/stamps/1", f"/users/nobody/stamps/{number}"):
        assert (await look(street, street.house.origin + path)).status_code == 404


async def test_what_one_was_allowed_to_quote_is_not_allowed_to_their_neighbour(street):
    quoted = await publish(street)
    _, note = await ask(street, quoted)

    outcome, _ = await ask(street, quoted, by=street.mallory, note=note | {"attributedTo": street.mallory.uri})

    assert outcome == "rejected"
    assert street.mallory.host.received("Accept")[1:] == []
