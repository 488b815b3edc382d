from tests.server.mastodon.clients import Place


async def test_words_find_people_and_hashtags(place: Place) -> None:
    alice = await place.exhibition.person("seaman")
    await place.exhibition.say(alice, "#seaside")
    found = (await (await place.client(alice)).get("/api/v2/search", {"q": "sea"})).json
    assert [one["acct"] for one in found["accounts"]] == ["seaman"]
    (tag,) = found["hashtags"]
    assert tag["name"] == "seaside" and len(tag["history"]) == 7
    assert tag["history"][0] == {"day": tag["history"][0]["day"], "uses": "1", "accounts": "1"}
    only = (await place.stranger.get("/api/v2/search", {"q": "sea", "type": "hashtags"})).json
    assert only["accounts"] == [] and len(only["hashtags"]) == 1


async def test_an_address_that_we_know_leads_to_the_thing(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    post = await place.exhibition.say(alice, "hello")
    for address in (post.uri, post.url):
        found = (await place.stranger.get("/api/v2/search", {"q": address or ""})).json
        assert [one["id"] for one in found["statuses"]] == [str(post.id)]
    for address in (alice.uri, alice.url):
        found = (await place.stranger.get("/api/v2/search", {"q": address or ""})).json
        assert [one["id"] for one in found["accounts"]] == [str(alice.id)]


async def test_other_servers_are_asked_only_for_somebody(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    query = {"q": "https://away.example/users/carol", "resolve": "true"}
    outside = place.exhibition.services.peers
    assert (await place.stranger.get("/api/v2/search", query)).json["accounts"] == []
    assert outside.asked == []  # type: ignore[attr-defined]
    found = await (await place.client(alice)).get("/api/v2/search", query)
    assert found.json == {"accounts": [], "statuses": [], "hashtags": []}
    assert outside.asked != []  # type: ignore[attr-defined]


async def test_what_is_in_fashion_is_judged_by_use(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice", discoverable=True), await place.exhibition.person("bob")
    await place.exhibition.say(alice, "#sea #sky")
    await place.exhibition.say(bob, "#sea")
    tags = (await place.stranger.get("/api/v1/trends/tags")).json
    assert [one["name"] for one in tags] == ["sea", "sky"]
    assert (await place.stranger.get("/api/v1/trends/links")).json == []
    assert (await place.stranger.get("/api/v1/trends/statuses")).json == []


async def test_my_preferences_are_the_instances_until_i_choose(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    found = (await (await place.client(alice)).get("/api/v1/preferences")).json
    assert found["posting:default:visibility"] == "unlisted" and found["reading:expand:media"] == "default"


async def test_words_find_posts_of_who_wants_to_be_found(place: Place) -> None:
    alice, ben = await place.exhibition.person("alice"), await place.exhibition.person("ben", indexable=True)
    own, found, other = [await place.exhibition.say(one, "a red boat") for one in (alice, ben, ben)]
    await place.exhibition.say(await place.exhibition.person("carol", indexable=False), "a red boat")
    app = await place.client(alice)

    async def ask(**more: str) -> list[str]:
        answer = await app.get("/api/v2/search", {"q": "boat RED", "type": "statuses", **more})
        return [one["id"] for one in answer.json["statuses"]]

    assert await ask() == [str(one.id) for one in (other, found, own)]
    assert await ask(account_id=str(alice.id)) == [str(own.id)]
    assert await ask(limit="1", offset="1") == [str(found.id)]
    assert (await place.stranger.get("/api/v2/search", {"q": "boat"})).json["statuses"] == []
