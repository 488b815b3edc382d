"""The number of answers under a post: those that anybody may see, and never another number than there are."""

import pytest

from activitypub.audience import Visibility
from server.actions.writing.publish import Draft, publish
from server.actions.writing.remove import remove_post
from server.store.writing import posts


async def counted(street, uri):
    return (await street.post(uri)).replies_count


@pytest.mark.parametrize(("visibility", "number"), [("public", 1), ("unlisted", 1), ("followers", 0), ("direct", 0)])
async def test_an_answer_that_not_everybody_may_see_is_not_counted(street, visibility, number):
    asked = await street.publish()
    draft = Draft(text="hush", visibility=Visibility(visibility), in_reply_to=asked)

    async with street.house.database.write() as tx:
        answer = await publish(tx, street.house.site, street.carol, draft)
    assert await counted(street, asked.uri) == number

    async with street.house.database.write() as tx:
        await remove_post(tx, street.house.site, street.carol, answer)
    assert await counted(street, asked.uri) == 0


@pytest.mark.parametrize("audience", ["followers", "direct"])
async def test_an_answer_from_elsewhere_that_not_everybody_may_see_is_not_counted(street, audience):
    asked = await street.publish()
    to = [street.bob.followers] if audience == "followers" else [street.alice.uri]
    note = street.bob.note(inReplyTo=asked.uri, to=to, cc=[street.alice.uri])

    assert await street.arrive(street.bob, street.bob.create(note)) == "kept"
    assert await counted(street, asked.uri) == 0

    await street.arrive(street.bob, street.bob.activity("Delete", note["id"]))
    assert await counted(street, asked.uri) == 0


async def test_answers_that_came_before_their_parent_are_counted_when_it_comes(street):
    await street.follow(street.bob)
    parent = street.bob.note()
    seen = [street.bob.note(inReplyTo=parent["id"]) for _ in range(3)]
    hidden = street.bob.note(inReplyTo=parent["id"], to=[street.bob.followers], cc=[])
    for note in (*seen, hidden):
        assert await street.arrive(street.bob, street.bob.create(note)) == "kept"
    await street.arrive(street.bob, street.bob.activity("Delete", seen[0]["id"]))

    assert await street.arrive(street.bob, street.bob.create(parent)) == "kept"
    assert await counted(street, parent["id"]) == 2

    for note in (*seen[1:], hidden):
        await street.arrive(street.bob, street.bob.activity("Delete", note["id"]))
    assert await counted(street, parent["id"]) == 0


async def test_an_answer_that_comes_twice_is_counted_once(street):
    asked = await street.publish()
    note = street.bob.note(inReplyTo=asked.uri)
    await street.arrive(street.bob, street.bob.create(note))
    await street.arrive(street.bob, street.bob.create(note))

    assert await counted(street, asked.uri) == 1
    for _ in range(2):
        await street.arrive(street.bob, street.bob.activity("Delete", note["id"]))
    assert await counted(street, asked.uri) == 0
    async with street.house.database.read() as reader:
        assert await posts.count_open_replies(reader, asked.id) == 0
