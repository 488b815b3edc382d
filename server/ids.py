"""The only place that reads the clock and makes ids; both are handed in. It must not know what the ids are for."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

MICROSECONDS = 1_000_000
# Ids count milliseconds from here, so that they stay short and fit 63 bits until the year 2300.
EPOCH_MILLISECONDS = 1_704_067_200_000
SEQUENCE_BITS = 20
# 54 years of milliseconds become ten days of them.
PRESSED = 2000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Beyond these, years have three or five digits in UTC, and a peer's date of year 1 broke every page with its post.
_FIRST = (datetime(1000, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> int:
        """Return microseconds since 1970, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Return microseconds since 1970, UTC."""
        return time.time_ns() // 1000


class Ids:
    """Makes unique integers that sort by the time they were made.

    42 bits of milliseconds, then 20 bits that begin at random in every millisecond and count up, so that two
    processes of one instance do not meet.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def new(self) -> int:
        """Return an id greater than every id this object returned before."""
        milliseconds = self._clock.now() // 1000 - EPOCH_MILLISECONDS
        fresh = (milliseconds << SEQUENCE_BITS) | secrets.randbits(SEQUENCE_BITS - 1)
        self._last = max(fresh, self._last + 1)
        return self._last

    def at(self, microseconds: int) -> int:
        """Return an id for what is older than us: it sorts by when that was made, not by when it came here."""
        milliseconds = microseconds // 1000 - EPOCH_MILLISECONDS
        if milliseconds < 0:
            # All the years before ours are pressed into our first ten days, in their order.
            milliseconds = max(0, microseconds // 1000) // PRESSED
        return (milliseconds << SEQUENCE_BITS) | secrets.randbits(SEQUENCE_BITS)


def first_at(microseconds: int) -> int:
    """Return the smallest id that can be made at this moment."""
    return (microseconds // 1000 - EPOCH_MILLISECONDS) << SEQUENCE_BITS


def iso(microseconds: int) -> str:
    """Write a time as ActivityStreams wants it: `2026-11-22T10:00:00.000Z`."""
    moment = _EPOCH + timedelta(microseconds=microseconds)
    # Ten times quicker than strftime, and a timeline has sixty of them.
    return moment.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def parse_iso(text: str | None) -> int | None:
    """Read an ISO 8601 time into microseconds; None where it is absent, unreadable, or has no year of four digits."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    # Not by timestamp(): its float loses the last microsecond of one time in eighty.
    microseconds = (moment - _EPOCH) // timedelta(microseconds=1)
    return microseconds if _FIRST <= microseconds <= _LAST else None
