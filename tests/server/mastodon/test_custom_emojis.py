"""Custom emoji through the clients' API: ours on the keyboard and in posts, peers' where they wrote them."""

import pytest

from server.actions.people.profile import ProfileChange, change_profile
from server.actions.writing.emojis import add_emoji, remove_emoji
from server.remote.people import find_actor
from server.store.writing import emojis
from server.store.writing.emojis import MAX_OF_HOST, CustomEmoji
from tests.photographs import photograph

ICON = "https://remote.example/blob.png"


def tag(name="blob", url=ICON, **more):
    return {"type": "Emoji", "name": f":{name}:", "icon": {"type": "Image", "url": url}, **more}


@pytest.fixture
async def fox(desk):
    """An emoji of ours; the address of its picture."""
    key = await desk.house.services.intake.take_emoji(photograph("PNG", mode="RGBA", size=(300, 200)))
    async with desk.house.database.write() as tx:
        await add_emoji(tx, desk.site, "fox", key, category="animals")
    return desk.site.media_url(key)


async def bob_writes(desk, content, *, tags, **more):
    mention = {"type": "Mention", "href": desk.alice.uri, "name": "@alice"}
    note = desk.person.note(content, tag=[mention, *tags], **more)
    await desk.person.send(desk.person.create(note), desk.alice.inbox)
    await desk.settle()
    (found,) = [one for one in (await desk.app.get("/api/v1/notifications")).json if one["type"] == "mention"]
    return found["status"]


async def test_ours_are_on_the_keyboard(desk, fox):
    (shown,) = (await desk.stranger.get("/api/v1/custom_emojis")).json
    assert shown == {
        "shortcode": "fox",
        "url": fox,
        "static_url": fox,
        "visible_in_picker": True,
        "category": "animals",
    }


async def test_ours_are_shown_in_posts_polls_and_names_and_sent_as_tags(desk, fox):
    await desk.let_bob_follow()
    post = await desk.write(
        "a :fox: and no :owl: at 10:30:15",
        visibility="public",
        poll={"options": [":fox:", "none"], "expires_in": 3600},
    )
    async with desk.house.database.write() as tx:
        await change_profile(tx, desk.site, desk.alice, ProfileChange(name="Alice :fox:"))
    await desk.settle()

    shown = await desk.look(post)
    assert [one["shortcode"] for one in shown["emojis"]] == ["fox"]
    assert [one["url"] for one in shown["poll"]["emojis"]] == [fox]
    assert [one["shortcode"] for one in shown["account"]["emojis"]] == ["fox"]
    (create,) = desk.received("Create")
    (sent,) = [one for one in create["object"]["tag"] if one["type"] == "Emoji"]
    assert (sent["name"], sent["icon"]["url"], sent["id"]) == (":fox:", fox, f"{desk.site.origin}/emojis/fox")
    (update,) = desk.received("Update")
    assert [one["name"] for one in update["object"]["tag"]] == [":fox:"]


async def test_ours_have_a_document_until_they_are_removed(desk, fox):
    header = {"headers": {"Accept": "application/activity+json"}}
    document = (await desk.stranger.get("/emojis/fox", **header)).json
    assert (document["id"], document["type"], document["icon"]["url"]) == (
        f"{desk.site.origin}/emojis/fox",
        "Emoji",
        fox,
    )
    async with desk.house.database.write() as tx:
        await remove_emoji(tx, desk.site, "fox")
    await desk.settle()
    assert (await desk.stranger.get("/emojis/fox", **header)).status == 404
    assert await desk.house.storage.find(desk.site.media_key(fox)) is None


async def test_one_of_ours_is_given_to_a_peers_post_with_its_picture(desk, fox):
    post = await bob_writes(desk, "<p>hello</p>", tags=[])
    await desk.app.put(f"/api/v1/pleroma/statuses/{post['id']}/reactions/fox")
    await desk.settle()
    (react,) = desk.received("EmojiReact")
    assert react["content"] == ":fox:"
    assert [(one["name"], one["icon"]["url"]) for one in react["tag"]] == [(":fox:", fox)]


async def test_s174_a_peers_are_shown_where_they_wrote_them(desk):
    post = await bob_writes(desk, "<p>a :blob: and a :fox:</p>", tags=[tag()])
    (shown,) = post["emojis"]
    # Through us, so that its server does not learn who reads.
    assert shown["shortcode"] == "blob" and shown["url"].startswith(f"{desk.site.origin}/peers/custom/")
    # Another host's word is another picture, or none.
    mine = await desk.write("my :blob:", visibility="public")
    assert (await desk.look(mine))["emojis"] == []


async def test_a_peers_are_shown_in_names_and_fields(desk):
    fields = [{"type": "PropertyValue", "name": "art", "value": ":brush:"}]
    carol = desk.person.host.person("carol", name="Carol :blob:", attachment=fields, tag=[tag(), tag("brush")])
    actor = await find_actor(desk.house.services, carol.uri)
    shown = (await desk.app.get(f"/api/v1/accounts/{actor.id}")).json
    assert [one["shortcode"] for one in shown["emojis"]] == ["blob", "brush"]


@pytest.mark.parametrize(
    ("updated", "wins"), [("2030-01-01T00:00:00Z", True), ("2001-01-01T00:00:00Z", False), (None, True)]
)
async def test_a_picture_is_exchanged_for_a_later_one_alone(desk, updated, wins):
    await bob_writes(desk, "<p>:blob:</p>", tags=[tag(updated="2020-01-01T00:00:00Z")])
    desk.house.clock.advance(60)
    other = tag(url="https://remote.example/other.png", **({"updated": updated} if updated else {}))
    note = desk.person.note("<p>:blob:</p>", tag=[{"type": "Mention", "href": desk.alice.uri, "name": "@alice"}, other])
    await desk.person.send(desk.person.create(note), desk.alice.inbox)
    await desk.settle()
    async with desk.house.database.read() as reader:
        known = await emojis.find_named(reader, desk.bob.host, ["blob"])
    assert (known["blob"].icon_url != ICON) is wins


async def test_t53_a_host_brings_only_so_many(desk):
    rows = [CustomEmoji(number, "a.example", f"e{number}", ICON, None, None, 1) for number in range(MAX_OF_HOST + 5)]
    async with desk.house.database.write() as tx:
        await emojis.keep(tx, "a.example", rows[:-10], overwrite=True)
        await emojis.keep(tx, "a.example", rows[-10:], overwrite=True)
        assert await emojis.count(tx, "a.example") == MAX_OF_HOST


@pytest.mark.parametrize("name", ["a b", "<b>", ":", "x" * 65])
async def test_t38_odd_names_are_left_out(desk, name):
    await bob_writes(desk, "<p>hello</p>", tags=[tag(name)])
    async with desk.house.database.read() as reader:
        assert await emojis.count(reader, desk.bob.host) == 0
