"""What one does with posts through the client API: shown at once, told to whom it concerns, and taken back."""

import pytest

from activitypub.vocabulary import PUBLIC


@pytest.fixture
async def theirs(desk):
    """A public post of ben's."""
    return await desk.write("by ben", app=desk.bens_app, visibility="public")


async def bobs_post(desk):
    """A post of bob's that names alice."""
    note = desk.person.note("<p>hello</p>", tag=[{"type": "Mention", "href": desk.alice.uri, "name": "@alice"}])
    await desk.person.send(desk.person.create(note), desk.alice.inbox)
    await desk.settle()
    (found,) = [one for one in (await desk.app.get("/api/v1/notifications")).json if one["type"] == "mention"]
    return found["status"]


@pytest.mark.parametrize(
    ("verb", "back", "shown"),
    [
        ("favourite", "unfavourite", "favourited"),
        ("bookmark", "unbookmark", "bookmarked"),
        ("mute", "unmute", "muted"),
    ],
)
async def test_what_is_done_shows_and_can_be_taken_back(desk, theirs, verb, back, shown):
    for _ in range(2):
        assert (await desk.do(verb, theirs)).json[shown] is True
    assert (await desk.look(theirs, app=desk.bens_app))[shown] is False
    for _ in range(2):
        assert (await desk.do(back, theirs)).json[shown] is False


async def test_a_like_is_counted_once_and_told(desk, theirs):
    await desk.do("favourite", theirs)
    await desk.do("favourite", theirs)

    assert (await desk.look(theirs))["favourites_count"] == 1
    assert await desk.told(desk.ben) == ["like"]


async def test_a_like_of_a_peers_post_goes_there_and_is_undone_there(desk):
    post = await bobs_post(desk)

    await desk.do("favourite", post)
    await desk.do("unfavourite", post)

    (liked,) = desk.received("Like")
    assert liked["object"] == post["uri"]
    assert [one["object"]["id"] for one in desk.received("Undo")] == [liked["id"]]


async def test_a_boost_is_returned_around_what_it_boosts(desk, theirs):
    boost = (await desk.do("reblog", theirs)).json

    assert boost["id"] != theirs["id"]
    assert (boost["reblog"]["id"], boost["account"]["acct"]) == (theirs["id"], "alice")
    assert (boost["reblog"]["reblogged"], boost["reblog"]["reblogs_count"]) == (True, 1)
    assert (await desk.do("reblog", theirs)).json["id"] == boost["id"]
    # An app may go on with the boost as if it were the post.
    assert (await desk.do("unreblog", boost)).json["reblogged"] is False


@pytest.mark.parametrize(
    ("visibility", "public_in"), [("public", "to"), ("unlisted", "cc"), ("private", None), (None, "to")]
)
async def test_a_boost_is_told_to_whom_its_booster_chose(desk, theirs, visibility, public_in):
    await desk.let_bob_follow()

    boost = (await desk.do("reblog", theirs, **({"visibility": visibility} if visibility else {}))).json

    (announced,) = desk.received("Announce")
    assert [name for name in ("to", "cc") if PUBLIC in announced.get(name, [])] == ([public_in] if public_in else [])
    assert boost["visibility"] == (visibility or "public")
    listed = (await desk.stranger.get(f"/api/v1/accounts/{desk.alice.id}/statuses")).json
    assert [one["id"] for one in listed] == ([boost["id"]] if public_in else [])


@pytest.mark.parametrize("visibility", ["direct", "friends"])
async def test_nobody_boosts_to_named_people(desk, theirs, visibility):
    assert (await desk.do("reblog", theirs, visibility=visibility)).status == 422


async def test_what_is_not_for_everybody_is_not_boosted(desk):
    hidden = await desk.write("for followers", visibility="private")

    assert (await desk.do("reblog", hidden)).status == 403


@pytest.mark.parametrize("verb", ["favourite", "reblog", "bookmark", "pin", "mute", "unfavourite", "unbookmark"])
async def test_nothing_is_done_with_what_may_not_be_seen(desk, verb):
    hidden = await desk.write("psst", app=desk.bens_app, visibility="direct")

    assert (await desk.do(verb, hidden)).status == 404


