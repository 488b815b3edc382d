"""Emoji that arrive: kept once per actor, post and emoji, and taken back by who gave them."""

import pytest

from activitypub.audience import Visibility
from server.actions.writing.react_emoji import MAX_EMOJI
from server.actions.writing.remove import forget_post
from server.store.reading import emoji_reactions

ICON = "https://remote.example/blob.png"
BLOB = {"content": ":blob:", "tag": [{"type": "Emoji", "name": ":blob:", "icon": {"type": "Image", "url": ICON}}]}


async def shown(street, post):
    async with street.house.services.database.read() as reader:
        found = await emoji_reactions.list_of_post(reader, post.id, limit=100)
    return [(given.emoji, given.icon_url) for given, _ in found]


async def test_akkoma_an_emoji_is_kept_once_and_is_no_like(street):
    post = await street.publish()

    for _ in range(2):
        await street.arrive(street.bob, street.bob.activity("EmojiReact", post.uri, content="🎨"))
    assert await street.arrive(street.eve, street.eve.activity("EmojiReact", post.uri, **BLOB)) == "reacted"

    assert await shown(street, post) == [("🎨", None), (":blob:", ICON)]
    assert (await street.post(post.uri)).likes_count == 0


async def test_misskey_a_like_with_an_emoji_is_a_like_and_an_emoji_until_its_undo(street):
    post = await street.publish()
    like = street.bob.activity("Like", post.uri, _misskey_reaction=":blob:", **BLOB)

    assert await street.arrive(street.bob, like) == "liked"
    assert await shown(street, post) == [(":blob:", ICON)]
    assert (await street.post(post.uri)).likes_count == 1

    assert await street.arrive(street.bob, street.bob.activity("Undo", like)) == "undone"
    assert await shown(street, post) == []
    assert (await street.post(post.uri)).likes_count == 0


@pytest.mark.parametrize("form", ["id", "whole", "fresh"])
async def test_an_emoji_is_given_and_taken_back_again_and_again(street, form):
    post = await street.publish()
    given = street.bob.activity("EmojiReact", post.uri, content="🎨")
    other = street.bob.activity("EmojiReact", post.uri, content="🎉")
    await street.arrive(street.bob, other)
    for _ in range(2):
        await street.arrive(street.bob, given)
        assert await shown(street, post) == [("🎉", None), ("🎨", None)]
        fresh = street.bob.activity("EmojiReact", post.uri, content="🎨")
        undone = {"id": given["id"], "whole": given, "fresh": fresh}[form]
        assert await street.arrive(street.bob, street.bob.activity("Undo", undone)) == "undone"
        assert await shown(street, post) == [("🎉", None)]


@pytest.mark.parametrize("form", ["id", "own"])
async def test_t31_nobody_takes_back_anothers_emoji(street, form):
    post = await street.publish()
    given = street.bob.activity("EmojiReact", post.uri, content="🎨")
    await street.arrive(street.bob, given)
    await street.known(street.eve)

    undone = given["id"] if form == "id" else given | {"actor": street.eve.uri}
    await street.arrive(street.eve, street.eve.activity("Undo", undone))

    assert await shown(street, post) == [("🎨", None)]


async def test_t53_one_actor_gives_a_post_only_a_few_emoji(street):
    post = await street.publish()
    for number in range(MAX_EMOJI + 3):
        await street.arrive(street.bob, street.bob.activity("EmojiReact", post.uri, content=chr(0x1F600 + number)))

    assert len(await shown(street, post)) == MAX_EMOJI


async def test_s174_an_emoji_of_somebody_blocked_is_dropped_in_silence(street):
    post = await street.publish()
    await street.block(street.bob)

    await street.arrive(street.bob, street.bob.activity("EmojiReact", post.uri, content="🎨"))

    assert await shown(street, post) == []


async def test_an_emoji_for_a_hidden_post_or_without_an_emoji_is_ignored(street):
    hidden, post = await street.publish(Visibility.FOLLOWERS), await street.publish()

    for target, content in ((hidden, "🎨"), (post, "<script>")):
        outcome = await street.arrive(street.bob, street.bob.activity("EmojiReact", target.uri, content=content))
        assert outcome.startswith("ignored:")
        assert await shown(street, target) == []


async def test_emoji_go_with_their_post(street):
    post = await street.publish()
    await street.arrive(street.bob, street.bob.activity("EmojiReact", post.uri, content="🎨"))

    async with street.house.services.database.write() as tx:
        await forget_post(tx, street.house.site, post)

    assert await shown(street, post) == []
