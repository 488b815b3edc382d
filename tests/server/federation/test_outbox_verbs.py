"""Following, answering, liking, sharing, blocking, undoing, collecting, and what nobody knows, through the outbox."""

import pytest

from activitypub.audience import Visibility
from activitypub.vocabulary import PUBLIC
from server.actions.ties.follow import receive_accept, receive_follow
from server.remote.people import find_actor
from server.store.people.actors import Actor
from server.store.reading import reactions
from server.store.ties import follows
from tests.instance import run_jobs_until_idle
from tests.server.federation.conftest import Door


async def victor(door: Door) -> Actor:
    """Victor as we know him."""
    return await find_actor(door.house.services, door.victor.uri)


async def followed_by_victor(door: Door) -> None:
    """Let victor follow alice."""
    him = await victor(door)
    async with door.house.database.write() as tx:
        await receive_follow(tx, door.house.site, him, door.alice, f"{him.uri}#follow")


async def total(door: Door, path: str) -> int:
    """How much a collection says it has."""
    return int((await door.ask(path)).json()["totalItems"])


async def items(door: Door, uri: str) -> list[object]:
    """The first page of a collection, as alice sees it."""
    page = (await door.show(f"{uri}?page=true")).json()
    return page.get("orderedItems", page.get("items"))


async def test_s78_a_follow_counts_when_it_is_accepted(door: Door):
    sent = await door.do("Follow", door.victor.uri)
    await run_jobs_until_idle(door.house)
    assert door.victor.host.received("Follow")[0]["id"] == sent["id"]
    assert await total(door, "/users/alice/following") == 0
    him = await victor(door)
    async with door.house.database.write() as tx:
        await receive_accept(tx, door.house.site, door.alice, him)
    assert await total(door, "/users/alice/following") == 1


async def test_s79_a_follow_is_not_doubled(door: Door):
    first = await door.do("Follow", door.victor.uri)
    again = await door.do("Follow", door.victor.uri)
    await run_jobs_until_idle(door.house)
    assert again["id"] == first["id"]
    assert len(door.victor.host.received("Follow")) == 1


async def test_a_follow_of_somebody_here_has_an_id_too(door: Door):
    bob = await door.house.register("bob")
    sent = await door.do("Follow", bob.uri)
    assert (await door.show(sent["id"])).json()["object"] == bob.uri
    assert await total(door, "/users/alice/following") == 1


async def test_one_does_not_follow_oneself(door: Door):
    assert (await door.hand_in({"type": "Follow", "object": door.alice.uri})).status_code == 422


async def test_a_follow_of_nobody_is_404(door: Door):
    answer = await door.hand_in({"type": "Follow", "object": "https://remote.example/users/nobody"})
    assert answer.status_code == 404


@pytest.mark.parametrize("form", ["id", "copy"])
@pytest.mark.parametrize(("type", "followers"), [("Accept", 1), ("Reject", 0)])
async def test_s161_a_received_follow_is_answered(door: Door, form, type, followers):
    alice = await door.house.register("anna", locked=True)
    him = await victor(door)
    uri = f"{him.uri}#follow"
    async with door.house.database.write() as tx:
        await receive_follow(tx, door.house.site, him, alice, uri)
    asked = {"id": uri, "copy": {"type": "Follow", "actor": him.uri, "object": alice.uri}}[form]
    answer = await door.hand_in(
        {"type": type, "object": asked}, token=await door.token(alice), path="/users/anna/outbox"
    )
    await run_jobs_until_idle(door.house)
    assert answer.status_code == 201
    assert await total(door, "/users/anna/followers") == followers
    assert door.victor.host.received(type)[0]["object"]["id"] == uri


async def test_a_follow_of_another_is_not_answered(door: Door):
    await followed_by_victor(door)
    bob = await door.house.register("bob")
    body = {"type": "Accept", "object": f"{door.victor.uri}#follow"}
    answer = await door.hand_in(body, token=await door.token(bob), path="/users/bob/outbox")
    assert answer.status_code == 403


async def test_s82_s83_a_like_is_counted_once_and_shown_to_its_owner(door: Door):
    note = door.victor.note()
    first = await door.do("Like", note["id"])
    again = await door.do("Like", note["id"])
    await run_jobs_until_idle(door.house)
    assert again["id"] == first["id"]
    assert len(door.victor.host.received("Like")) == 1
    assert await total(door, "/users/alice/liked") == 1
    assert await items(door, f"{door.alice.uri}/liked") == [note["id"]]
    assert "orderedItems" not in (await door.ask("/users/alice/liked?page=true")).json()


async def test_a_like_of_what_one_may_not_see_is_404(door: Door):
    bob = await door.house.register("bob")
    post = await door.write("secret", Visibility.FOLLOWERS)
    body = {"type": "Like", "object": post.uri}
    answer = await door.hand_in(body, token=await door.token(bob), path="/users/bob/outbox")
    assert answer.status_code == 404


