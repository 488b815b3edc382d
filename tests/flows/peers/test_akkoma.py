"""Akkoma: an hour's width of clocks, addresses of files as Links, emoji as a kind of their own."""

import pytest

from activitypub.audience import Visibility
from server.store.reading import emoji_reactions
from server.store.writing import media


@pytest.mark.parametrize(("minutes", "status"), [(-40, 202), (0, 202), (60, 202), (-90, 401), (120, 401)])
async def test_akkoma_clocks_may_be_an_hour_off(meet, minutes, status):
    visit = await meet("akkoma")

    assert await visit.knock(visit.word("follow"), late=60 * minutes) == status


async def test_akkoma_writes_addresses_as_links_and_the_better_words_as_summary(meet):
    visit = await meet("akkoma")
    await visit.follow()

    assert await visit.arrive(visit.word("create")) == "kept"

    post = await visit.post(visit.word("create")["object"]["id"])
    async with visit.house.database.read() as reader:
        (picture,) = (await media.list_of_posts(reader, [post.id]))[post.id]
    assert (picture.remote_url, picture.alt) == ("https://akkoma.example/media/wave.jpg", "A green wave")
    assert (post.sensitive, post.visibility) == (False, Visibility.UNLISTED)


async def test_akkoma_gives_emoji_and_takes_them_back(meet):
    visit = await meet("akkoma")
    post = await visit.publish()
    react = visit.word("emoji_react", about=post)

    assert await visit.arrive(react) == "reacted"
    assert await _emoji(visit, post) == ["🎨"]
    assert await visit.arrive(visit.them.activity("Undo", react)) == "undone"
    assert await _emoji(visit, post) == []


async def _emoji(visit, post):
    async with visit.house.database.read() as reader:
        found = await emoji_reactions.list_of_post(reader, post.id, limit=9)
    return [one.emoji for one, _ in found]


async def test_akkoma_likes_are_counted(meet):
    visit = await meet("akkoma")
    post = await visit.publish()

    assert await visit.arrive(visit.word("like", about=post)) == "liked"
    assert await visit.arrive(visit.word("announce", about=post)) == "announced"


async def test_akkoma_writes_its_address_with_a_scheme(meet):
    visit = await meet("akkoma")

    assert (await visit.known()).handle == "tove@akkoma.example"
