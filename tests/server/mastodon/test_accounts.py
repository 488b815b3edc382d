from activitypub.audience import Visibility
from server.actions.ties.follow import follow
from server.store.ties import follows
from tests.server.mastodon.clients import Place

# What strict clients demand of every account.
KEYS = {"id", "username", "acct", "display_name", "note", "url", "uri", "avatar", "avatar_static", "header", "fields"}


async def test_somebody_is_shown_with_every_key_and_a_picture(place: Place) -> None:
    alice = await place.exhibition.person("alice", name="Alice A.")
    found = (await place.stranger.get(f"/api/v1/accounts/{alice.id}")).json
    assert set(found) >= KEYS
    assert (found["id"], found["acct"], found["display_name"]) == (str(alice.id), "alice", "Alice A.")
    assert found["avatar"].startswith("https://") and found["header"].startswith("https://")
    assert found["created_at"].endswith("T00:00:00.000Z") and found["last_status_at"] is None


async def test_the_standard_picture_is_there(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    found = (await place.stranger.get(f"/api/v1/accounts/{alice.id}")).json
    for name in ("avatar", "header"):
        answer = await place.stranger.get(found[name].removeprefix("https://pinxit.example"))
        assert answer.status == 200 and answer.body.startswith(b"\x89PNG")


async def test_somebody_from_elsewhere_has_their_host_in_their_name(place: Place) -> None:
    await place.exhibition.person("alice")
    carol = await place.exhibition.stranger("carol")
    found = (await place.stranger.get(f"/api/v1/accounts/{carol.id}")).json
    assert found["acct"] == "carol@away.example" and found["url"] == carol.url


async def test_numbers_count_posts_followers_and_followed(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    await place.exhibition.say(alice, "hello")
    await place.exhibition.say(alice, "whisper", visibility=Visibility.DIRECT)
    async with place.exhibition.services.database.write() as tx:
        await follow(tx, place.exhibition.site, bob, alice)
    found = (await place.stranger.get(f"/api/v1/accounts/{alice.id}")).json
    assert (found["statuses_count"], found["followers_count"], found["following_count"]) == (1, 1, 0)
    assert found["last_status_at"] == "2026-11-18"


async def test_somebody_who_is_not_there_is_not_found(place: Place) -> None:
    for actor_id in ("1", str(1 << 62), str(1 << 70), "abc"):
        answer = await place.stranger.get(f"/api/v1/accounts/{actor_id}")
        assert answer.status == 404 and answer.json == {"error": "Record not found"}


async def test_a_suspended_account_shows_nothing_of_itself(place: Place) -> None:
    alice = await place.exhibition.person("alice", name="Alice A.", suspended_at=1)
    found = (await place.stranger.get(f"/api/v1/accounts/{alice.id}")).json
    assert found["suspended"] is True and found["display_name"] == "" and found["note"] == ""


async def test_my_own_account_has_what_only_i_may_know(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    client = await place.client(alice)
    found = (await client.get("/api/v1/accounts/verify_credentials")).json
    assert found["id"] == str(alice.id)
    assert found["source"]["privacy"] == "unlisted" and found["source"]["follow_requests_count"] == 0
    assert found["role"]["id"] == "-99"


async def test_my_own_account_needs_a_token_with_its_scope(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    assert (await place.stranger.get("/api/v1/accounts/verify_credentials")).status == 401
    writer = await place.client(alice, "write")
    assert (await writer.get("/api/v1/accounts/verify_credentials")).status == 403
    assert (await (await place.client(alice, "profile")).get("/api/v1/accounts/verify_credentials")).status == 200


async def test_a_handle_leads_to_who_bears_it(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    carol = await place.exhibition.stranger("carol")
    for acct, actor in (
        ("alice", alice),
        ("@ALICE", alice),
        ("alice@pinxit.example", alice),
        ("carol@away.example", carol),
    ):
        answer = await place.stranger.get("/api/v1/accounts/lookup", {"acct": acct})
        assert answer.json["id"] == str(actor.id)
    assert (await place.stranger.get("/api/v1/accounts/lookup", {"acct": "nobody"})).status == 404


async def test_several_are_given_in_the_order_asked(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    asked = [("id[]", str(bob.id)), ("id[]", "77"), ("id[]", str(alice.id)), ("id[]", "x")]
    found = (await place.stranger.get("/api/v1/accounts", asked)).json
    assert [one["username"] for one in found] == ["bob", "alice"]


async def test_followers_are_paged_with_links(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    for name in ("bob", "carol", "dave"):
        other = await place.exhibition.person(name)
        async with place.exhibition.services.database.write() as tx:
            await follow(tx, place.exhibition.site, other, alice)
    first = await place.stranger.get(f"/api/v1/accounts/{alice.id}/followers", {"limit": "2"})
    assert [one["username"] for one in first.json] == ["dave", "carol"]
    assert (
        first.links["next"].startswith("https://pinxit.example/api/v1/accounts/") and "limit=2" in first.links["next"]
    )
    second = await place.stranger.get(first.links["next"].removeprefix("https://pinxit.example"))
    assert [one["username"] for one in second.json] == ["bob"] and "next" not in second.links
    back = await place.stranger.get(second.links["prev"].removeprefix("https://pinxit.example"))
    assert [one["username"] for one in back.json] == ["dave", "carol"]


async def test_who_hides_their_followers_shows_them_to_themselves_alone(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice", hides_collections=True), await place.exhibition.person("bob")
    async with place.exhibition.services.database.write() as tx:
        await follow(tx, place.exhibition.site, bob, alice)
    path = f"/api/v1/accounts/{alice.id}/followers"
    assert (await place.stranger.get(path)).json == []
    assert (await (await place.client(bob)).get(path)).json == []
    assert len((await (await place.client(alice)).get(path)).json) == 1


async def test_the_blocked_see_no_followers(place: Place) -> None:
    alice, bob = await place.exhibition.person("alice"), await place.exhibition.person("bob")
    async with place.exhibition.services.database.write() as tx:
        await follow(tx, place.exhibition.site, alice, bob)
        await follows.block(tx, id=1, actor_id=alice.id, target_id=bob.id, uri="https://x/1", at=1)
    assert (await (await place.client(bob)).get(f"/api/v1/accounts/{alice.id}/following")).json == []


async def test_people_are_found_by_the_beginning_of_their_name(place: Place) -> None:
    alice = await place.exhibition.person("alice")
    await place.exhibition.person("alfred")
    await place.exhibition.stranger("alma")
    client = await place.client(alice)
    found = (await client.get("/api/v1/accounts/search", {"q": "@al"})).json
    assert [one["acct"] for one in found] == ["alfred", "alice", "alma@away.example"]
    found = (await client.get("/api/v1/accounts/search", {"q": "al@away.ex"})).json
    assert [one["acct"] for one in found] == ["alma@away.example"]
