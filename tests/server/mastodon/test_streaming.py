"""Who listens is told at once, and of nothing that they may not see; the stream ends with the token and the server."""

import asyncio
import contextlib
import socket

import aiohttp
import msgspec
import pytest

from activitypub.audience import Visibility
from server.actions.ties.filters import FilterChange, KeywordChange, make_filter
from server.actions.ties.follow import block, follow
from server.actions.ties.lists import ListChange, add_to_list, make_list
from server.actions.writing.edit import Change, edit_post
from server.actions.writing.react import announce, like
from server.actions.writing.remove import remove_post
from server.app import serve
from server.config import WebConfig
from server.mastodon.streaming.door import HUB, PATH, STOPPING
from server.mastodon.streaming.hub import LISTENERS_OF_ONE, WAITING_AT_MOST, Listener
from server.mastodon.streaming.streams import Frame, Stream
from server.passwords import hash_token
from server.store.clients import tokens
from server.store.ties import mutes
from server.store.writing import tags

WITHIN_SECONDS = 10


class Told:
    """What comes on a stream, one after another."""

    def __init__(self, receive):
        self._receive = receive
        self._rest = b""

    async def next(self):
        """(event, payload) of the next event, as JSON where it is; None at the end."""
        while True:
            while b"\n\n" not in self._rest:
                try:
                    self._rest += await asyncio.wait_for(self._receive(), WITHIN_SECONDS)
                except AssertionError:
                    return None
                if not self._rest:
                    return None
            part, _, self._rest = self._rest.partition(b"\n\n")
            lines = dict(line.split(": ", 1) for line in part.decode().splitlines() if not line.startswith(":"))
            if lines:
                data = lines["data"]
                return lines["event"], msgspec.json.decode(data) if data[:1] in "{1234567890" else data


@contextlib.asynccontextmanager
async def listening(app, name, *, query=None):
    """Server-sent events for an app; entered when the stream is open."""
    client = app._client
    path = f"{PATH}/{name}"
    headers = {"Authorization": f"Bearer {app.token}"} if app.token else {}
    async with client.request(path, headers=headers, query_string=query) as connection:
        await connection.send_complete()
        assert await asyncio.wait_for(connection.receive(), WITHIN_SECONDS) == b":)\n\n"
        assert connection.status_code == 200
        yield Told(connection.receive)
        with contextlib.suppress(Exception):
            await connection.disconnect()


@pytest.fixture
def say(crowd):
    return crowd.place.exhibition.say


async def test_health_says_ok(place):
    answer = await place.stranger.get(f"{PATH}/health")

    assert (answer.status, answer.body) == (200, b"OK")


async def test_a_new_post_a_change_and_its_end_are_told_at_home(crowd, say):
    await crowd.once(follow, crowd.site, crowd.alice, crowd.ben)
    async with listening(crowd.app, "user") as told:
        post = await say(crowd.ben, "hello")
        event, status = await told.next()
        assert (event, status["id"], status["account"]["username"]) == ("update", str(post.id), "ben")

        await crowd.once(edit_post, crowd.site, crowd.ben, post, Change(text="goodbye"))
        event, status = await told.next()
        assert (event, "goodbye" in status["content"]) == ("status.update", True)

        await crowd.once(remove_post, crowd.site, crowd.ben, post)
        assert await told.next() == ("delete", post.id)


async def test_a_boost_is_told_with_who_boosted(crowd, say):
    post = await say(crowd.ben, "hello")
    async with listening(crowd.app, "user") as told:
        await crowd.once(announce, crowd.site, crowd.alice, post)

        event, status = await told.next()

    assert (event, status["account"]["username"], status["reblog"]["id"]) == ("update", "alice", str(post.id))


async def test_notifications_are_told_on_both_streams_that_have_them(crowd, say):
    post = await say(crowd.alice, "hello")
    async with listening(crowd.app, "user") as home, listening(crowd.app, "user/notification") as notices:
        await crowd.once(like, crowd.site, crowd.ben, post)

        for told in (home, notices):
            event, notice = await told.next()
            assert (event, notice["type"], notice["account"]["username"]) == ("notification", "favourite", "ben")


async def test_a_token_for_posts_alone_hears_of_no_notification(crowd, say, place):
    narrow = await place.client(crowd.alice, "read:statuses")
    post = await say(crowd.alice, "hello")
    async with listening(narrow, "user") as told:
        await crowd.once(like, crowd.site, crowd.ben, post)
        marker = await say(crowd.alice, "after")

        assert (await told.next())[1]["id"] == str(marker.id)


@pytest.mark.parametrize(
    ("scopes", "name", "status"),
    [
        ("read:notifications", "user", 403),
        ("read:statuses", "user/notification", 403),
        ("write", "public", 403),
    ],
)
async def test_each_stream_asks_for_its_scope(place, crowd, scopes, name, status):
    client = await place.client(crowd.alice, scopes)

    assert (await client.get(f"{PATH}/{name}")).status == status


