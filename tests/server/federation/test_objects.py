"""Posts as others fetch them: what is open to everybody, and what is not."""

import pytest

from activitypub.audience import Visibility
from activitypub.reading import read_note
from server.actions.ties.follow import receive_follow
from server.actions.writing.remove import remove_post
from server.config import FederationConfig
from server.remote.people import find_actor
from server.store.writing import posts
from tests.server.federation.conftest import Door

OPEN = (Visibility.PUBLIC, Visibility.UNLISTED)
CLOSED = (Visibility.FOLLOWERS, Visibility.DIRECT)


@pytest.mark.parametrize("visibility", OPEN)
async def test_s4_an_open_post_is_a_note_for_everybody(door: Door, visibility):
    post = await door.write("hello", visibility)
    answer = await door.ask(door.path(post.uri))
    note = read_note(answer.json())
    assert (answer.status_code, note.id, note.authors) == (200, post.uri, (door.alice.uri,))
    assert answer.headers["cache-control"] == "public, max-age=60"


async def test_s7_a_browser_is_sent_to_the_picture_page(door: Door):
    post = await door.write()
    answer = await door.ask(door.path(post.uri), accept="text/html")
    assert (answer.status_code, answer.headers["location"]) == (302, f"{door.house.origin}/@alice/{post.id}")


async def test_the_page_of_a_post_lends_its_document(door: Door):
    post = await door.write()
    assert (await door.ask(f"/@alice/{post.id}")).json()["id"] == post.uri


async def test_s21_a_deleted_post_is_410_with_a_tombstone(door: Door):
    post = await door.write()
    async with door.house.database.write() as tx:
        await remove_post(tx, door.house.site, door.alice, post)
    answer = await door.ask(door.path(post.uri))
    assert answer.status_code == 410
    assert {"type": "Tombstone", "formerType": "Note", "id": post.uri}.items() <= answer.json().items()


@pytest.mark.parametrize("visibility", CLOSED)
async def test_a_deleted_post_that_was_not_open_leaves_no_trace(door: Door, visibility):
    post = await door.write("hello", visibility)
    async with door.house.database.write() as tx:
        await remove_post(tx, door.house.site, door.alice, post)
    assert (await door.ask(door.path(post.uri))).status_code == 404


@pytest.mark.parametrize("visibility", CLOSED)
async def test_s11_s12_a_closed_post_is_404_for_strangers_signed_or_not(door: Door, visibility):
    post = await door.write("hello", visibility)
    path = door.path(post.uri)
    assert (await door.ask(path)).status_code == 404
    assert (await door.ask_signed(path, door.victor)).status_code == 404


async def test_s12_a_followers_post_is_shown_to_a_follower_who_signs(door: Door):
    post = await door.write("hello", Visibility.FOLLOWERS)
    await _follow(door)
    answer = await door.ask_signed(door.path(post.uri), door.victor)
    assert (answer.status_code, answer.json()["id"]) == (200, post.uri)


async def test_s194_what_depends_on_the_signature_says_so_and_is_kept_by_nobody(door: Door):
    post = await door.write("hello", Visibility.FOLLOWERS)
    await _follow(door)
    answer = await door.ask_signed(door.path(post.uri), door.victor)
    assert answer.headers["vary"] == "Accept, Signature, Authorization"
    assert answer.headers["cache-control"] == "private, no-store"


async def test_a_bad_signature_on_a_get_is_a_stranger_and_no_error(door: Door):
    closed, open = await door.write("a", Visibility.FOLLOWERS), await door.write("b")
    headers = {"signature": "nonsense"}
    assert (await door.ask(door.path(closed.uri), headers=headers)).status_code == 404
    assert (await door.ask(door.path(open.uri), headers=headers)).status_code == 200


async def test_a_post_under_the_name_of_another_is_404(door: Door):
    await door.house.register("bob")
    post = await door.write()
    assert (await door.ask(f"/users/bob/posts/{post.id}")).status_code == 404


@pytest.mark.parametrize("number", ["0", "1", "9223372036854775807", "9223372036854775808", "9" * 100])
async def test_a_number_that_is_no_post_is_404(door: Door, number):
    assert (await door.ask(f"/users/alice/posts/{number}")).status_code == 404


@pytest.mark.parametrize("echo", ["replies", "likes", "shares"])
async def test_s53_a_post_has_its_collections(door: Door, echo):
    post = await door.write()
    note = (await door.ask(door.path(post.uri))).json()
    collection = (await door.ask(door.path(note[echo]))).json()
    assert (collection["id"], collection["totalItems"]) == (note[echo], 0)


@pytest.mark.parametrize("echo", ["replies", "likes", "shares"])
async def test_s43_the_collections_of_a_closed_post_are_as_closed(door: Door, echo):
    post = await door.write("hello", Visibility.FOLLOWERS)
    assert (await door.ask(f"{door.path(post.uri)}/{echo}")).status_code == 404
    await _follow(door)
    assert (await door.ask_signed(f"{door.path(post.uri)}/{echo}", door.victor)).status_code == 200


async def test_likes_and_shares_are_counted_and_nobody_is_named(door: Door):
    post = await door.write()
    async with door.house.database.write() as tx:
        await posts.count_like(tx, post.id, 3)
        await posts.count_share(tx, post.id, 2)
    likes = (await door.ask(f"{door.path(post.uri)}/likes")).json()
    shares = (await door.ask(f"{door.path(post.uri)}/shares")).json()
    assert (likes["totalItems"], shares["totalItems"]) == (3, 2)
    assert "first" not in likes and "items" not in likes


async def _follow(door: Door) -> None:
    victor = await find_actor(door.house.services, door.victor.uri)
    async with door.house.database.write() as tx:
        await receive_follow(tx, door.house.site, victor, door.alice, f"{victor.uri}/follows/1")


def ids_in(value: object) -> list[str]:
    """Every id in a document, however deep."""
    if isinstance(value, list):
        return [found for entry in value for found in ids_in(entry)]
    if not isinstance(value, dict):
        return []
    own = [value["id"]] if isinstance(value.get("id"), str) else []
    return own + [found for name, entry in value.items() if name != "@context" for found in ids_in(entry)]


async def test_s2_every_id_that_we_show_is_https(door: Door):
    post = await door.write()
    actor = (await door.ask("/users/alice")).json()
    collections = [actor[name] for name in ("outbox", "followers", "following", "featured", "liked")]
    below = [(await door.ask(door.path(post.uri))).json()[name] for name in ("replies", "likes", "shares")]
    documents = ["/actor", "/users/alice", door.path(post.uri), "/users/alice/outbox?page=true"]
    documents += [door.path(one if isinstance(one, str) else one["id"]) for one in collections + below]
    ids = []
    for path in documents:
        answer = await door.ask(path)
        assert answer.status_code == 200, path
        found = ids_in(answer.json())
        assert found, path
        ids += found
    assert {uri.partition("://")[0] for uri in ids} == {"https"}


def test_s2_plain_http_is_a_setting_that_is_off_unless_said_otherwise():
    assert FederationConfig().allow_http is False
