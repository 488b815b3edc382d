"""A profile changed by an app, and what others see of it."""

import io
from typing import Any

from PIL import Image
from quart.datastructures import FileStorage

from server.actions.people.profile import mark_verified
from server.store.people import actors, preferences
from tests.server.mastodon.crowd import Crowd

PATH = "/api/v1/accounts/update_credentials"
AS_PEER = {"Accept": "application/activity+json"}


def picture(size: tuple[int, int] = (800, 600), form: str = "PNG") -> FileStorage:
    buffer = io.BytesIO()
    Image.new("RGB", size, (10, 120, 200)).save(buffer, form)
    buffer.seek(0)
    return FileStorage(buffer, filename="me.png", content_type="image/png")


async def seen(crowd: Crowd) -> dict[str, Any]:
    """Alice as peers see her."""
    return dict((await crowd.place.stranger.get("/users/alice", headers=AS_PEER)).json)


async def test_words_and_switches_change_and_are_federated(crowd: Crowd) -> None:
    form = {
        "display_name": "Alice Painter",
        "note": "I paint #boats",
        "locked": "true",
        "bot": "true",
        "discoverable": "true",
        "indexable": "true",
        "hide_collections": "true",
    }
    mine = (await crowd.app.patch(PATH, form)).json

    assert (mine["display_name"], mine["source"]["note"]) == ("Alice Painter", "I paint #boats")
    switches = ("locked", "bot", "discoverable", "indexable", "hide_collections")
    assert [mine[name] for name in switches] == [True] * len(switches)
    actor = await seen(crowd)
    assert (actor["type"], actor["name"], actor["manuallyApprovesFollowers"]) == ("Service", "Alice Painter", True)
    followers = (await crowd.place.stranger.get("/users/alice/followers", headers=AS_PEER)).json
    assert followers["totalItems"] == 0 and "first" not in followers
    assert (await crowd.place.stranger.get("/users/alice/followers?page=true", headers=AS_PEER)).status == 404


async def test_what_is_not_sent_stays(crowd: Crowd) -> None:
    await crowd.app.patch(PATH, {"display_name": "Alice", "note": "hello", "locked": "true"})

    mine = (await crowd.app.patch(PATH, {"note": ""})).json

    assert (mine["display_name"], mine["note"], mine["locked"]) == ("Alice", "", True)


async def test_lines_of_the_profile_are_kept_as_written_and_shown_as_links(crowd: Crowd) -> None:
    form = [
        ("fields_attributes[0][name]", "Home"),
        ("fields_attributes[0][value]", "https://alice.example/"),
        ("fields_attributes[1][name]", "Tools"),
        ("fields_attributes[1][value]", "oil & <ink>"),
        ("fields_attributes[2][name]", ""),
        ("fields_attributes[2][value]", ""),
    ]
    mine = (await crowd.app.patch(PATH, form)).json

    link = '<a href="https://alice.example/" rel="me nofollow noopener">https://alice.example/</a>'
    assert mine["fields"] == [
        {"name": "Home", "value": link, "verified_at": None},
        {"name": "Tools", "value": "oil &amp; &lt;ink&gt;", "verified_at": None},
    ]
    assert [(one["name"], one["value"]) for one in mine["source"]["fields"]] == [
        ("Home", "https://alice.example/"),
        ("Tools", "oil & <ink>"),
    ]
    assert (await seen(crowd))["attachment"] == [
        {"type": "PropertyValue", "name": "Home", "value": link},
        {"type": "PropertyValue", "name": "Tools", "value": "oil &amp; &lt;ink&gt;"},
    ]


async def test_lines_may_come_as_a_list(crowd: Crowd) -> None:
    mine = (await crowd.app.patch(PATH, json={"fields_attributes": [{"name": "a", "value": "b"}]})).json
    assert [(one["name"], one["value"]) for one in mine["fields"]] == [("a", "b")]


