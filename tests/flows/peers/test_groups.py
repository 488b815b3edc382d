"""Lemmy and PieFed: a group announces what its members do, each post is a Page, PieFed labels the generated."""

import pytest

from server.store.paging import Stretch
from server.store.reading import timelines
from tests.remote_host import Shown

PAIR = pytest.mark.parametrize("kind", ["lemmy", "piefed"])


async def visit_group(meet, kind):
    """A group that anna follows, and its member who writes; what they write is shown."""
    visit = await meet(kind, "group")
    member = visit.settle("actor")
    announce = visit.word("announce_create")
    visit.page = announce["object"]["object"]
    visit.host.show(visit.page["id"].removeprefix(visit.host.origin), visit.page)
    visit.member = member
    await visit.follow()
    return visit


async def home(visit):
    async with visit.house.database.read() as reader:
        found = await timelines.read_home(reader, visit.anna.id, Stretch(), now=visit.house.clock.now())
    return [one.post.uri for one in found]


def told(visit, type, object, number=1):
    """The group's word that its member did something."""
    inner = visit.member.activity(type, object, id=f"{visit.host.origin}/activities/{type.lower()}/{number}")
    return visit.them.activity("Announce", inner, to=["https://www.w3.org/ns/activitystreams#Public"])


@PAIR
async def test_group_page_is_shown_to_who_follows_the_group(meet, kind):
    visit = await visit_group(meet, kind)

    assert await visit.arrive(visit.word("announce_create")) == "announced"

    post = await visit.post(visit.page["id"])
    assert post.type == "Page"
    assert post.content_html.startswith(f"<p><strong>{visit.page['name']}</strong></p>")
    assert await home(visit) == [visit.page["id"]]


async def test_piefed_page_keeps_its_label(meet):
    visit = await visit_group(meet, "piefed")
    await visit.arrive(visit.word("announce_create"))

    assert (await visit.post(visit.page["id"])).generated


@PAIR
async def test_t13_group_page_is_its_origins_word_and_not_the_groups(meet, kind):
    """What stands inside the Announce is only a reference."""
    visit = await visit_group(meet, kind)
    announce = visit.word("announce_create")
    announce["object"]["object"]["content"] = "<p>forged</p>"

    await visit.arrive(announce)

    assert "forged" not in (await visit.post(visit.page["id"])).content_html


@PAIR
async def test_group_page_announced_twice_as_lemmy_does_for_mastodon_is_one_boost(meet, kind):
    visit = await visit_group(meet, kind)
    await visit.arrive(visit.word("announce_create"))

    plain = visit.them.activity("Announce", visit.page["id"], to=["https://www.w3.org/ns/activitystreams#Public"])

    assert await visit.arrive(plain) == "known"
    assert len(await home(visit)) == 1


@PAIR
async def test_group_page_means_nothing_where_nobody_follows_the_group(meet, kind):
    visit = await meet(kind, "group")
    visit.settle("actor")

    assert await visit.arrive(visit.word("announce_create")) == "ignored: nobody here follows who boosts"


@PAIR
async def test_group_answers_are_kept_below_their_page_and_not_in_feeds(meet, kind):
    visit = await visit_group(meet, kind)
    await visit.arrive(visit.word("announce_create"))
    comment = visit.member.note("<p>fine</p>", inReplyTo=visit.page["id"])

    assert await visit.arrive(told(visit, "Create", comment)) == "kept"

    assert (await visit.post(comment["id"])).in_reply_to_uri == visit.page["id"]
    assert await home(visit) == [visit.page["id"]]


@PAIR
async def test_group_answers_to_what_we_do_not_have_are_not_fetched(meet, kind):
    visit = await visit_group(meet, kind)
    comment = visit.member.note("<p>fine</p>", inReplyTo=f"{visit.host.origin}/post/other")
    visit.host.gets.clear()

    assert await visit.arrive(told(visit, "Create", comment)) == "ignored: it answers nothing that we have"
    assert visit.host.gets == []


@PAIR
async def test_group_tells_of_a_change_and_the_origin_says_what_it_is(meet, kind):
    visit = await visit_group(meet, kind)
    await visit.arrive(visit.word("announce_create"))
    path = visit.page["id"].removeprefix(visit.host.origin)
    visit.host.show(path, visit.page | {"content": "<p>mended</p>", "updated": "2026-06-01T00:00:00Z"})

    ended = await visit.arrive(told(visit, "Update", visit.page | {"content": "<p>forged</p>"}))

    assert ended == "changed"
    assert "mended" in (await visit.post(visit.page["id"])).content_html


@PAIR
@pytest.mark.parametrize(("status", "deleted"), [(410, True), (200, False), (404, False)])
async def test_group_tells_of_a_deletion_and_the_origin_is_asked(meet, kind, status, deleted):
    visit = await visit_group(meet, kind)
    await visit.arrive(visit.word("announce_create"))
    if status != 200:
        visit.host.show_raw(visit.page["id"].removeprefix(visit.host.origin), Shown(b"", status))

    await visit.arrive(told(visit, "Delete", visit.page["id"]))

    assert ((await visit.post(visit.page["id"])).deleted_at is not None) is deleted


@PAIR
@pytest.mark.parametrize("type", ["Update", "Delete"])
async def test_group_that_nobody_follows_makes_us_ask_nobody(meet, kind, type):
    visit = await visit_group(meet, kind)
    await visit.arrive(visit.word("announce_create"))
    stranger = visit.host.person("stranger")
    visit.host.gets.clear()
    inner = visit.member.activity(type, visit.page["id"])

    ended = await visit.arrive(stranger.activity("Announce", inner), by=stranger)

    assert ended is not None and ended.startswith("ignored: we have no such post")
    assert not [one for one in visit.host.gets if one.target == visit.page["id"].removeprefix(visit.host.origin)]


@PAIR
@pytest.mark.parametrize("type", ["Like", "Dislike", "Lock", "Add", "Block", "Flag", "Undo"])
async def test_group_tells_of_votes_and_moderation_and_nothing_is_counted(meet, kind, type):
    visit = await visit_group(meet, kind)
    await visit.arrive(visit.word("announce_create"))
    before = await visit.post(visit.page["id"])

    ended = await visit.arrive(told(visit, type, visit.page["id"]))

    assert ended == "ignored: an activity of a group's member that we do not act on"
    assert await visit.post(visit.page["id"]) == before


@PAIR
async def test_group_about_nothing_is_ignored(meet, kind):
    visit = await visit_group(meet, kind)

    assert await visit.arrive(told(visit, "Create", {"type": "Page"})) == "refused: what is announced is about nothing"


@PAIR
async def test_group_answers_our_follow(meet, kind):
    visit = await meet(kind, "group")
    ours = await visit.ask_to_follow()
    inner = {"type": "Follow", "id": ours, "actor": visit.anna.uri, "object": visit.them.uri, "to": [visit.them.uri]}

    assert await visit.arrive(visit.them.activity("Accept", inner)) == "accepted"
    assert await visit.state() == "accepted"
