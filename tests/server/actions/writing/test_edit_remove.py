"""Changing and deleting posts of ours: everybody who got them hears of it, and nothing of a deleted one stays."""

import pytest

from activitypub.audience import Visibility
from server.actions.ties.follow import receive_unfollow
from server.actions.writing.compose import Person
from server.actions.writing.edit import Change, edit_post
from server.actions.writing.react import like, receive_reaction
from server.actions.writing.remove import remove_post
from server.ids import parse_iso
from server.jobs.queue import Job
from server.problems import Forbidden, Invalid, NotFound
from server.store.network import activities
from server.store.reading.reactions import LIKE
from server.store.writing import generations, posts


async def edit(ground, post, *, by=None, **change):
    changed = await ground.once(edit_post, ground.site, by or ground.alice, post, Change(**change))
    await ground.settle()
    return changed


async def remove(ground, post, *, by=None):
    await ground.once(remove_post, ground.site, by or ground.alice, await ground.post(post))
    await ground.settle()


async def test_an_edit_sends_the_whole_new_note_to_who_got_the_old_one(ground):
    await ground.let_bob_follow()
    post = await ground.publish("first #old")
    async with ground.write() as tx:
        await receive_unfollow(tx, ground.bob, ground.alice, None)

    await edit(ground, post, text="second #new", summary="about")

    (update,) = ground.person.host.received("Update")
    note = update["object"]
    assert note["id"] == post.uri and "second" in note["content"] and note["summary"] == "about"
    assert [one["name"] for one in note["tag"]] == ["#new"]
    assert parse_iso(note["updated"]) > parse_iso(note["published"])


async def test_each_edit_is_newer_than_the_one_before(ground):
    """Peers ignore an Update that is not."""
    post = await ground.publish()
    moments = []
    for number in range(3):
        await edit(ground, await ground.post(post), text=f"edit {number}")
        moments.append((await ground.post(post)).updated_at)

    assert sorted(set(moments)) == moments


async def test_who_is_newly_named_is_addressed_and_gets_the_update(ground):
    post = await ground.publish("hello")

    changed = await edit(ground, post, text="hello @bob@remote.example", people=(ground.bob_named,))

    assert ground.bob.uri in (*changed.to, *changed.cc)
    (update,) = ground.person.host.received("Update")
    assert ground.bob.uri in [tag["href"] for tag in update["object"]["tag"] if tag["type"] == "Mention"]


async def test_who_is_newly_named_here_is_told(ground):
    post = await ground.publish("hello")
    carol = Person("carol", ground.carol.uri, ground.carol.url or ground.carol.uri)

    for _ in range(2):
        await edit(ground, await ground.post(post), text="hello @carol", people=(carol,))

    assert await ground.told(ground.carol) == ["mention"]


async def test_what_is_not_changed_stays_as_it_was(ground):
    post = await ground.publish("@bob@remote.example hi #tag", people=(ground.bob_named,), summary="about")

    changed = await edit(ground, post, sensitive=False)

    assert (changed.content_html, changed.source, changed.summary) == (post.content_html, post.source, "about")
    (update,) = await ground.sent("Update")
    assert {one["type"] for one in update["object"]["tag"]} == {"Mention", "Hashtag"}


async def test_an_edit_changes_the_description_of_the_picture_and_keeps_its_marks(ground):
    post = await ground.paint(visibility=Visibility.PUBLIC)

    await edit(ground, post, text="new words", alt="A better description.")

    (update,) = await ground.sent("Update")
    assert update["object"]["attachment"][0]["name"] == "A better description."
    assert "Painted by fake." in update["object"]["content"] and update["object"]["genAI"] is True


async def test_an_empty_summary_takes_it_away(ground):
    post = await ground.publish(summary="about")

    assert (await edit(ground, post, summary="")).summary is None


async def test_only_the_author_edits_and_removes_and_nobody_a_deleted_post(ground):
    post = await ground.publish()
    with pytest.raises(Forbidden):
        await edit(ground, post, by=ground.carol, text="mine")
    with pytest.raises(Forbidden):
        await remove(ground, post, by=ground.carol)
    with pytest.raises(Invalid):
        await edit(ground, post, text="x" * 5001)

    await remove(ground, post)
    with pytest.raises(NotFound):
        await edit(ground, await ground.post(post), text="again")


async def test_a_deleted_post_leaves_a_tombstone_and_nothing_else(ground):
    await ground.let_bob_follow()
    post = await ground.paint("a secret boat", caption="Words", visibility=Visibility.PUBLIC)
    picture = await ground.picture(post)
    await ground.once(receive_reaction, ground.site, LIKE, ground.bob, post, f"{ground.bob.uri}#like")

    await remove(ground, post)

    (delete,) = ground.person.host.received("Delete")
    assert delete["object"] == {"id": post.uri, "type": "Tombstone"}
    buried = await ground.post(post)
    assert (buried.content_html, buried.source, buried.deleted_at is not None) == ("", None, True)
    async with ground.house.database.read() as reader:
        wished = await generations.find(reader, post.generation_id)
        assert wished is not None and "secret" not in repr(wished)
        assert await activities.list_outbox(reader, ground.alice.uri) == []
    assert await ground.told(ground.alice) == ["follow"]
    for key in (picture.file_key, picture.web_key, picture.thumbnail_key):
        assert await ground.house.storage.find(key) is None


async def test_removing_twice_sends_one_delete(ground):
    post = await ground.publish()
    await remove(ground, post)
    await remove(ground, post)

    assert len(await ground.sent("Delete")) == 1


async def test_a_file_that_another_post_shows_too_stays(ground):
    first, second = await ground.paint(), await ground.paint()
    shared = await ground.picture(second)
    assert (await ground.picture(first)).file_key == shared.file_key

    await remove(ground, first)

    assert await ground.house.storage.find(shared.file_key) is not None
    await remove(ground, second)
    assert await ground.house.storage.find(shared.file_key) is None


async def test_a_file_that_was_painted_again_before_it_was_removed_stays(ground):
    """The same wish makes the same bytes, and the removal may come after the new post."""
    first = await ground.paint()
    await ground.once(remove_post, ground.site, ground.alice, await ground.post(first))
    wished = await ground.wish()
    await ground.house.handlers["render"](Job(1, "render", {"generation": wished.id}, 1))
    await ground.settle()

    async with ground.house.database.read() as reader:
        second = await posts.find_by_generation(reader, wished.id)
    assert await ground.house.storage.find((await ground.picture(second)).file_key) is not None


async def test_a_deleted_answer_is_no_longer_counted(ground):
    parent = await ground.publish(by=ground.carol)
    answer = await ground.publish("yes", in_reply_to=parent)

    await remove(ground, answer)

    assert (await ground.post(parent)).replies_count == 0
    assert await ground.told(ground.carol) == []


async def test_a_deleted_post_cannot_be_liked(ground):
    post = await ground.publish()
    await remove(ground, post)

    with pytest.raises(NotFound):
        await ground.once(like, ground.site, ground.carol, await ground.post(post))