async def test_an_announce_goes_to_whom_its_client_says_and_to_the_author(door: Door):
    note = door.victor.note()
    sent = await door.do("Announce", note["id"], to=[PUBLIC])
    await run_jobs_until_idle(door.house)
    assert sent["to"] == [PUBLIC, door.victor.uri]
    assert door.victor.host.received("Announce")[0]["id"] == sent["id"]
    assert (await door.ask("/users/alice/outbox?page=true")).json()["orderedItems"][0]["id"] == sent["id"]


async def test_an_announce_without_recipients_goes_to_the_followers(door: Door):
    sent = await door.do("Announce", door.victor.note()["id"])
    assert sent["to"] == [f"{door.alice.uri}/followers", door.victor.uri]


@pytest.mark.parametrize(
    ("to", "shown"), [([], "followers"), ([PUBLIC], "public"), (["https://remote.example/users/victor"], "direct")]
)
async def test_an_announce_is_shown_to_whom_it_goes(door: Door, to: list[str], shown: str):
    post = await door.write()
    await door.do("Announce", post.uri, to=to)
    async with door.house.database.read() as reader:
        boost = await reactions.find(reader, kind=reactions.ANNOUNCE, actor_id=door.alice.id, post_id=post.id)
    assert boost is not None and boost.visibility == shown


async def test_an_announce_of_what_is_not_for_its_audience_is_refused(door: Door):
    post = await door.write("to followers", Visibility.FOLLOWERS)
    answer = await door.hand_in({"type": "Announce", "object": post.uri, "to": [PUBLIC]})
    assert answer.status_code == 403


async def test_s84_s85_a_block_ends_both_follows_and_is_not_delivered_to_its_object(door: Door):
    await followed_by_victor(door)
    await door.do("Follow", door.victor.uri)
    await run_jobs_until_idle(door.house)
    block = await door.do("Block", door.victor.uri, to=[door.victor.uri], cc=[PUBLIC])
    await run_jobs_until_idle(door.house)
    him = await victor(door)
    async with door.house.database.read() as reader:
        assert await follows.is_blocked(reader, by=door.alice.id, actor_id=him.id)
        assert await follows.find(reader, him.id, door.alice.id) is None
        assert await follows.find(reader, door.alice.id, him.id) is None
    assert door.victor.host.received("Block") == []
    assert block["cc"] == [PUBLIC] and "to" not in block


@pytest.mark.parametrize("form", ["id", "copy"])
async def test_s87_the_undo_of_a_like_reverses_it_and_is_delivered(door: Door, form):
    note = door.victor.note()
    like = await door.do("Like", note["id"])
    undone = like["id"] if form == "id" else {"type": "Like", "object": note["id"]}
    await door.do("Undo", undone)
    await run_jobs_until_idle(door.house)
    assert await total(door, "/users/alice/liked") == 0
    assert door.victor.host.received("Undo")[0]["object"]["id"] == like["id"]


@pytest.mark.parametrize("type", ["Announce", "Follow", "Block"])
async def test_s87_the_undo_of_others_reverses_them(door: Door, type):
    target = door.victor.note()["id"] if type == "Announce" else door.victor.uri
    done = await door.do(type, target)
    await door.do("Undo", done["id"])
    await run_jobs_until_idle(door.house)
    him = await victor(door)
    async with door.house.database.read() as reader:
        assert await follows.find(reader, door.alice.id, him.id) is None
        assert not await follows.is_blocked(reader, by=door.alice.id, actor_id=him.id)
    assert len(door.victor.host.received("Undo")) == (0 if type == "Block" else 1)
    assert (await door.hand_in({"type": "Undo", "object": done["id"]})).status_code == 404


async def test_s86_another_ones_activity_is_not_undone(door: Door):
    bob = await door.house.register("bob")
    like = await door.do("Like", door.victor.note()["id"])
    body = {"type": "Undo", "object": like["id"]}
    answer = await door.hand_in(body, token=await door.token(bob), path="/users/bob/outbox")
    assert answer.status_code == 403


async def test_s89_unknown_types_are_kept_and_distributed(door: Door):
    sent = await door.do("Travel", {"type": "Place", "name": "Delft"}, to=[door.victor.uri], mood="calm")
    await run_jobs_until_idle(door.house)
    arrived = door.victor.host.received("Travel")[0]
    assert (arrived["id"], arrived["object"]["name"], arrived["mood"]) == (sent["id"], "Delft", "calm")
    assert (await door.show(sent["id"])).json()["type"] == "Travel"


async def test_s80_s81_what_is_featured_is_added_and_removed(door: Door):
    post = await door.write()
    featured = f"{door.alice.uri}/featured"
    await door.do("Add", post.uri, target=featured)
    shown = (await door.ask("/users/alice/featured")).json()
    assert [one["id"] for one in shown["orderedItems"]] == [post.uri]
    await door.do("Remove", post.uri, target=featured)
    assert await total(door, "/users/alice/featured") == 0


