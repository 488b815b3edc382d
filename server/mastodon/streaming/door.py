"""The streaming API: server-sent events, and a WebSocket that carries several streams. What is told is the hub's."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import msgspec
from quart import Quart, Response, current_app, websocket

from server.mastodon import answers
from server.mastodon.call import Call
from server.mastodon.route import Route
from server.mastodon.streaming.hub import Hub, Listener
from server.mastodon.streaming.streams import PUBLIC, Stream, check_scope, read_stream
from server.oauth.bearer import BadToken, Bearer, read_bearer
from server.problems import Problem
from server.services import Services

# Mastodon's; proxies close what is silent for a minute.
BEAT_SECONDS = 15.0
# A subscription has a hundred bytes.
MESSAGE_LETTERS_AT_MOST = 4096
PATH = "/api/v1/streaming"
HUB = "pinxit.hub"
# Set when the process is to leave; the web pages' streams wait for the same.
STOPPING = "pinxit.stopping"


class TagParams(msgspec.Struct, kw_only=True):
    """Which hashtag."""

    tag: str = ""


class ListParams(msgspec.Struct, kw_only=True):
    """Which list."""

    list: str = ""


class PublicParams(msgspec.Struct, kw_only=True):
    """Which public posts."""

    only_media: bool = False


class Message(msgspec.Struct, kw_only=True):
    """What a client says on a WebSocket."""

    type: str
    stream: str = ""
    tag: str | None = None
    list: str | int | None = None


def register(app: Quart, services: Services) -> None:
    """Mount the WebSocket and make the hub that all streams share."""
    stopping: asyncio.Event = app.extensions.setdefault(STOPPING, asyncio.Event())
    hub = app.extensions[HUB] = Hub(services, stopping)
    for path in (PATH, f"{PATH}/"):
        app.add_websocket(path, endpoint=f"mastodon:socket:{path}", view_func=partial(_converse, services, hub))


async def show_health(call: Call) -> Response:
    """Say that streams can be had."""
    return Response("OK", content_type="text/plain; charset=utf-8")


async def _stream(call: Call, stream: Stream) -> Response:
    """Answer with a stream that goes on until the client leaves, the token is revoked or the server stops."""
    if call.bearer is None:
        raise BadToken("Missing access token")
    check_scope(call.bearer, stream)
    hub: Hub = current_app.extensions[HUB]
    listener = await hub.join(call.bearer)
    try:
        await hub.subscribe(listener, stream)
    except Problem:
        hub.leave(listener)
        raise
    headers = {"Cache-Control": "private, no-store", "X-Accel-Buffering": "no"}
    response = Response(_events(hub, listener), content_type="text/event-stream; charset=utf-8", headers=headers)
    # Quart ends an answer after a minute; this one ends by itself.
    response.timeout = None
    return response


async def _events(hub: Hub, listener: Listener) -> AsyncIterator[bytes]:
    try:
        yield b":)\n\n"
        while True:
            try:
                frame = await listener.next(within_seconds=BEAT_SECONDS)
            except TimeoutError:
                yield b":thump\n\n"
                continue
            if frame is None:
                return
            yield frame.as_event()
    finally:
        hub.leave(listener)


async def _converse(services: Services, hub: Hub) -> Response | None:
    """Take a WebSocket, whose client says what it listens to, at first in the query and then in messages."""
    protocol = next(iter(websocket.requested_subprotocols), "")
    try:
        bearer = await _read_token(services, protocol)
        listener = await hub.join(bearer)
    except Problem as problem:
        return answers.refuse(problem)
    try:
        if name := websocket.args.get("stream"):
            asked = Message(
                type="subscribe", stream=name, tag=websocket.args.get("tag"), list=websocket.args.get("list")
            )
            await hub.subscribe(listener, _read(asked))
        # A browser takes no socket whose offered protocol was not agreed to.
        await websocket.accept(subprotocol=protocol or None)
        await _until_first(_hear(hub, listener), _speak(listener))
    except Problem as problem:
        return answers.refuse(problem)
    finally:
        hub.leave(listener)
    return None


async def _read_token(services: Services, protocol: str) -> Bearer:
    async with services.database.read() as reader:
        bearer = await read_bearer(
            reader,
            services.site,
            websocket.headers.get("Authorization"),
            query_token=websocket.args.get("access_token") or protocol,
        )
    if bearer is None:
        raise BadToken("Missing access token")
    return bearer


async def _until_first(*sides: Awaitable[None]) -> None:
    """Run both sides of a conversation until one of them ends."""
    tasks = [asyncio.ensure_future(side) for side in sides]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)


async def _speak(listener: Listener) -> None:
    while True:
        with contextlib.suppress(TimeoutError):
            frame = await listener.next(within_seconds=BEAT_SECONDS)
            if frame is None:
                await websocket.close(1000)
                return
            await websocket.send(frame.as_message())


async def _hear(hub: Hub, listener: Listener) -> None:
    while True:
        said = await websocket.receive()
        try:
            await _obey(hub, listener, said)
        except (Problem, msgspec.MsgspecError) as refusal:
            status = refusal.status if isinstance(refusal, Problem) else 400
            await websocket.send(msgspec.json.encode({"error": str(refusal), "status": status}).decode())


async def _obey(hub: Hub, listener: Listener, said: Any) -> None:
    if not isinstance(said, str) or len(said) > MESSAGE_LETTERS_AT_MOST:
        return
    message = msgspec.json.decode(said, type=Message)
    if message.type == "subscribe":
        await hub.subscribe(listener, _read(message))
    elif message.type == "unsubscribe":
        listener.streams.pop(_read(message), None)


def _read(message: Message) -> Stream:
    list_id = None if message.list is None else str(message.list)
    return read_stream(message.stream, tag=message.tag, list_id=list_id)


def _plain(name: str) -> Callable[[Call], Awaitable[Response]]:
    async def handler(call: Call) -> Response:
        """Tell what happens there, as Server-Sent Events, until the client leaves."""
        return await _stream(call, Stream(name))

    return handler


def _public(name: str) -> Callable[[Call, PublicParams], Awaitable[Response]]:
    async def handler(call: Call, params: PublicParams) -> Response:
        """Tell what happens there, as Server-Sent Events, until the client leaves."""
        return await _stream(call, Stream(f"{name}:media" if params.only_media else name))

    return handler


def _tag(name: str) -> Callable[[Call, TagParams], Awaitable[Response]]:
    async def handler(call: Call, params: TagParams) -> Response:
        """Tell what happens there, as Server-Sent Events, until the client leaves."""
        return await _stream(call, read_stream(name, tag=params.tag))

    return handler


async def stream_list(call: Call, params: ListParams) -> Response:
    """Stream what comes to one of my lists."""
    return await _stream(call, read_stream("list", list_id=params.list))


ROUTES = (
    Route("GET", f"{PATH}/health", show_health, None, "anyone", gives=str),
    Route("GET", f"{PATH}/user", _plain("user"), "read:statuses", "person", gives=str),
    Route("GET", f"{PATH}/user/notification", _plain("user:notification"), "read:notifications", "person", gives=str),
    Route("GET", f"{PATH}/direct", _plain("direct"), "read:statuses", "person", gives=str),
    Route("GET", f"{PATH}/list", stream_list, "read:statuses", "person", ListParams, gives=str),
    Route("GET", f"{PATH}/hashtag", _tag("hashtag"), "read:statuses", "app", TagParams, gives=str),
    Route("GET", f"{PATH}/hashtag/local", _tag("hashtag:local"), "read:statuses", "app", TagParams, gives=str),
    *(
        Route("GET", f"{PATH}/{name.replace(':', '/')}", _public(name), "read:statuses", "app", PublicParams, gives=str)
        for name in PUBLIC
        if not name.endswith(":media")
    ),
)
