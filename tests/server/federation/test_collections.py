"""Collections: totals, stable pages, and nothing in them that is not for everybody."""

import pytest

from activitypub.audience import Visibility
from server.actions.ties.follow import receive_follow
from server.actions.ties.follow_tag import feature_tag
from server.actions.writing.edit import Change, edit_post
from server.actions.writing.pin import pin
from server.actions.writing.publish import Draft, publish
from server.actions.writing.react import announce, like
from server.actions.writing.remove import remove_post
from server.federation.paging import ACTIVITIES_PER_PAGE
from server.remote.people import find_actor
from server.store.writing.posts import Post
from tests.server.federation.conftest import Door

LISTS = ["outbox", "followers", "following", "liked", "featured"]


async def walk(door: Door, path: str) -> list[object]:
    """Every item from the first page to the last."""
    root = (await door.ask(path)).json()
    address, items = root.get("first"), []
    while address is not None:
        page = (await door.ask(door.path(address))).json()
        assert page["id"] == address
        assert page["partOf"] == root["id"]
        items += page.get("orderedItems", page.get("items"))
        address = page.get("next")
    return items


@pytest.mark.parametrize("name", LISTS)
async def test_s37_s39_s41_each_is_an_ordered_collection_with_a_total(door: Door, name):
    collection = (await door.ask(f"/users/alice/{name}")).json()
    assert (collection["type"], collection["totalItems"]) == ("OrderedCollection", 0)
    assert collection["id"] == f"{door.alice.uri}/{name}"


@pytest.mark.parametrize("name", ["followers", "following", "liked", "featured"])
async def test_s54_a_post_to_a_collection_is_405_with_allow(door: Door, name):
    answer = await door.ask(f"/users/alice/{name}", method="POST")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("name", LISTS)
async def test_a_collection_of_nobody_is_404(door: Door, name):
    assert (await door.ask(f"/users/nobody/{name}")).status_code == 404


@pytest.mark.parametrize("name", LISTS)
async def test_a_browser_is_sent_to_the_profile(door: Door, name):
    answer = await door.ask(f"/users/alice/{name}", accept="text/html")
    assert answer.headers["location"] == f"{door.house.origin}/@alice"


async def test_s40_s41_the_outbox_is_walked_newest_first_to_its_end(door: Door):
    count = ACTIVITIES_PER_PAGE + 3
    written = [(await door.write(f"post {n}")).uri for n in range(count)]
    items = await walk(door, "/users/alice/outbox")
    assert [item["object"]["id"] for item in items] == written[::-1]
    assert (await door.ask("/users/alice/outbox")).json()["totalItems"] == count


async def test_s41_a_full_last_page_has_no_next(door: Door):
    for n in range(ACTIVITIES_PER_PAGE):
        await door.write(f"post {n}")
    page = (await door.ask("/users/alice/outbox?page=true")).json()
    assert len(page["orderedItems"]) == ACTIVITIES_PER_PAGE
    assert "next" not in page


async def test_s42_what_comes_while_somebody_walks_moves_no_page(door: Door):
    for n in range(ACTIVITIES_PER_PAGE + 2):
        await door.write(f"post {n}")
    first = (await door.ask("/users/alice/outbox?page=true")).json()
    await door.write("new")
    second = (await door.ask(door.path(first["next"]))).json()
    seen = [item["id"] for page in (first, second) for item in page["orderedItems"]]
    assert len(seen) == len(set(seen)) == ACTIVITIES_PER_PAGE + 2


async def test_s48_the_outbox_lists_only_what_is_open(door: Door):
    for visibility in Visibility:
        await door.write(visibility.value, visibility)
    items = await walk(door, "/users/alice/outbox")
    assert ["unlisted" in str(item["object"]["content"]) for item in items] == [True, False]
    assert (await door.ask("/users/alice/outbox")).json()["totalItems"] == 2


async def test_a_boost_is_in_the_outbox_and_a_like_is_not(door: Door):
    post = await door.write()
    async with door.house.database.write() as tx:
        await announce(tx, door.house.site, door.alice, post)
        await like(tx, door.house.site, door.alice, post)
    assert [item["type"] for item in await walk(door, "/users/alice/outbox")] == ["Announce", "Create"]


