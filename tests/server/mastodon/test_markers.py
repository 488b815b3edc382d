"""How far somebody has read, for all their clients."""

from tests.server.mastodon.clients import Place

PATH = "/api/v1/markers"


async def test_markers_are_set_in_any_form_and_read_by_name(place: Place) -> None:
    app = await place.client(await place.exhibition.person("alice"))
    assert (await app.get(PATH, [("timeline[]", "home")])).json == {}

    first = await app.post(PATH, {"home[last_read_id]": "103206604258487607"})
    second = await app.post(PATH, json={"home": {"last_read_id": "103206604258487608"}, "notifications": None})

    assert first.json["home"]["version"] == 0 and "notifications" not in first.json
    assert second.json["home"]["last_read_id"] == "103206604258487608" and second.json["home"]["version"] == 1
    assert second.json["home"]["updated_at"].endswith("Z")
    await app.post(PATH, {"notifications[last_read_id]": "5"})
    both = await app.get(PATH, [("timeline[]", "home"), ("timeline[]", "notifications"), ("timeline[]", "else")])
    assert set(both.json) == {"home", "notifications"}
    assert set((await app.get(PATH, [("timeline[]", "notifications")])).json) == {"notifications"}


async def test_markers_are_each_persons_own(place: Place) -> None:
    alice = await place.client(await place.exhibition.person("alice"))
    bob = await place.client(await place.exhibition.person("bob"))
    await alice.post(PATH, {"home[last_read_id]": "7"})
    assert (await bob.get(PATH, [("timeline[]", "home")])).json == {}


async def test_what_is_no_id_is_not_found(place: Place) -> None:
    app = await place.client(await place.exhibition.person("alice"))
    assert (await app.post(PATH, {"home[last_read_id]": "x"})).status == 404
    reader = await place.client((await place.exhibition.person("bob")), "read")
    assert (await reader.post(PATH, {"home[last_read_id]": "1"})).status == 403