@pytest.mark.parametrize("name", ["user", "public", "public/local", "hashtag?tag=boat", "list?list=1", "direct"])
async def test_nobody_listens_without_a_token(place, name):
    assert (await place.stranger.get(f"{PATH}/{name}")).status == 401


@pytest.mark.parametrize(("name", "status"), [("hashtag", 422), ("list?list=x", 422), ("list?list=12", 404)])
async def test_what_cannot_be_listened_to_is_refused(crowd, name, status):
    assert (await crowd.app.get(f"{PATH}/{name}")).status == status
    assert crowd.place.exhibition.app.extensions[HUB].count == 0


async def test_somebody_elses_list_is_not_there(crowd):
    made = await crowd.once(make_list, crowd.site, crowd.ben, ListChange(title="friends"))

    assert (await crowd.app.get(f"{PATH}/list?list={made.id}")).status == 404


async def test_a_list_and_a_hashtag_are_told_of_theirs(crowd, say):
    await crowd.once(follow, crowd.site, crowd.alice, crowd.ben)
    made = await crowd.once(make_list, crowd.site, crowd.alice, ListChange(title="friends"))
    await crowd.once(add_to_list, crowd.site, crowd.alice, made.id, [crowd.ben.id])
    async with (
        listening(crowd.app, "list", query={"list": str(made.id)}) as on_list,
        listening(crowd.app, "hashtag", query={"tag": "Boat"}) as tagged,
        listening(crowd.app, "hashtag/local", query={"tag": "boat"}) as tagged_here,
    ):
        await say(crowd.alice, "mine")
        post = await say(crowd.ben, "a #boat")

        for told in (on_list, tagged, tagged_here):
            assert (await told.next())[1]["id"] == str(post.id)


async def test_a_tag_that_is_followed_is_told_at_home(crowd, say):
    await crowd.once(tags.follow, id=1, actor_id=crowd.alice.id, name="boat")
    async with listening(crowd.app, "user") as told:
        post = await say(crowd.ben, "a #boat")

        assert (await told.next())[1]["id"] == str(post.id)


async def test_public_posts_are_told_and_others_are_not(crowd, say):
    async with listening(crowd.app, "public") as everywhere, listening(crowd.app, "public/local") as here:
        for visibility in (Visibility.UNLISTED, Visibility.FOLLOWERS, Visibility.DIRECT):
            await say(crowd.ben, "quiet", visibility=visibility)
        post = await say(crowd.ben, "loud")

        for told in (everywhere, here):
            assert (await told.next())[1]["id"] == str(post.id)


async def test_pictures_alone_can_be_listened_to(crowd, say):
    async with listening(crowd.app, "public", query={"only_media": "true"}) as told:
        await say(crowd.ben, "words alone")
        post = await crowd.place.exhibition.hang(crowd.ben, "a boat")

        assert (await told.next())[1]["id"] == str(post.id)


@pytest.mark.parametrize("how", ["blocks", "mutes", "filters"])
async def test_what_one_does_not_want_is_not_told(crowd, say, how):
    if how == "blocks":
        await crowd.once(block, crowd.site, crowd.ben, crowd.alice)
    elif how == "mutes":
        await crowd.once(mutes.put, mutes.Mute(1, crowd.alice.id, crowd.ben.id, False, None, 1))
    else:
        wanted = FilterChange(title="no spoilers", places=("public",), action="hide")
        await crowd.once(make_filter, crowd.site, crowd.alice, wanted, [KeywordChange(keyword="spoiler")])
    async with listening(crowd.app, "public") as told:
        await say(crowd.ben, "a spoiler")
        post = await say(crowd.alice, "mine")

        assert (await told.next())[1]["id"] == str(post.id)


async def test_a_direct_message_is_told_as_a_conversation(crowd, say):
    # Messages of strangers are held back.
    await crowd.once(follow, crowd.site, crowd.alice, crowd.ben)
    async with listening(crowd.app, "direct") as told:
        await crowd.bens_app.post("/api/v1/statuses", {"status": "@alice psst", "visibility": "direct"})

        event, conversation = await told.next()

    assert (event, conversation["accounts"][0]["username"]) == ("conversation", "ben")


async def test_changed_filters_are_told(crowd):
    async with listening(crowd.app, "user") as told:
        await crowd.app.post("/api/v2/filters", [("title", "x"), ("context[]", "home")])

        assert await told.next() == ("filters_changed", "undefined")


async def test_a_revoked_token_ends_its_stream(crowd):
    async with listening(crowd.app, "user") as told:
        await crowd.once(tokens.revoke, hash_token(crowd.app.token), at=crowd.clock.now())

        assert await told.next() is None


