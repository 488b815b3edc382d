"""People to find, through the door."""

from dataclasses import replace
from typing import Any

from server.actions.people.profile import ProfileChange, change_profile
from server.actions.ties.follow import follow
from server.store.people.actors import Actor
from tests.server.mastodon.crowd import Crowd


async def listed(crowd: Crowd, name: str) -> Actor:
    """Somebody here who wants to be found."""
    return await crowd.place.exhibition.person(name, discoverable=True)


def names(answer: Any) -> list[str]:
    assert answer.status == 200, answer.json
    return [one.get("account", one)["username"] for one in answer.json]


async def test_friends_of_friends_come_before_who_is_just_active(crowd: Crowd) -> None:
    friend, active = await listed(crowd, "friend"), await listed(crowd, "active")
    await crowd.place.exhibition.say(active, "hello")
    await crowd.once(follow, crowd.site, crowd.alice, crowd.ben)
    await crowd.once(follow, crowd.site, crowd.ben, friend)

    answer = await crowd.app.get("/api/v2/suggestions")

    assert names(answer) == ["friend", "active"]
    assert [one["sources"] for one in answer.json] == [["friends_of_friends"], ["most_interactions"]]
    assert names(await crowd.app.get("/api/v1/suggestions", {"limit": 1})) == ["friend"]


async def test_nobody_is_suggested_who_hides_is_followed_blocked_or_was_dismissed(crowd: Crowd) -> None:
    people = {name: await listed(crowd, name) for name in ("followed", "blocked", "dismissed", "left")}
    hidden = await crowd.place.exhibition.person("hidden")
    for one in (*people.values(), hidden, replace(crowd.alice)):
        await crowd.place.exhibition.say(one, "hello")
    await crowd.app.post(f"/api/v1/accounts/{people['followed'].id}/follow")
    await crowd.app.post(f"/api/v1/accounts/{people['blocked'].id}/block")

    assert (await crowd.app.delete(f"/api/v1/suggestions/{people['dismissed'].id}")).json == {}

    assert names(await crowd.app.get("/api/v2/suggestions")) == ["left"]


async def test_the_directory_lists_who_wants_to_be_found(crowd: Crowd) -> None:
    first, second = await listed(crowd, "first"), await listed(crowd, "second")
    await crowd.nina(discoverable=True)
    await crowd.place.exhibition.say(second, "hello")
    await crowd.place.exhibition.say(first, "hello")

    stranger = crowd.place.stranger
    assert names(await stranger.get("/api/v1/directory", {"local": "true"})) == ["first", "second"]
    assert names(await stranger.get("/api/v1/directory", {"order": "new"})) == ["nina", "second", "first"]
    assert names(await stranger.get("/api/v1/directory", {"order": "new", "local": "1", "offset": 1})) == ["first"]


async def test_endorsements_stand_on_the_profile(crowd: Crowd) -> None:
    await crowd.app.post(f"/api/v1/accounts/{crowd.ben.id}/follow")
    await crowd.app.post(f"/api/v1/accounts/{crowd.ben.id}/endorse")

    path = f"/api/v1/accounts/{crowd.alice.id}/endorsements"
    assert names(await crowd.app.get("/api/v1/endorsements")) == names(await crowd.place.stranger.get(path)) == ["ben"]


async def test_familiar_followers_are_those_whom_one_follows(crowd: Crowd) -> None:
    friend = await listed(crowd, "friend")
    await crowd.once(follow, crowd.site, crowd.alice, friend)
    await crowd.once(follow, crowd.site, friend, crowd.ben)
    path = "/api/v1/accounts/familiar_followers"

    (found,) = (await crowd.app.get(path, [("id[]", crowd.ben.id)])).json
    assert found["id"] == str(crowd.ben.id) and [one["username"] for one in found["accounts"]] == ["friend"]

    await crowd.once(change_profile, crowd.site, crowd.ben, ProfileChange(hides_collections=True))
    (found,) = (await crowd.app.get(path, [("id[]", crowd.ben.id)])).json
    assert found["accounts"] == []
