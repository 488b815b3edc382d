"""Changes and deletions that arrive: the author's alone, and never the older over the newer."""

from dataclasses import replace

import pytest

from server.ids import iso
from server.store.people import actors
from server.store.telling import notifications
from server.store.writing import media
from tests.instance import run_jobs_until_idle
from tests.remote_host import Shown

SECOND = 1_000_000


@pytest.fixture
async def note(street):
    """A post of bob's that we keep."""
    await street.follow(street.bob)
    note = street.bob.note("<p>first</p>")
    assert await street.arrive(street.bob, street.bob.create(note)) == "kept"
    return note


def changed(street, note, content="<p>second</p>", *, after_seconds=60, **more):
    updated = iso(street.house.clock.now() + after_seconds * SECOND)
    return note | {"content": content, "updated": updated} | more


async def text_of(street, note):
    return (await street.post(note["id"])).content_html


async def test_s157_an_update_replaces_our_copy(street, note):
    picture = {"type": "Image", "url": "https://remote.example/b.png", "mediaType": "image/png", "name": "new"}
    new = changed(street, note, summary="about", sensitive=True, attachment=picture)

    assert await street.arrive(street.bob, street.bob.activity("Update", new)) == "changed"

    kept = await street.post(note["id"])
    assert (kept.content_html, kept.summary, kept.sensitive) == ("<p>second</p>", "about", True)
    async with street.house.database.read() as reader:
        assert [one.alt for one in (await media.list_of_posts(reader, [kept.id]))[kept.id]] == ["new"]


async def test_who_is_newly_named_in_an_update_is_told_once(street, note):
    tag = {"type": "Mention", "href": street.alice.uri, "name": "@alice"}
    for seconds in (60, 120):
        new = changed(street, note, after_seconds=seconds, tag=[tag])
        assert await street.arrive(street.bob, street.bob.activity("Update", new)) == "changed"

    async with street.house.database.read() as reader:
        told = await notifications.list_of_actor(reader, street.alice.id)
    assert [one.kind for one in told] == ["mention"]


@pytest.mark.parametrize("intruder", ["mallory", "eve"])
async def test_t31_nobody_updates_the_post_of_another(street, note, intruder):
    sender = getattr(street, intruder)
    for forged in (changed(street, note), changed(street, note, attributedTo=sender.uri)):
        outcome = await street.arrive(sender, sender.activity("Update", forged))
        assert outcome.startswith(("refused:", "ignored:"))

    assert await text_of(street, note) == "<p>first</p>"


@pytest.mark.parametrize(
    "forged",
    [
        {"attributedTo": "https://remote.example/users/mallory"},
        {"attributedTo": ["https://remote.example/users/mallory"]},
        {"type": "Article"},
    ],
)
async def test_t33_an_update_changes_neither_author_nor_type(street, note, forged):
    outcome = await street.arrive(street.bob, street.bob.activity("Update", changed(street, note, **forged)))

    assert outcome.startswith(("refused:", "ignored:"))
    assert await text_of(street, note) == "<p>first</p>"


async def test_t33_an_update_under_another_id_leaves_a_post_as_it_was(street, note):
    other = changed(street, note, id="https://remote.example/users/bob/notes/another")

    await street.arrive(street.bob, street.bob.activity("Update", other))

    assert await text_of(street, note) == note["content"]


async def test_t33_an_update_does_not_change_who_may_see_it(street):
    await street.follow(street.bob)
    note = street.bob.note(to=[street.bob.followers], cc=[])
    await street.arrive(street.bob, street.bob.create(note))
    wider = changed(street, note, to=["https://www.w3.org/ns/activitystreams#Public"])

    await street.arrive(street.bob, street.bob.activity("Update", wider))

    kept = await street.post(note["id"])
    assert (kept.content_html, kept.visibility) == ("<p>second</p>", "followers")


async def test_t35_s158_an_older_update_does_not_replace_a_newer_one(street, note):
    newer, older = changed(street, note, "<p>newer</p>"), changed(street, note, "<p>older</p>", after_seconds=30)
    await street.arrive(street.bob, street.bob.activity("Update", newer))

    assert await street.arrive(street.bob, street.bob.activity("Update", older)) == "not newer"
    assert await text_of(street, note) == "<p>newer</p>"


async def test_an_update_of_what_nobody_here_reads_adds_nothing(street):
    note = street.bob.note()

    outcome = await street.arrive(street.bob, street.bob.activity("Update", note))

    assert outcome == "ignored: nobody here reads it"
    assert await street.post(note["id"]) is None


async def test_s145_an_update_that_overtakes_its_create_is_kept_and_the_create_changes_nothing(street):
    await street.follow(street.bob)
    old = street.bob.note("<p>first</p>")

    assert await street.arrive(street.bob, street.bob.activity("Update", changed(street, old))) == "kept"
    assert await street.arrive(street.bob, street.bob.create(old)) == "known"

    assert (await street.post(old["id"])).content_html == "<p>second</p>"


async def test_mastodon_an_update_of_an_unknown_post_older_than_a_day_is_ignored(street):
    await street.follow(street.bob)
    old = street.bob.note("<p>first</p>")
    street.house.clock.advance(86_401)

    outcome = await street.arrive(street.bob, street.bob.activity("Update", changed(street, old)))

    assert outcome == "ignored: we do not have this post, and it is old"
    assert await street.post(old["id"]) is None


