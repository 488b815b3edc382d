"""Server-sent events of inbox and outbox: what comes while somebody listens, and when the stream ends."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from quart.testing.connections import TestHTTPConnection as Connection

from server.federation.streams import STREAMS_OF_ONE
from server.passwords import hash_token
from server.store.clients import tokens
from tests.instance import run_jobs_until_idle
from tests.server.federation.conftest import Door

# Streams look once a second; nothing here waits for longer than some looks.
PATIENCE_SECONDS = 20
pytestmark = pytest.mark.timeout(60)


class Stream:
    """An open stream."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._text = ""

    async def next(self) -> tuple[str, dict[str, Any]]:
        """The next event: its name and what it says."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                block, found, rest = self._text.partition("\n\n")
                if not found:
                    self._text += (await self._connection.receive()).decode()
                    continue
                self._text = rest
                lines = dict(line.partition(": ")[::2] for line in block.splitlines())
                if "event" in lines:
                    return lines["event"], json.loads(lines["data"])

    async def end(self) -> bool:
        """Wait until the server ends it; say whether it did."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.shield(self._connection._task)
        return self._connection._task.done()


@pytest.fixture
async def listen(door: Door) -> AsyncIterator[Any]:
    """Open streams that are closed at the end."""
    opened: list[Connection] = []

    async def open_stream(path: str, *, query: str = "", authorization: str | None = None) -> Stream:
        headers = {"authorization": authorization} if authorization else {}
        client = door.house.app.test_client()
        connection = client.request(path + query, method="GET", headers=headers)
        await connection.__aenter__()
        opened.append(connection)
        await connection.send_complete()
        stream = Stream(connection)
        async with asyncio.timeout(PATIENCE_SECONDS):
            stream._text = (await connection.receive()).decode()
        return stream

    yield open_stream
    for connection in opened:
        await connection.disconnect()
        await connection.__aexit__(None, None, None)


async def test_the_outbox_tells_of_what_is_added(door: Door, listen):
    stream = await listen("/users/alice/outbox/events", authorization=await door.token())
    created = await door.do("Create", {"type": "Note", "content": "hello"})
    kind, event = await stream.next()
    assert (kind, event["type"], event["target"]) == ("Add", "Add", f"{door.alice.uri}/outbox")
    assert event["object"]["id"] == created["id"]


async def test_s128_a_token_may_stand_in_the_query(door: Door, listen):
    token = (await door.token()).removeprefix("Bearer ")
    stream = await listen("/users/alice/inbox/events", query=f"?access_token={token}")
    like = door.victor.activity("Like", (await door.write()).uri)
    await door.victor.send(like, f"{door.house.origin}/inbox")
    await run_jobs_until_idle(door.house)
    kind, event = await stream.next()
    assert (kind, event["object"]["id"]) == ("Add", like["id"])


async def test_a_revoked_token_ends_the_stream(door: Door, listen):
    token = await door.token()
    stream = await listen("/users/alice/outbox/events", authorization=token)
    async with door.house.database.write() as tx:
        await tokens.revoke(tx, hash_token(token.removeprefix("Bearer ")), at=door.now)
    assert await stream.end()


async def test_a_stranger_and_another_hear_nothing(door: Door):
    bob = await door.house.register("bob")
    assert (await door.ask("/users/alice/inbox/events")).status_code == 401
    answer = await door.ask("/users/alice/inbox/events", headers={"authorization": await door.token(bob)})
    assert answer.status_code == 403


async def test_nobody_opens_streams_without_end(door: Door, listen):
    token = await door.token()
    for _ in range(STREAMS_OF_ONE):
        await listen("/users/alice/outbox/events", authorization=token)
    answer = await door.ask("/users/alice/outbox/events", headers={"authorization": token})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