async def test_s80_s81_a_collection_of_ones_own_is_made_filled_and_emptied(door: Door):
    made = (await door.do("Create", {"type": "OrderedCollection", "name": "Foxes", "to": [PUBLIC]}))["object"]
    post = await door.write()
    await door.do("Add", post.uri, target=made["id"])
    await door.do("Add", post.uri, target=made["id"])
    await door.do("Add", "https://remote.example/notes/1", target=made["id"])
    root = (await door.ask(door.path(made["id"]))).json()
    assert (root["type"], root["name"], root["totalItems"]) == ("OrderedCollection", "Foxes", 2)
    assert await items(door, made["id"]) == ["https://remote.example/notes/1", post.uri]
    await door.do("Remove", post.uri, target=made["id"])
    assert await total(door, door.path(made["id"])) == 1
    await door.do("Update", {"id": made["id"], "name": "Red foxes"})
    assert (await door.ask(door.path(made["id"]))).json()["name"] == "Red foxes"
    await door.do("Delete", made["id"])
    assert (await door.ask(door.path(made["id"]))).status_code == 410


async def test_a_collection_for_nobody_is_for_its_owner(door: Door):
    made = (await door.do("Create", {"type": "Collection", "name": "To do"}))["object"]
    assert (await door.ask(door.path(made["id"]))).status_code == 404
    assert (await door.show(made["id"])).json()["totalItems"] == 0


@pytest.mark.parametrize("type", ["Add", "Remove"])
@pytest.mark.parametrize("name", ["followers", "liked", "outbox"])
async def test_s80_s81_what_keeps_itself_is_refused(door: Door, type, name):
    post = await door.write()
    answer = await door.hand_in({"type": type, "object": post.uri, "target": f"{door.alice.uri}/{name}"})
    assert answer.status_code == 403


async def test_s80_another_ones_collection_is_refused(door: Door):
    made = (await door.do("Create", {"type": "Collection", "to": [PUBLIC]}))["object"]
    bob = await door.house.register("bob")
    body = {"type": "Add", "object": bob.uri, "target": made["id"]}
    answer = await door.hand_in(body, token=await door.token(bob), path="/users/bob/outbox")
    assert answer.status_code == 403


async def test_s88_s139_what_is_handed_in_is_delivered_later(door: Door):
    await followed_by_victor(door)
    await run_jobs_until_idle(door.house)
    note = {"type": "Note", "content": "x", "to": [f"{door.alice.uri}/followers"]}
    created = await door.do("Create", note)
    assert door.victor.host.received("Create") == []
    await run_jobs_until_idle(door.house)
    assert door.victor.host.received("Create")[0]["id"] == created["id"]


async def test_s52_s80_s81_a_hashtag_is_put_on_the_profile_and_taken_off(door: Door):
    uri = f"{door.alice.uri}/featured_tags"
    hashtag = {"type": "Hashtag", "name": "#Boats", "href": "https://pinxit.example/tags/boats"}
    await door.do("Add", hashtag, target=uri)
    shown = (await door.show(uri)).json()
    assert (shown["totalItems"], shown["items"][0]["name"]) == (1, "#boats")
    await door.do("Remove", hashtag, target=uri)
    assert (await door.show(uri)).json()["totalItems"] == 0


@pytest.mark.parametrize("type", ["Like", "Announce"])
async def test_where_the_author_wants_to_be_asked_the_question_is_what_was_done(door: Door, type):
    rule = {f"can{type}": {"automaticApproval": [], "manualApproval": [PUBLIC]}}
    note = door.victor.note(interactionPolicy=rule)

    sent = await door.do(type, note["id"], to=[PUBLIC])
    await run_jobs_until_idle(door.house)

    assert sent["type"] == f"{type}Request"
    assert [one.document["type"] for one in door.victor.host.inbox] == [f"{type}Request"]


async def test_where_the_author_wants_nothing_nothing_is_done(door: Door):
    note = door.victor.note(interactionPolicy={"canLike": {"automaticApproval": [door.victor.uri]}})

    assert (await door.hand_in({"type": "Like", "object": note["id"]})).status_code == 403


async def test_an_answer_kept_back_is_sent_to_nobody_but_the_author_in_the_question(door: Door):
    rule = {"canReply": {"automaticApproval": [], "manualApproval": [PUBLIC]}}
    note = door.victor.note(interactionPolicy=rule)
    object = {"type": "Note", "content": "<p>not yet</p>", "inReplyTo": note["id"], "to": [PUBLIC]}

    answer = await door.hand_in({"type": "Create", "object": object, "to": [PUBLIC]})
    await run_jobs_until_idle(door.house)

    assert answer.status_code == 201
    assert "not yet" not in (await door.ask("/users/alice/outbox?page=true")).text
    assert {one.document["type"] for one in door.victor.host.inbox} <= {"ReplyRequest"}