async def test_s13_an_overtaking_update_of_anothers_post_is_refused(street):
    await street.follow(street.bob)
    note = street.bob.note("<p>first</p>")

    outcome = await street.arrive(street.mallory, street.mallory.activity("Update", note))

    assert outcome.startswith("refused:")
    assert await street.post(note["id"]) is None


async def test_an_update_after_the_delete_brings_nothing_back(street, note):
    await street.arrive(street.bob, street.bob.activity("Delete", note["id"]))

    assert await street.arrive(street.bob, street.bob.activity("Update", changed(street, note))) == "not newer"
    assert await text_of(street, note) == ""


async def test_an_actor_that_changes_itself_is_asked_again(street):
    await street.known(street.bob)
    street.bob.host.show("/users/bob", street.bob.document | {"name": "Robert"})

    assert await street.arrive(street.bob, street.bob.activity("Update", street.bob.document)) == "changed"
    assert (await street.house.actor(street.bob.uri)).name == "Robert"


@pytest.mark.parametrize("intruder", ["mallory", "eve"])
async def test_t31_nobody_changes_another_actor(street, intruder):
    await street.known(street.bob)
    sender = getattr(street, intruder)
    await street.known(sender)
    forged = street.bob.document | {"name": "Forged"}

    outcome = await street.arrive(sender, sender.activity("Update", forged))

    assert outcome.startswith(("refused:", "ignored:"))
    assert (await street.house.actor(street.bob.uri)).name is None


@pytest.mark.parametrize("form", ["id", "tombstone", "whole"])
async def test_s159_a_delete_empties_our_copy(street, note, form):
    named = {"id": note["id"], "tombstone": {"id": note["id"], "type": "Tombstone"}, "whole": note}[form]

    assert await street.arrive(street.bob, street.bob.activity("Delete", named)) == "deleted"

    buried = await street.post(note["id"])
    assert (buried.content_html, buried.deleted_at) == ("", street.house.clock.now())
    assert await street.arrive(street.bob, street.bob.create(note)) != "kept"


@pytest.mark.parametrize("intruder", ["mallory", "eve"])
async def test_t31_nobody_deletes_the_post_of_another(street, note, intruder):
    sender = getattr(street, intruder)
    await street.known(sender)

    assert (await street.arrive(sender, sender.activity("Delete", note["id"]))).startswith("refused:")
    assert await text_of(street, note) == "<p>first</p>"


@pytest.mark.parametrize("sender", ["bob", "eve"])
async def test_t31_nobody_elsewhere_deletes_or_updates_what_is_ours(street, sender):
    post = await street.publish(text="ours")
    person = getattr(street, sender)
    await street.known(person)
    forged = {"id": post.uri, "type": "Note", "attributedTo": person.uri, "content": "forged"}

    assert (await street.arrive(person, person.activity("Delete", post.uri))).startswith("refused:")
    assert (await street.arrive(person, person.activity("Update", forged))).startswith(("refused:", "ignored:"))
    assert (await street.arrive(person, person.activity("Delete", street.alice.uri))).startswith(
        ("refused:", "ignored:")
    )
    assert "ours" in (await street.post(post.uri)).content_html


async def test_s159_a_delete_of_what_we_never_had_is_quiet(street):
    await street.known(street.bob)

    outcome = await street.arrive(street.bob, street.bob.activity("Delete", f"{street.bob.uri}/notes/99"))

    assert outcome == "ignored: we do not have this post"


async def test_a_deleted_answer_is_no_longer_counted(street):
    parent = await street.publish()
    note = street.bob.note(inReplyTo=parent.uri)
    await street.arrive(street.bob, street.bob.create(note))

    await street.arrive(street.bob, street.bob.activity("Delete", note["id"]))

    assert (await street.post(parent.uri)).replies_count == 0
    assert await street.told() == []


async def test_an_actor_that_deletes_itself_takes_its_follows_and_posts_along(street, note):
    await street.arrive(street.bob, street.bob.activity("Follow", street.alice.uri))

    assert await street.arrive(street.bob, street.bob.activity("Delete", street.bob.uri)) == "gone"

    assert await street.followers() == []
    assert await text_of(street, note) == ""
    assert (await street.house.actor(street.bob.uri)).gone_at is not None


@pytest.mark.parametrize(("status", "is_gone"), [(404, False), (410, True)])
async def test_s160_only_a_410_says_that_an_actor_was_deleted(street, note, status, is_gone):
    """A 404 may be a server that was set up anew, or wrongly."""
    post = await street.publish()
    street.bob.host.show_raw("/users/bob", Shown(b"", status))
    async with street.house.database.write() as tx:
        bob = await actors.find_by_uri(tx, street.bob.uri)
        await actors.replace(tx, replace(bob, fetched_at=0))

    await street.bob.send(street.bob.activity("Like", post.uri), street.alice.inbox)
    await run_jobs_until_idle(street.house)

    assert ((await street.house.actor(street.bob.uri)).gone_at is not None) is is_gone
