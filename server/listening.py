"""Takes connections: HTTP as uvicorn reads it, with bounds on what comes before a body. It must not answer requests.

Uvicorn gathers a request's head for as long as it comes and however large it grows. A proxy in front has bounds of its
own, but nobody should need one to be safe.
"""

from asyncio import Transport
from asyncio.events import TimerHandle
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# Ours and our peers' heads have about 2 KB, with a long cookie 8; nginx takes 32 KB by default.
HEAD_BYTES_AT_MOST = 64 * 1024
# For one whole head. What an honest sender needs is the time of one packet; Apache gives it 20 to 40 seconds.
HEAD_SECONDS = 20.0

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """One connection, which is closed when a head grows too large or takes too long (T48)."""

    head_seconds = HEAD_SECONDS

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._in_head = True
        self._just_begun = False
        self._head_bytes = 0
        self._clock: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._start_clock()

    def data_received(self, data: bytes) -> None:
        """Read on. A piece with no head's beginning nor end in it is all head; the one it begins in is not counted."""
        super().data_received(data)
        if not self._in_head:
            return
        self._head_bytes = 0 if self._just_begun else self._head_bytes + len(data)
        self._just_begun = False
        if self._head_bytes > HEAD_BYTES_AT_MOST:
            self._end(_TOO_LARGE)
        elif self._clock is None:
            self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clock."""
        self._stop_clock()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A head begins."""
        self._in_head = self._just_begun = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head ends. Until the next one's first byte uvicorn's own clock waits."""
        self._in_head = self._just_begun = False
        self._stop_clock()
        super().on_headers_complete()

    def _start_clock(self) -> None:
        self._clock = self.loop.call_later(self.head_seconds, self._end, _TOO_SLOW)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _end(self, answer: bytes) -> None:
        self._stop_clock()
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(answer)
        self.transport.close()
