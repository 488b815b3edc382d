from activitypub.audience import Visibility
from server.actions.ties.follow import follow
from tests.server.mastodon.clients import Answer, Place


def texts(answer: Answer) -> list[str]:
    return [one["content"].removeprefix("<p>").removesuffix("</p>") for one in answer.json]


async def test_home_has_my_posts_and_those_whom_i_follow(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    carol = await place.exhibition.person("carol")
    async with place.exhibition.services.database.write() as tx:
        await follow(tx, place.exhibition.site, alice, bob)
    await place.exhibition.say(bob, "from bob", visibility=Visibility.FOLLOWERS)
    await place.exhibition.say(carol, "from carol")
    await place.exhibition.say(alice, "from alice")
    client = await place.client(alice)
    assert texts(await client.get("/api/v1/timelines/home")) == ["from alice", "from bob"]
    assert (await place.stranger.get("/api/v1/timelines/home")).status == 401


async def test_the_public_timeline_is_paged_both_ways(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    said = [await place.exhibition.say(alice, f"post {number}") for number in range(5)]
    first = await place.stranger.get("/api/v1/timelines/public", {"limit": "2", "local": "true"})
    assert texts(first) == ["post 4", "post 3"] and "local=true" in first.links["next"]
    second = await place.stranger.get(first.links["next"].removeprefix("https://pinxit.example"))
    assert texts(second) == ["post 2", "post 1"]
    # since_id: the newest above it; min_id: those right above it.
    newest = await place.stranger.get("/api/v1/timelines/public", {"since_id": str(said[0].id), "limit": "2"})
    assert texts(newest) == ["post 4", "post 3"]
    nearest = await place.stranger.get("/api/v1/timelines/public", {"min_id": str(said[0].id), "limit": "2"})
    assert texts(nearest) == ["post 2", "post 1"]


async def test_a_page_never_has_more_than_forty(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    for number in range(45):
        await place.exhibition.say(alice, f"post {number}")
    assert len((await place.stranger.get("/api/v1/timelines/public")).json) == 20
    assert len((await place.stranger.get("/api/v1/timelines/public", {"limit": "1000"})).json) == 40
    assert len((await place.stranger.get("/api/v1/timelines/public", {"limit": "-5"})).json) == 1


async def test_a_cursor_that_is_no_id_is_refused(place: Place) -> None:
    answer = await place.stranger.get("/api/v1/timelines/public", {"max_id": "yesterday"})
    assert answer.status == 422 and "max_id" in answer.json["error"]


async def test_local_and_remote_part_the_public_timeline(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    carol = await place.exhibition.stranger("carol")
    await place.exhibition.say(alice, "near")
    await place.exhibition.receive(carol, "<p>far</p>")
    assert texts(await place.stranger.get("/api/v1/timelines/public")) == ["far", "near"]
    assert texts(await place.stranger.get("/api/v1/timelines/public", {"local": "1"})) == ["near"]
    assert texts(await place.stranger.get("/api/v1/timelines/public", {"remote": "on"})) == ["far"]


async def test_a_hashtag_is_read_with_others_beside_it(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    for text in ("#sea", "#sea #sky", "#sky"):
        await place.exhibition.say(alice, text)
    path = "/api/v1/timelines/tag/Sea"
    assert len((await place.stranger.get(path)).json) == 2
    assert len((await place.stranger.get(path, [("any[]", "sky")])).json) == 3
    assert len((await place.stranger.get(path, [("all[]", "sky")])).json) == 1
    assert len((await place.stranger.get(path, [("none[]", "sky")])).json) == 1


async def test_a_list_of_somebody_else_is_not_there(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    client = await place.client(alice)
    assert (await client.get("/api/v1/timelines/list/7")).status == 404
    assert (await client.get("/api/v1/timelines/link", {"url": "https://a.example/"})).json == []


async def test_somebodys_posts_are_chosen_by_flags(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    other = await place.exhibition.say(bob, "hello")
    await place.exhibition.say(alice, "an answer", in_reply_to=other)
    await place.exhibition.say(alice, "#sea")
    await place.exhibition.hang(alice, "a boat")
    path = f"/api/v1/accounts/{alice.id}/statuses"
    assert len((await place.stranger.get(path)).json) == 3
    assert len((await place.stranger.get(path, {"exclude_replies": "true"})).json) == 2
    assert len((await place.stranger.get(path, {"only_media": "true"})).json) == 1
    assert len((await place.stranger.get(path, {"tagged": "Sea"})).json) == 1
    assert (await place.stranger.get(path, {"pinned": "true"})).json == []
