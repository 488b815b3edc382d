"""Posts: once by their uri, tied to their parents whichever came first, emptied when deleted."""

import pytest

from server.store.people import actors
from server.store.writing import posts
from server.store.writing.posts import Mentioned
from tests.rows import make_actor, make_post

BOB = make_actor("bob")


@pytest.fixture
async def tx(database):
    async with database.write() as tx:
        await actors.add(tx, BOB)
        yield tx


async def test_a_post_is_stored_once_by_its_uri(tx):
    first = make_post(BOB, uri="https://remote.example/1", content_html="first")

    assert await posts.add(tx, first)
    assert not await posts.add(tx, make_post(BOB, uri=first.uri, content_html="second"))

    assert (await posts.find_by_uri(tx, first.uri)) == first


async def test_a_reply_that_came_before_its_parent_finds_it_and_is_counted(tx):
    parent = make_post(BOB)
    replies = [make_post(BOB, in_reply_to_uri=parent.uri) for _ in range(2)]
    for reply in replies:
        await posts.add(tx, reply)

    await posts.add(tx, parent)

    assert [one.id for one in await posts.list_replies(tx, parent.id)] == [one.id for one in replies]
    assert (await posts.find(tx, parent.id)).replies_count == 2


async def test_a_deleted_reply_is_not_tied_to_a_parent_that_comes_later(tx):
    parent = make_post(BOB)
    reply = make_post(BOB, in_reply_to_uri=parent.uri)
    await posts.add(tx, reply)
    await posts.bury(tx, reply.id, at=1)

    await posts.add(tx, parent)

    assert (await posts.find(tx, parent.id)).replies_count == 0


async def test_a_buried_post_keeps_its_place_and_nothing_of_what_it_said(tx):
    post = make_post(BOB, content_html="<p>words</p>", source="words", summary="about")
    await posts.add(tx, post, mentioned=[Mentioned("https://x.example/u", "@u@x.example")], tags=["Boat"])

    await posts.bury(tx, post.id, at=7)

    found = await posts.find_by_uri(tx, post.uri)
    assert (found.content_html, found.source, found.summary, found.deleted_at) == ("", None, None, 7)
    assert await posts.list_mentions(tx, post.id) == []
    assert await posts.list_hashtags(tx, post.id) == []


async def test_an_edit_replaces_words_mentions_and_tags(tx):
    post = make_post(BOB, content_html="old")
    await posts.add(tx, post, mentioned=[Mentioned("https://x.example/u", "@u")], tags=["old"])

    changed = make_post(BOB, id=post.id, uri=post.uri, content_html="new", sensitive=True, updated_at=5)
    await posts.edit(tx, changed, tags=["New", "new"])

    assert await posts.find(tx, post.id) == changed
    assert await posts.list_mentions(tx, post.id) == []
    assert await posts.list_hashtags(tx, post.id) == ["new"]


async def test_only_what_anybody_may_see_is_listed_as_an_open_reply(tx):
    parent = make_post(BOB)
    await posts.add(tx, parent)
    for visibility in ("public", "unlisted", "followers", "direct"):
        await posts.add(tx, make_post(BOB, in_reply_to_id=parent.id, visibility=visibility))

    assert [one.visibility for one in await posts.list_open_replies(tx, parent.id)] == ["public", "unlisted"]
    assert await posts.count_open_replies(tx, parent.id) == 2
    assert len(await posts.list_replies(tx, parent.id)) == 4


async def test_a_generation_is_posted_once(tx):
    await posts.add(tx, make_post(BOB, generation_id=3))

    with pytest.raises(Exception, match=r"(?i)unique"):
        await posts.add(tx, make_post(BOB, generation_id=3))
