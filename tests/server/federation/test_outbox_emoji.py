"""Emoji handed in at the outbox: as an EmojiReact, or as a Like that has one."""

import pytest

from server.store.reading import emoji_reactions, reactions
from server.store.reading.reactions import LIKE
from tests.instance import run_jobs_until_idle
from tests.server.federation.conftest import Door


async def kept(door: Door, post) -> list[str]:
    async with door.house.database.read() as reader:
        return [given.emoji for given, _ in await emoji_reactions.list_of_post(reader, post.id, limit=10)]


async def likes(door: Door, post) -> bool:
    async with door.house.database.read() as reader:
        found = await reactions.find(reader, kind=LIKE, actor_id=door.alice.id, post_id=post.id)
    return found is not None


async def test_an_emoji_react_is_kept_once_and_shown_to_its_owner(door: Door):
    post = await door.write()
    sent = await door.do("EmojiReact", post.uri, content="🎨")
    again = await door.do("EmojiReact", post.uri, content="🎨")

    assert again["id"] == sent["id"] and sent["content"] == "🎨"
    assert await kept(door, post) == ["🎨"]
    assert not await likes(door, post)
    assert (await door.show(sent["id"])).json()["type"] == "EmojiReact"


async def test_a_like_with_an_emoji_is_both(door: Door):
    post = await door.write()
    sent = await door.do("Like", post.uri, content="🎨")

    assert sent["content"] == "🎨"
    assert await kept(door, post) == ["🎨"] and await likes(door, post)

    await door.do("Undo", sent["id"])
    assert await kept(door, post) == [] and not await likes(door, post)


@pytest.mark.parametrize("form", ["id", "copy"])
async def test_s87_the_undo_of_an_emoji_takes_it_back(door: Door, form):
    post = await door.write()
    sent = await door.do("EmojiReact", post.uri, content="🎨")
    await door.do("Undo", sent["id"] if form == "id" else {k: sent[k] for k in ("type", "object", "content")})
    await run_jobs_until_idle(door.house)
    assert await kept(door, post) == []


@pytest.mark.parametrize("content", ["two words", "", ":fox:", "<script>"])
async def test_what_is_no_emoji_is_refused(door: Door, content):
    post = await door.write()
    answer = await door.hand_in({"type": "EmojiReact", "object": post.uri, "content": content})
    assert answer.status_code in (400, 422)
    assert await kept(door, post) == []


async def test_an_emoji_for_a_peers_post_is_fetched_for_and_delivered(door: Door):
    note = door.victor.note("<p>a picture</p>")
    sent = await door.do("EmojiReact", note["id"], content="🎨")
    await run_jobs_until_idle(door.house)
    (received,) = door.victor.host.received("EmojiReact")
    assert (received["id"], received["content"], received["object"]) == (sent["id"], "🎨", note["id"])


async def test_a_token_for_statuses_alone_gives_no_emoji(door: Door):
    post = await door.write()
    token = await door.token(scopes="write:statuses")
    answer = await door.hand_in({"type": "EmojiReact", "object": post.uri, "content": "🎨"}, token=token)
    assert answer.status_code == 403 and await kept(door, post) == []