async def test_a_deleted_post_leaves_the_outbox(door: Door):
    post = await door.write()
    async with door.house.database.write() as tx:
        await remove_post(tx, door.house.site, door.alice, post)
    assert await walk(door, "/users/alice/outbox") == []
    assert (await door.ask("/users/alice/outbox")).json()["totalItems"] == 0


async def test_the_outbox_shows_a_post_as_it_is_now(door: Door):
    post = await door.write("first words")
    async with door.house.database.write() as tx:
        await edit_post(tx, door.house.site, door.alice, post, Change(text="second words"))
    items = await walk(door, "/users/alice/outbox")
    assert [("second words" in item["object"]["content"]) for item in items] == [True]


async def test_followers_are_counted_and_listed(door: Door):
    victor = await find_actor(door.house.services, door.victor.uri)
    async with door.house.database.write() as tx:
        await receive_follow(tx, door.house.site, victor, door.alice, f"{victor.uri}/follows/1")
    assert (await door.ask("/users/alice/followers")).json()["totalItems"] == 1
    assert await walk(door, "/users/alice/followers") == [door.victor.uri]


async def test_who_waits_to_follow_a_locked_account_is_not_listed(door: Door):
    carol = await door.house.register("carol", locked=True)
    victor = await find_actor(door.house.services, door.victor.uri)
    async with door.house.database.write() as tx:
        await receive_follow(tx, door.house.site, victor, carol, f"{victor.uri}/follows/1")
    assert (await door.ask("/users/carol/followers")).json()["totalItems"] == 0
    assert await walk(door, "/users/carol/followers") == []


async def test_s47_what_somebody_likes_is_counted_and_withheld(door: Door):
    post = await door.write()
    async with door.house.database.write() as tx:
        await like(tx, door.house.site, door.alice, post)
    liked = (await door.ask("/users/alice/liked")).json()
    assert liked["totalItems"] == 1
    assert "first" not in liked and "orderedItems" not in liked


async def test_replies_are_listed_oldest_first_and_only_the_open_ones(door: Door):
    post = await door.write()
    replies = [await _reply(door, post, f"reply {visibility}", visibility) for visibility in Visibility]
    path = f"{door.path(post.uri)}/replies"
    assert await walk(door, path) == [reply.uri for reply in replies[:2]]
    assert (await door.ask(path)).json()["totalItems"] == 2


async def test_many_replies_are_walked_to_their_end(door: Door):
    post = await door.write()
    replies = [(await _reply(door, post, f"reply {n}")).uri for n in range(45)]
    assert await walk(door, f"{door.path(post.uri)}/replies") == replies


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "٣", "9" * 20, ""])
@pytest.mark.parametrize("name", ["outbox", "followers"])
async def test_a_cursor_that_is_no_number_is_400(door: Door, name, cursor):
    assert (await door.ask(f"/users/alice/{name}?page=true&before={cursor}")).status_code == 400


async def test_the_instance_publishes_nothing(door: Door):
    outbox = (await door.ask("/actor/outbox")).json()
    assert (outbox["totalItems"], outbox["orderedItems"]) == (0, [])


async def _reply(door: Door, post: Post, text: str, visibility: Visibility = Visibility.PUBLIC) -> Post:
    async with door.house.database.write() as tx:
        draft = Draft(text=text, visibility=visibility, in_reply_to=post)
        return await publish(tx, door.house.site, door.alice, draft)


async def test_s52_featured_holds_posts_and_featured_tags_hold_hashtags(door: Door):
    post = await door.write("a #boat")
    async with door.house.database.write() as tx:
        await pin(tx, door.house.site, door.alice, post)
        await feature_tag(tx, door.house.site, door.alice, "boat")

    featured = (await door.ask("/users/alice/featured")).json()
    tagged = (await door.ask("/users/alice/featured_tags")).json()

    assert featured["type"] == "OrderedCollection"
    assert [(one["type"], one["id"]) for one in featured["orderedItems"]] == [("Note", post.uri)]
    assert tagged["type"] == "Collection"
    assert [(one["type"], one["name"]) for one in tagged["items"]] == [("Hashtag", "#boat")]
