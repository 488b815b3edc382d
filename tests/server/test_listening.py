"""A real socket on loopback, and whoever talks to it as they should not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
import uvicorn
from uvicorn.server import ServerState

from server.listening import HEAD_BYTES_AT_MOST, BoundedProtocol


class Hasty(BoundedProtocol):
    head_seconds = 0.05


async def _greet(scope, receive, send):
    size = 0
    more = True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = str(size).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@contextlib.asynccontextmanager
async def connected(
    protocol: type[BoundedProtocol],
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    config = uvicorn.Config(_greet, http=protocol, lifespan="off", log_config=None)
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(lambda: protocol(config, state, {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        server.close()
        await server.wait_closed()


async def _status(reader: asyncio.StreamReader) -> int:
    line = await reader.readline()
    return int(line.split()[1]) if line else 0


async def _pour(writer: asyncio.StreamWriter, piece: bytes, times: int) -> None:
    """Write until it is done or the other side will not have it."""
    with contextlib.suppress(ConnectionError):
        for _ in range(times):
            writer.write(piece)
            await writer.drain()


async def test_a_request_with_a_large_body_is_read_whole_and_so_is_the_next():
    async with connected(BoundedProtocol) as (reader, writer):
        for size in (500_000, 3, 0):
            writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % size + b"a" * size)
            assert await _status(reader) == 200
            await reader.readuntil(b"\r\n\r\n")
            assert int(await reader.readexactly(len(str(size)))) == size


@pytest.mark.parametrize(
    "beginning", [b"GET /", b"GET / HTTP/1.1\r\nx: ", b"GET / HTTP/1.1\r\nx: y\r\n"], ids=["target", "value", "lines"]
)
async def test_t48_a_head_without_end_is_not_kept(beginning):
    piece = b"x: " + b"a" * 1000 + b"\r\n" if beginning.endswith(b"\n") else b"a" * 1000
    async with connected(BoundedProtocol) as (reader, writer):
        writer.write(beginning)
        await writer.drain()
        pouring = asyncio.create_task(_pour(writer, piece, 4 * HEAD_BYTES_AT_MOST // 1000 + 1000))
        with contextlib.suppress(ConnectionError):
            assert await _status(reader) in (0, 431)
            assert await reader.read() is not None
        await pouring


@pytest.mark.parametrize("beginning", [b"", b"G", b"GET / HTTP/1.1\r\nhost: x\r\n"])
async def test_t48_a_head_that_drips_is_not_waited_for(beginning):
    async with connected(Hasty) as (reader, writer):
        writer.write(beginning)

        assert await _status(reader) == 408
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.read() == b""


async def test_t48_the_second_head_of_a_connection_is_not_waited_for_either():
    async with connected(Hasty) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        assert await _status(reader) == 200
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(1)
        writer.write(b"GET / HT")

        assert await _status(reader) == 408


@pytest.mark.parametrize(
    "head",
    [
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nfoo : bar\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nfoo: bar\r\n  baz\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nfoo: b\x00r\r\n\r\n",
        b"GET /\xc3\xa9 HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET / HTTP/1.1\nhost: x\n\n",
    ],
)
async def test_what_two_servers_in_a_row_would_read_differently_is_refused(head):
    async with connected(BoundedProtocol) as (reader, writer):
        writer.write(head)

        assert await _status(reader) == 400