async def test_pinned_posts_are_told_to_followers_and_stand_in_the_collection(desk):
    await desk.let_bob_follow()
    made = await desk.write("look here", visibility="public")

    pinned = await desk.do("pin", made)
    await desk.do("pin", made)

    assert pinned.json["pinned"] is True
    (added,) = desk.received("Add")
    assert (added["object"], added["target"]) == (made["uri"], desk.alice.featured_uri)
    assert added["to"] == [desk.alice.followers_uri]
    shown = (await desk.stranger.get(f"/api/v1/accounts/{desk.alice.id}/statuses?pinned=true")).json
    assert [one["id"] for one in shown] == [made["id"]]
    featured = await desk.stranger.get("/users/alice/featured")
    assert (featured.json["totalItems"], featured.json["orderedItems"][0]["id"]) == (1, made["uri"])

    await desk.do("unpin", made)
    assert [one["object"] for one in desk.received("Remove")] == [made["uri"]]
    assert (await desk.stranger.get("/users/alice/featured")).json["totalItems"] == 0


async def test_five_posts_of_ones_own_are_pinned_and_no_direct_one(desk, theirs):
    for number in range(5):
        assert (await desk.do("pin", await desk.write(f"{number}"))).status == 200

    assert (await desk.do("pin", await desk.write("one more"))).status == 422
    assert (await desk.do("pin", await desk.write("psst", visibility="direct"))).status == 422
    assert (await desk.do("pin", theirs)).status == 422


async def test_the_featured_collection_shows_strangers_what_is_open_alone(desk):
    await desk.do("pin", await desk.write("for followers", visibility="private"))

    featured = (await desk.stranger.get("/users/alice/featured")).json

    assert (featured["totalItems"], featured["orderedItems"]) == (0, [])


async def test_a_deleted_post_is_pinned_no_more(desk):
    made = await desk.write("away", visibility="public")
    await desk.do("pin", made)

    await desk.app.delete(f"/api/v1/statuses/{made['id']}")

    assert (await desk.stranger.get("/users/alice/featured")).json["totalItems"] == 0


async def test_a_muted_conversation_is_heard_no_more(desk):
    made = await desk.write("question", visibility="public")
    await desk.do("mute", made)

    await desk.write("answer", app=desk.bens_app, in_reply_to_id=made["id"])

    assert await desk.told(desk.alice) == []


@pytest.mark.parametrize(("verb", "path"), [("favourite", "favourites"), ("bookmark", "bookmarks")])
async def test_lists_of_kept_posts_go_by_when_they_were_kept(desk, verb, path):
    posts = [await desk.write(f"{number}", app=desk.bens_app) for number in range(3)]
    for post in (posts[1], posts[2], posts[0]):
        await desk.do(verb, post)

    first = await desk.app.get(f"/api/v1/{path}?limit=2")
    second = await desk.app.get(first.links["next"].removeprefix(desk.house.origin))
    back = await desk.app.get(second.links["prev"].removeprefix(desk.house.origin))

    assert [one["id"] for one in first.json] == [posts[0]["id"], posts[2]["id"]]
    assert [one["id"] for one in second.json] == [posts[1]["id"]]
    assert [one["id"] for one in back.json] == [posts[0]["id"], posts[2]["id"]]
    assert (await desk.bens_app.get(f"/api/v1/{path}")).json == []


async def test_a_kept_post_that_may_be_seen_no_more_is_not_listed(desk, theirs):
    await desk.do("bookmark", theirs)
    await desk.bens_app.post(f"/api/v1/accounts/{desk.alice.id}/block")

    assert (await desk.app.get("/api/v1/bookmarks")).json == []


async def test_s52_followers_are_told_of_hashtags_on_a_profile(desk):
    await desk.let_bob_follow()
    made = (await desk.app.post("/api/v1/featured_tags", {"name": "#Boats"})).json
    await desk.app.delete(f"/api/v1/featured_tags/{made['id']}")
    await desk.settle()

    (added,), (removed,) = desk.received("Add"), desk.received("Remove")
    for told in (added, removed):
        assert told["object"]["type"] == "Hashtag" and told["object"]["name"] == "#boats"
        assert told["target"] == f"{desk.alice.uri}/featured_tags"