async def test_a_proof_stays_with_its_line(crowd: Crowd) -> None:
    line = {"name": "Home", "value": "https://alice.example/"}
    await crowd.app.patch(PATH, json={"fields_attributes": [line]})
    (field,) = (await crowd.me()).profile_fields
    await crowd.once(mark_verified, crowd.site, crowd.alice.id, [field.value_html])

    kept = (
        await crowd.app.patch(PATH, json={"fields_attributes": [{"name": "House"} | {"value": line["value"]}]})
    ).json
    assert kept["fields"][0]["verified_at"] is not None
    other = (await crowd.app.patch(PATH, json={"fields_attributes": [line | {"value": "https://b.example/"}]})).json
    assert other["fields"][0]["verified_at"] is None


async def test_what_is_too_long_or_too_much_is_refused(crowd: Crowd) -> None:
    for wrong in (
        {"display_name": "x" * 31},
        {"note": "x" * 501},
        {"fields_attributes": [{"name": "n", "value": "x" * 256}]},
        {"fields_attributes": [{"name": f"n{number}", "value": "v"} for number in range(5)]},
        {"source": {"privacy": "some"}},
        {"source": {"quote_policy": "some"}},
        {"source": {"language": "?"}},
    ):
        assert (await crowd.app.patch(PATH, json=wrong)).status == 422


async def test_how_one_posts_is_kept(crowd: Crowd) -> None:
    form = {"source[privacy]": "private", "source[sensitive]": "true", "source[language]": "de"}
    mine = (await crowd.app.patch(PATH, form | {"source[quote_policy]": "nobody"})).json

    source = mine["source"]
    assert (source["privacy"], source["sensitive"], source["language"]) == ("private", True, "de")
    assert source["quote_policy"] == "nobody"
    assert (await crowd.read(preferences.find, crowd.alice.id)).visibility == "followers"
    assert (await crowd.app.get("/api/v1/preferences")).json["posting:default:visibility"] == "private"


async def test_pictures_are_cut_and_shown(crowd: Crowd) -> None:
    answer = await crowd.app.patch(PATH, {}, files={"avatar": picture(), "header": picture()})

    mine = answer.json
    assert mine["avatar"].startswith(crowd.site.media_url("")) and mine["header"] != mine["avatar"]
    for name, size in (("avatar", (400, 400)), ("header", (1500, 500))):
        file = await crowd.place.stranger.get(crowd.local(mine[name]))
        assert file.status == 200 and Image.open(io.BytesIO(file.body)).size == size
    actor = await seen(crowd)
    assert actor["icon"] == {"type": "Image", "mediaType": "image/jpeg", "url": mine["avatar"]}
    assert actor["image"]["url"] == mine["header"]


async def test_what_is_no_picture_is_refused(crowd: Crowd) -> None:
    file = FileStorage(io.BytesIO(b"GIF89a nothing"), filename="x.gif", content_type="image/gif")
    assert (await crowd.app.patch(PATH, {}, files={"avatar": file})).status in (415, 422)


async def test_pictures_are_taken_away(crowd: Crowd) -> None:
    await crowd.app.patch(PATH, {}, files={"avatar": picture(), "header": picture()})

    assert "/assets/" in (await crowd.app.delete("/api/v1/profile/avatar")).json["avatar"]
    assert "/assets/" in (await crowd.app.delete("/api/v1/profile/header")).json["header"]
    me = await crowd.me()
    assert (me.icon_url, me.image_url) == (None, None)
    assert "icon" not in await seen(crowd)


async def test_the_profile_is_read_and_changed_under_its_newer_address(crowd: Crowd) -> None:
    changed = (await crowd.app.patch("/api/v1/profile", {"display_name": "Al", "note": "hi", "bot": "true"})).json

    assert (await crowd.app.get("/api/v1/profile")).json == changed
    assert (changed["display_name"], changed["note"], changed["bot"], changed["avatar"]) == ("Al", "hi", True, None)


async def test_an_app_without_the_scope_changes_nothing(crowd: Crowd) -> None:
    app = await crowd.place.client(crowd.alice, "read write:statuses")
    assert (await app.patch(PATH, {"note": "mine"})).status == 403
    assert (await crowd.read(actors.find, crowd.alice.id)).summary_html is None
