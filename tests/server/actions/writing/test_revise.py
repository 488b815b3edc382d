"""What posts said before: ours and peers', from the first state on."""

from server.actions.writing.edit import Change, edit_post
from server.actions.writing.keep_note import change_note, keep_note
from server.actions.writing.remove import remove_post
from server.ids import MICROSECONDS, iso
from server.remote.notes import fetch_note
from server.store.writing import revisions


async def states(ground, post):
    async with ground.house.database.read() as reader:
        return [one.content_html for one in await revisions.list_of_post(reader, post.id)]


async def test_each_edit_of_ours_adds_a_state_and_the_first_one_is_kept(ground):
    post = await ground.publish("one")
    assert await states(ground, post) == []

    for text in ("two", "three"):
        post = await ground.once(edit_post, ground.site, ground.alice, post, Change(text=text))

    assert await states(ground, post) == ["<p>one</p>", "<p>two</p>", "<p>three</p>"]


async def test_a_peers_edit_is_remembered_too(ground):
    first = ground.person.note("<p>one</p>")
    post = await ground.once(keep_note, ground.site, ground.bob, await fetch_note(ground.house.services, first["id"]))
    newer = iso(ground.house.clock.now() + 60 * MICROSECONDS)
    ground.person.note("<p>two</p>", id=first["id"], updated=newer)

    changed = await fetch_note(ground.house.services, first["id"])
    await ground.once(change_note, ground.site, ground.bob, post, changed)

    assert await states(ground, post) == ["<p>one</p>", "<p>two</p>"]


async def test_a_deleted_post_said_nothing(ground):
    post = await ground.publish("one")
    post = await ground.once(edit_post, ground.site, ground.alice, post, Change(text="two"))

    await ground.once(remove_post, ground.site, ground.alice, post)

    assert await states(ground, post) == []
