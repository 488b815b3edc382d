from typing import Any

import msgspec

from activitypub.audience import Visibility
from server.actions.ties.follow import follow
from server.actions.writing.react import announce, like
from server.mastodon.entities.basics import Status
from server.store.people.actors import Actor
from server.store.reading import bookmarks, filters
from server.store.reading.filters import Filter, Keyword
from server.store.ties import follows, mutes
from server.store.ties.mutes import Mute
from server.store.writing import pins
from server.store.writing.posts import Post
from tests.server.mastodon.clients import Place


async def react(place: Place, actor: Actor, post: Post, *, with_boost: bool) -> None:
    async with place.exhibition.services.database.write() as tx:
        await (announce if with_boost else like)(tx, place.exhibition.site, actor, post)


async def test_a_post_has_every_key(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    post = await place.exhibition.say(alice, "hello #sea")
    answer = await place.stranger.get(f"/api/v1/statuses/{post.id}")
    assert set(answer.json) == set(Status.__struct_fields__)
    found = msgspec.convert(answer.json, Status)
    assert (found.id, found.visibility, found.spoiler_text) == (str(post.id), "public", "")
    assert found.account.acct == "alice" and [tag.name for tag in found.tags] == ["sea"]
    assert found.created_at.endswith("Z") and len(found.created_at) == 24


async def test_a_picture_has_sizes_and_a_painting_its_origin(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    post = await place.exhibition.hang(alice, "a red boat")
    found = msgspec.convert((await place.stranger.get(f"/api/v1/statuses/{post.id}")).json, Status)
    (picture,) = found.media_attachments
    assert picture.type == "image" and picture.url is not None and picture.remote_url is None
    assert picture.meta is not None and picture.meta.original is not None and picture.meta.original.size == "96x64"
    assert picture.blurhash and picture.preview_url and picture.description
    assert found.pinxit is not None and (found.pinxit.model, found.pinxit.prompt) == ("drawing", "a red boat")


async def test_a_peers_picture_stays_where_it_is(place: Place) -> None:
    await place.exhibition.person("alice")
    carol = await place.exhibition.stranger("carol")
    post = await place.exhibition.receive(carol, "<p>hi</p>", picture="https://away.example/1.jpg")
    found = msgspec.convert((await place.stranger.get(f"/api/v1/statuses/{post.id}")).json, Status)
    (picture,) = found.media_attachments
    assert picture.remote_url == "https://away.example/1.jpg" and found.pinxit is None
    assert picture.url is not None and picture.url.startswith("https://pinxit.example/peers/media/")
    assert picture.meta is not None and picture.meta.original is None


async def test_what_may_not_be_seen_is_not_there(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    hidden = await place.exhibition.say(alice, "for followers", visibility=Visibility.FOLLOWERS)
    path = f"/api/v1/statuses/{hidden.id}"
    client = await place.client(bob)
    assert (await place.stranger.get(path)).status == 404
    assert (await client.get(path)).status == 404
    assert (await client.get("/api/v1/statuses", [("id[]", str(hidden.id))])).json == []
    async with place.exhibition.services.database.write() as tx:
        await follow(tx, place.exhibition.site, bob, alice)
    assert (await client.get(path)).json["visibility"] == "private"


async def test_a_direct_post_is_for_whom_it_names(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    mallory = await place.exhibition.person("mallory")
    client = await place.client(alice)
    said = await client.post("/api/v1/statuses", {"status": "psst @bob", "visibility": "direct"})
    path = f"/api/v1/statuses/{said.json['id']}"
    assert [one["acct"] for one in (await (await place.client(bob)).get(path)).json["mentions"]] == ["bob"]
    assert (await (await place.client(mallory)).get(path)).status == 404


async def test_the_blocked_see_nothing_of_who_blocks_them(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    post = await place.exhibition.say(alice, "hello")
    async with place.exhibition.services.database.write() as tx:
        await follows.block(tx, id=1, actor_id=alice.id, target_id=bob.id, uri="https://x/1", at=1)
    client = await place.client(bob)
    assert (await client.get(f"/api/v1/statuses/{post.id}")).status == 404
    assert (await client.get(f"/api/v1/accounts/{alice.id}/statuses")).json == []
    assert (await client.get("/api/v1/timelines/public")).json == []


async def test_what_i_did_with_a_post_is_said_to_me_alone(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    post = await place.exhibition.say(alice, "hello")
    await react(place, bob, post, with_boost=False)
    await react(place, bob, post, with_boost=True)
    async with place.exhibition.services.database.write() as tx:
        await bookmarks.add(tx, id=1, actor_id=bob.id, post_id=post.id, at=1)
        await pins.add(tx, id=1, actor_id=alice.id, post_id=post.id, at=1)

    def flags(found: dict[str, Any]) -> tuple[bool, ...]:
        return tuple(found[name] for name in ("favourited", "reblogged", "bookmarked", "pinned", "muted"))

    path = f"/api/v1/statuses/{post.id}"
    bobs = (await (await place.client(bob)).get(path)).json
    assert flags(bobs) == (True, True, True, False, False)
    assert (bobs["favourites_count"], bobs["reblogs_count"]) == (1, 1)
    assert flags((await (await place.client(alice)).get(path)).json) == (False, False, False, True, False)
    assert flags((await place.stranger.get(path)).json) == (False, False, False, False, False)


async def test_who_reacted_is_listed(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    post = await place.exhibition.say(alice, "hello")
    await react(place, bob, post, with_boost=False)
    await react(place, alice, post, with_boost=True)
    path = f"/api/v1/statuses/{post.id}"
    assert [one["acct"] for one in (await place.stranger.get(f"{path}/favourited_by")).json] == ["bob"]
    assert [one["acct"] for one in (await place.stranger.get(f"{path}/reblogged_by")).json] == ["alice"]


async def test_the_id_of_a_boost_is_a_post_too(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    post = await place.exhibition.say(alice, "hello")
    await react(place, bob, post, with_boost=True)
    (line,) = (await place.stranger.get(f"/api/v1/accounts/{bob.id}/statuses")).json
    assert line["account"]["acct"] == "bob" and line["reblog"]["id"] == str(post.id)
    again = (await place.stranger.get(f"/api/v1/statuses/{line['id']}")).json
    assert again["id"] == line["id"] and again["reblog"]["account"]["acct"] == "alice"


async def test_a_conversation_has_what_came_before_and_after(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    first = await place.exhibition.say(alice, "one")
    second = await place.exhibition.say(alice, "two", in_reply_to=first)
    third = await place.exhibition.say(alice, "three", in_reply_to=second)
    aside = await place.exhibition.say(alice, "aside", in_reply_to=second)
    below = await place.exhibition.say(alice, "four", in_reply_to=third)
    found = (await place.stranger.get(f"/api/v1/statuses/{second.id}/context")).json
    assert [one["id"] for one in found["ancestors"]] == [str(first.id)]
    assert [one["id"] for one in found["descendants"]] == [str(one.id) for one in (third, below, aside)]
    assert found["descendants"][0]["in_reply_to_account_id"] == str(alice.id)


async def test_the_muted_are_met_only_where_they_are_looked_for(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    post = await place.exhibition.say(alice, "hello")
    reply = await place.exhibition.say(alice, "and more", in_reply_to=post)
    async with place.exhibition.services.database.write() as tx:
        await mutes.put(tx, Mute(1, bob.id, alice.id, True, None, 1))
    client = await place.client(bob)
    assert (await client.get("/api/v1/timelines/public")).json == []
    assert (await client.get(f"/api/v1/statuses/{post.id}/context")).json["descendants"] == []
    assert (await client.get(f"/api/v1/statuses/{reply.id}")).status == 200
    assert len((await client.get(f"/api/v1/accounts/{alice.id}/statuses")).json) == 2


async def add_filter(place: Place, actor: Actor, word: str, action: str) -> None:
    async with place.exhibition.services.database.write() as tx:
        await filters.add(tx, Filter(1, actor.id, "no ships", '["public"]', action, None, 1))
        await filters.add_keyword(tx, Keyword(1, 1, word, True))


async def test_a_filter_is_told_where_it_warns(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    post = await place.exhibition.say(alice, "a Ship at sea")
    await add_filter(place, bob, "ship", "warn")
    (found,) = (await (await place.client(bob)).get(f"/api/v1/statuses/{post.id}")).json["filtered"]
    assert found["filter"]["title"] == "no ships" and found["keyword_matches"] == ["ship"]
    assert (await place.stranger.get(f"/api/v1/statuses/{post.id}")).json["filtered"] == []


async def test_a_filter_that_hides_hides_where_it_holds(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    await place.exhibition.say(alice, "a ship at sea")
    await place.exhibition.say(alice, "a horse")
    await add_filter(place, bob, "ship", "hide")
    client = await place.client(bob)
    assert len((await client.get("/api/v1/timelines/public")).json) == 1
    assert len((await client.get(f"/api/v1/accounts/{alice.id}/statuses")).json) == 2
