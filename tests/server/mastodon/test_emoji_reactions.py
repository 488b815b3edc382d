"""Emoji that our people give through Pleroma's addresses: shown, counted, told, sent and taken back."""

import pytest

from tests.server.mastodon.test_reacting import bobs_post

ICON = "https://remote.example/blob.png"


def of(status, emoji=""):
    return f"/api/v1/pleroma/statuses/{status['id']}/reactions" + (f"/{emoji}" if emoji else "")


@pytest.fixture
async def theirs(desk):
    """A public post of ben's."""
    return await desk.write("by ben", app=desk.bens_app, visibility="public")


async def bob_reacts(desk, post, **more):
    activity = desk.person.activity("EmojiReact", post["uri"], **more)
    await desk.person.send(activity, desk.alice.inbox)
    await desk.settle()


async def test_an_emoji_is_given_shown_told_and_taken_back(desk, theirs):
    for _ in range(2):
        given = await desk.app.put(of(theirs, "🎨"))
        assert given.json["pleroma"]["emoji_reactions"] == [{"name": "🎨", "count": 1, "me": True, "url": None}]

    (shown,) = (await desk.bens_app.get(of(theirs))).json
    assert (shown["name"], shown["me"]) == ("🎨", False)
    assert [one["username"] for one in shown["accounts"]] == ["alice"]
    assert (await desk.bens_app.get(of(theirs, "🎉"))).json == []
    assert await desk.told(desk.ben) == ["emoji"]
    assert (await desk.look(theirs))["favourites_count"] == 0

    assert (await desk.app.delete(of(theirs, "🎨"))).json["pleroma"]["emoji_reactions"] == []
    assert await desk.told(desk.ben) == []


async def test_akkoma_gets_an_emoji_react_and_its_undo(desk):
    post = await bobs_post(desk)

    await desk.app.put(of(post, "🎨"))
    await desk.app.delete(of(post, "🎨"))
    await desk.settle()

    (react,) = desk.received("EmojiReact")
    assert (react["object"], react["content"], react["to"]) == (post["uri"], "🎨", [desk.person.uri])
    (undo,) = desk.received("Undo")
    assert (undo["object"]["id"], undo["object"]["content"]) == (react["id"], "🎨")


async def test_a_custom_emoji_that_stands_there_is_given_too_and_no_other(desk):
    post = await desk.write("a boat", visibility="public")
    tag = {"type": "Emoji", "name": ":blob:", "icon": {"type": "Image", "url": ICON}}
    await bob_reacts(desk, post, content=":blob:", tag=[tag])

    given = await desk.bens_app.put(of(post, "blob@remote.example"))
    (shown,) = given.json["pleroma"]["emoji_reactions"]
    assert (shown["name"], shown["count"], shown["me"]) == ("blob", 2, True)
    assert shown["url"].startswith(f"{desk.site.origin}/peers/emoji/")
    for nonsense in ("fox", "word and word", "🎨🎨 "):
        assert (await desk.bens_app.put(of(post, nonsense))).status in (200, 422)
    assert (await desk.bens_app.put(of(post, "fox"))).status == 422


async def test_who_names_emoji_is_told_of_them_and_others_of_a_like(desk):
    post = await desk.write("a boat", visibility="public")
    await bob_reacts(desk, post, content="🎨")

    (plain,) = (await desk.app.get("/api/v1/notifications")).json
    assert plain["type"] == "favourite" and "emoji" not in plain
    (named,) = (await desk.app.get("/api/v1/notifications?types[]=pleroma:emoji_reaction")).json
    assert (named["type"], named["emoji"]) == ("pleroma:emoji_reaction", "🎨")
    assert (await desk.app.get("/api/v1/notifications?exclude_types[]=pleroma:emoji_reaction")).json == []


async def test_misskey_a_like_with_an_emoji_is_told_once(desk):
    post = await desk.write("a boat", visibility="public")
    await desk.person.send(desk.person.activity("Like", post["uri"], content="🎨"), desk.alice.inbox)
    await desk.settle()

    assert await desk.told(desk.alice) == ["emoji"]


async def test_t53_nine_emoji_are_one_too_many(desk, theirs):
    for number in range(8):
        assert (await desk.app.put(of(theirs, chr(0x1F600 + number)))).status == 200
    assert (await desk.app.put(of(theirs, "🎨"))).status == 422


async def test_an_emoji_for_a_hidden_post_finds_nothing(desk):
    hidden = await desk.write("for followers", app=desk.bens_app, visibility="private")

    for ask in (desk.app.put, desk.app.delete):
        assert (await ask(of(hidden, "🎨"))).status == 404
    assert (await desk.stranger.get(of(hidden))).status == 404
    assert (await desk.stranger.put(of(hidden, "🎨"))).status == 401