async def test_the_stream_ends_when_the_server_leaves(crowd):
    async with listening(crowd.app, "user") as told:
        crowd.place.exhibition.app.extensions[STOPPING].set()

        assert await told.next() is None


async def test_a_stream_that_was_left_is_forgotten(crowd):
    hub = crowd.place.exhibition.app.extensions[HUB]
    async with listening(crowd.app, "user"):
        assert hub.count == 1

    assert hub.count == 0


async def test_one_person_has_so_many_streams_and_no_more(crowd):
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(LISTENERS_OF_ONE):
            await stack.enter_async_context(listening(crowd.app, "user"))

        assert (await crowd.app.get(f"{PATH}/user")).status == 429
        await stack.enter_async_context(listening(crowd.bens_app, "user"))


async def test_who_does_not_keep_up_is_dropped():
    listener = Listener(None)
    for _ in range(WAITING_AT_MOST + 1):
        listener.put(Frame(Stream("user"), "update", "{}"))

    assert listener.is_over
    assert await listener.next(within_seconds=1) is None


@contextlib.asynccontextmanager
async def served(app):
    """The application behind a real port; gives its address."""
    stop, up = asyncio.Event(), asyncio.Event()
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    config = WebConfig(host="127.0.0.1", port=port)
    serving = asyncio.create_task(serve(app, config, stop, on_up=up.set))
    try:
        await asyncio.wait_for(up.wait(), WITHIN_SECONDS)
        yield f"ws://127.0.0.1:{port}{PATH}"
    finally:
        stop.set()
        await asyncio.wait_for(serving, WITHIN_SECONDS)


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as opened:
        yield opened


async def heard(line):
    return msgspec.json.decode(await line.receive_str(timeout=WITHIN_SECONDS))


@pytest.mark.parametrize("where", ["query", "header", "protocol"])
async def test_a_socket_takes_its_token_where_clients_put_it(crowd, say, session, where):
    token = crowd.app.token
    query = {"stream": "public"} | ({"access_token": token} if where == "query" else {})
    headers = {"Authorization": f"Bearer {token}"} if where == "header" else {}
    protocols = [token] if where == "protocol" else []
    async with served(crowd.place.exhibition.app) as address:
        line = await session.ws_connect(address, params=query, headers=headers, protocols=protocols)
        post = await say(crowd.ben, "hello")

        frame = await heard(line)

        assert (frame["stream"], frame["event"]) == (["public"], "update")
        assert msgspec.json.decode(frame["payload"])["id"] == str(post.id)
        assert line.protocol == (token if where == "protocol" else None)


async def test_a_socket_carries_several_streams_until_they_are_left(crowd, say, session):
    async with served(crowd.place.exhibition.app) as address:
        line = await session.ws_connect(f"{address}/", params={"access_token": crowd.app.token})
        for asked in ({"stream": "user"}, {"stream": "hashtag", "tag": "boat"}):
            await line.send_json({"type": "subscribe", **asked})
        await line.send_json({"type": "unsubscribe", "stream": "user"})
        await line.send_json({"type": "subscribe", "stream": "nonsense"})
        assert (await heard(line))["error"] == "Unknown stream type"

        await say(crowd.alice, "mine")
        await say(crowd.ben, "a #boat")

        assert (await heard(line))["stream"] == ["hashtag", "boat"]


@pytest.mark.parametrize("said", ["no json", "[]", "{}", '{"type":"subscribe","stream":{}}', "x" * 10_000])
async def test_a_socket_survives_what_is_said_on_it(crowd, session, said):
    async with served(crowd.place.exhibition.app) as address:
        line = await session.ws_connect(address, params={"access_token": crowd.app.token})
        await line.send_str(said)
        await line.send_bytes(b"\x00\xff")
        await line.send_json({"type": "subscribe", "stream": "list", "list": 1})

        while (answer := await heard(line)).get("status") == 400:
            pass
        assert answer == {"error": "Record not found", "status": 404}


async def test_a_socket_is_refused_without_a_good_token(place, session):
    async with served(place.exhibition.app) as address:
        for query in ({}, {"access_token": "nobody's"}):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(address, params=query)
            assert refused.value.status == 401


async def test_a_socket_is_closed_when_the_server_stops(crowd, session):
    async with served(crowd.place.exhibition.app) as address:
        line = await session.ws_connect(address, params={"access_token": crowd.app.token, "stream": "user"})

    assert (await line.receive(timeout=WITHIN_SECONDS)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)


async def test_a_token_in_an_address_is_not_written_down(crowd, session, capsys):
    async with served(crowd.place.exhibition.app) as address:
        line = await session.ws_connect(address, params={"access_token": crowd.app.token, "stream": "user"})
        await line.close()

    written = capsys.readouterr()
    assert crowd.app.token not in written.out + written.err
