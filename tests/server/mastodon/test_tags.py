"""Hashtags read and shown, through the door."""

from tests.server.mastodon.crowd import Crowd


async def test_a_hashtag_is_followed_and_let_go(crowd: Crowd) -> None:
    shown = (await crowd.app.get("/api/v1/tags/Boats")).json
    assert (shown["name"], shown["following"], shown["featuring"], len(shown["history"])) == ("boats", False, False, 7)

    assert (await crowd.app.post("/api/v1/tags/Boats/follow")).json["following"]
    assert (await crowd.app.get("/api/v1/tags/boats")).json["following"]
    assert not (await crowd.bens_app.get("/api/v1/tags/boats")).json["following"]
    assert [one["name"] for one in (await crowd.app.get("/api/v1/followed_tags")).json] == ["boats"]

    assert not (await crowd.app.post("/api/v1/tags/boats/unfollow")).json["following"]
    assert (await crowd.app.get("/api/v1/followed_tags")).json == []


async def test_followed_hashtags_have_pages(crowd: Crowd) -> None:
    for name in ("a1", "b2", "c3"):
        await crowd.app.post(f"/api/v1/tags/{name}/follow")

    first = await crowd.app.get("/api/v1/followed_tags", {"limit": 2})
    second = await crowd.app.get(crowd.local(first.links["next"]))

    assert [one["name"] for one in first.json + second.json] == ["c3", "b2", "a1"]


async def test_what_no_post_could_name_is_no_hashtag(crowd: Crowd) -> None:
    for name in ("123", "a b", "a-b"):
        assert (await crowd.app.post(f"/api/v1/tags/{name}/follow")).status == 422


async def test_a_hashtag_stands_on_the_profile_with_its_use(crowd: Crowd) -> None:
    await crowd.place.exhibition.say(crowd.alice, "two #boats")
    made = (await crowd.app.post("/api/v1/featured_tags", {"name": "#Boats"})).json

    assert made == {
        "id": made["id"],
        "name": "boats",
        "url": crowd.site.hashtag_url("boats"),
        "statuses_count": "1",
        "last_status_at": "2026-11-18",
    }
    assert (await crowd.app.post("/api/v1/featured_tags", {"name": "boats"})).json["id"] == made["id"]
    path = f"/api/v1/accounts/{crowd.alice.id}/featured_tags"
    assert (await crowd.place.stranger.get(path)).json == (await crowd.app.get("/api/v1/featured_tags")).json == [made]
    assert (await crowd.bens_app.delete(f"/api/v1/featured_tags/{made['id']}")).status == 404
    assert (await crowd.app.delete(f"/api/v1/featured_tags/{made['id']}")).json == {}
    assert (await crowd.app.get("/api/v1/featured_tags")).json == []


async def test_a_hashtag_is_featured_by_its_name_too(crowd: Crowd) -> None:
    assert (await crowd.app.post("/api/v1/tags/boats/feature")).json["featuring"]
    assert not (await crowd.app.post("/api/v1/tags/boats/unfeature")).json["featuring"]


async def test_a_profile_shows_ten_hashtags_and_no_more(crowd: Crowd) -> None:
    for number in range(10):
        await crowd.app.post("/api/v1/featured_tags", {"name": f"tag{number}"})
    assert (await crowd.app.post("/api/v1/featured_tags", {"name": "another"})).status == 422


async def test_hashtags_that_one_uses_are_proposed(crowd: Crowd) -> None:
    for text in ("#boats and #ships", "#boats again", "#shown"):
        await crowd.place.exhibition.say(crowd.alice, text)
    await crowd.app.post("/api/v1/featured_tags", {"name": "shown"})

    proposed = (await crowd.app.get("/api/v1/featured_tags/suggestions")).json

    assert [one["name"] for one in proposed] == ["boats", "ships"]


async def test_peers_read_the_hashtags_of_a_profile(crowd: Crowd) -> None:
    await crowd.app.post("/api/v1/featured_tags", {"name": "boats"})
    as_peer = {"headers": {"Accept": "application/activity+json"}}

    actor = (await crowd.place.stranger.get("/users/alice", **as_peer)).json
    shown = (await crowd.place.stranger.get(crowd.local(actor["featuredTags"]), **as_peer)).json

    assert shown["items"] == [{"type": "Hashtag", "href": crowd.site.hashtag_url("boats"), "name": "#boats"}]
