"""Pixelfed: answers before it looks, drops without a word, reads eight levels and the name alone."""

import json

import pytest

from activitypub.vocabulary import LD_MEDIA_TYPE
from server.actions.ties.follow import unfollow
from server.actions.writing.compose import Person as Named
from server.store.writing import media
from tests.flows.peers.doors import depth_of
from tests.instance import run_jobs_until_idle

LITERALLY = {
    "application/activity+json",
    "application/activity+json; charset=utf-8",
    'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
}
MAX_LEVELS = 8


async def test_pixelfed_answers_200_to_anything_and_is_never_signed_to_in_the_new_form(meet):
    """2.12.13: who begins with RFC 9421 there and waits for a refusal loses all."""
    visit = await meet("pixelfed")
    await visit.arrive(visit.word("follow"))

    for number in range(3):
        await visit.publish(f"picture {number}")

    assert len(visit.host.received("Create")) == 3
    assert {one.verified.form for one in visit.host.inbox if one.verified} == {"cavage"}
    assert visit.host.complaints == []


@pytest.mark.parametrize("path", ["/users/anna", "/users/anna/outbox", "/actor", None])
@pytest.mark.parametrize("accept", ["application/activity+json", LD_MEDIA_TYPE, f"{LD_MEDIA_TYPE},text/html;q=0.5"])
async def test_pixelfed_reads_three_media_types_by_the_letter(meet, path, accept):
    visit = await meet("pixelfed")
    url = f"{visit.house.origin}{path}" if path else (await visit.publish()).uri

    answer = await visit.house.network.send("GET", url, {"accept": accept})

    assert answer.status_code == 200  # 2.12.3: it follows no redirects
    assert answer.headers["content-type"] in LITERALLY


async def test_pixelfed_reads_eight_levels_and_a_proven_picture_has_fewer(meet):
    visit = await meet("pixelfed")
    await visit.arrive(visit.word("follow"))
    await visit.paint()

    (create,) = visit.host.received("Create")

    assert create["proof"]["type"] == "DataIntegrityProof"
    assert create["object"]["attachment"]
    assert depth_of(create) <= MAX_LEVELS


async def test_pixelfed_needs_name_and_size_in_order_and_pictures_as_jpeg(meet):
    visit = await meet("pixelfed")
    await visit.arrive(visit.word("follow"))
    await visit.paint()

    (create,) = visit.host.received("Create")

    (picture,) = create["object"]["attachment"]
    assert picture["name"] == picture["summary"] == "A red boat."
    assert (picture["mediaType"], picture["width"], picture["height"]) == ("image/jpeg", 16, 8)
    assert visit.host.complaints == []


async def test_pixelfed_accepts_under_an_id_of_its_own_making(meet):
    """2.12.13a: the Follow in its Accept may have an id that we never gave."""
    visit = await meet("pixelfed")
    await visit.ask_to_follow()

    assert await visit.arrive(visit.word("accept")) == "accepted"
    assert await visit.state() == "accepted"


async def test_pixelfed_takes_a_follow_back_under_another_id(meet):
    visit = await meet("pixelfed")
    await visit.arrive(visit.word("follow"))
    undo = visit.word("undo")
    assert undo["object"]["id"] != visit.word("follow")["id"]

    assert await visit.arrive(undo) == "undone"
    assert await visit.followers() == []


async def test_pixelfed_is_given_the_id_of_the_follow_that_is_undone(meet):
    """2.12.13d."""
    visit = await meet("pixelfed")
    asked = await visit.ask_to_follow()
    them = await visit.known()

    async with visit.house.database.write() as tx:
        await unfollow(tx, visit.house.site, visit.anna, them)
    await run_jobs_until_idle(visit.house)

    (undo,) = visit.host.received("Undo")
    assert undo["object"] == {"id": asked, "type": "Follow", "actor": visit.anna.uri, "object": visit.them.uri}


async def test_pixelfed_finds_the_parent_of_an_answer_by_mention_and_address(meet):
    """2.12.13c."""
    visit = await meet("pixelfed")
    await visit.follow()
    await visit.arrive(visit.word("create"))
    parent = await visit.post(visit.word("create")["object"]["id"])
    them = await visit.known()
    named = (Named(f"{them.username}@{them.host}", them.uri, them.uri),)

    await visit.publish("@ines@pixelfed.example lovely", people=named, in_reply_to=parent)

    (create,) = visit.host.received("Create")
    note = create["object"]
    assert visit.them.uri in note["to"] + note["cc"]
    assert {"type": "Mention", "href": visit.them.uri, "name": "@ines@pixelfed.example"} in note["tag"]
    shown = await visit.house.network.send("GET", note["id"], {"accept": "application/activity+json"})
    assert shown.json()["inReplyTo"] == parent.uri


async def test_pixelfed_posts_with_a_bare_tag_and_a_picture_without_words_are_kept(meet):
    visit = await meet("pixelfed")
    await visit.follow()

    assert await visit.arrive(visit.word("create")) == "kept"

    post = await visit.post(visit.word("create")["object"]["id"])
    async with visit.house.database.read() as reader:
        pictures = (await media.list_of_posts(reader, [post.id]))[post.id]
    assert [one.alt for one in pictures] == ["Tiled stairs", ""]


async def test_pixelfed_takes_an_account_without_a_word_on_approval_for_a_locked_one(meet):
    """2.12.11."""
    visit = await meet("pixelfed")

    answer = await visit.house.network.send("GET", visit.anna.uri, {"accept": "application/activity+json"})

    assert answer.json()["manuallyApprovesFollowers"] is False
    assert "discoverable" in answer.json()


async def test_pixelfed_refuses_pictures_to_pages_that_name_themselves(meet):
    """2.12.13e: hot-linked media is refused by Referer."""
    visit = await meet("pixelfed")

    page = await visit.house.network.send("GET", f"{visit.house.origin}/@anna", {"accept": "text/html"})

    assert page.headers["referrer-policy"] in ("no-referrer", "same-origin")


async def test_pixelfed_sends_an_activity_once_so_its_outbox_is_asked(meet):
    """2.12.15: it tries once; who follows is shown what was there before."""
    visit = await meet("pixelfed")
    create = visit.word("create")
    items = {"id": visit.them.document["outbox"], "type": "OrderedCollection", "orderedItems": [create]}
    visit.host.show("/users/ines/outbox", items)
    visit.host.show(create["object"]["id"].removeprefix(visit.host.origin), create["object"])
    follow_id = await visit.ask_to_follow()

    await visit.arrive(visit.word("accept", object=visit.word("accept")["object"] | {"id": follow_id}))

    assert await visit.post(create["object"]["id"]) is not None


def test_pixelfed_depth_is_counted_as_php_does():
    assert [depth_of(json.loads(text)) for text in ("1", "{}", "[[1]]", '{"a":[{"b":{}}]}')] == [0, 1, 2, 4]
