"""Sends requests that are ready as bytes, over many connections, as fast as they are answered. It must not measure.

A client library costs three times what our server does; the server would wait, and its shared commit share nothing.
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import cast
from urllib.parse import urlsplit

import uvloop

from tests.bench.senders import Letter

CONNECTIONS = 32
_END = b"\r\n\r\n"


def pump(letters: Sequence[Letter]) -> dict[int, int]:
    """Send every letter once; return how many got which status. Answers must be without body."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_pump(letters))


async def _pump(letters: Sequence[Letter]) -> dict[int, int]:
    address = urlsplit(letters[0].url)
    waiting = iter([_as_bytes(letter) for letter in letters])
    loop = asyncio.get_running_loop()
    lines = [_Line(waiting, loop.create_future()) for _ in range(min(CONNECTIONS, len(letters)))]
    for line in lines:
        await loop.create_connection(lambda line=line: line, address.hostname, address.port)
    counts: dict[int, int] = {}
    for line in lines:
        for status in await line.done:
            counts[status] = counts.get(status, 0) + 1
    return counts


def _as_bytes(letter: Letter) -> bytes:
    address = urlsplit(letter.url)
    headers = letter.headers | {"content-length": str(len(letter.body)), "user-agent": "pump", "accept": "*/*"}
    lines = [f"POST {address.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + _END + letter.body


class _Line(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, waiting: Iterator[bytes], done: "asyncio.Future[list[int]]") -> None:
        self.done = done
        self._waiting = waiting
        self._statuses: list[int] = []
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transport does all that asyncio's does and is none by descent.
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._heard += data
        if self._heard.endswith(_END):
            self._statuses.append(int(self._heard[9:12]))
            self._heard = b""
            self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server hung up"))

    def _send(self) -> None:
        request = next(self._waiting, None)
        if request is not None:
            self._transport.write(request)
            return
        self.done.set_result(self._statuses)
        self._transport.close()
