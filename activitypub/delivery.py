"""What an answer to a delivery means, and how long to wait before the next try.

It must not count tries or rest hosts: the worker keeps those. Delays add up to three days, so that a server may be
down over a weekend and lose nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from enum import StrEnum

from activitypub.signatures import asks_for_messages

# Seconds before each further try: quick at first for a restart, slow later for an outage. 69 hours in all, as
# Mastodon's sixteen tries take 2 to 3 days; Akkoma gives up after one day and GoToSocial after seconds, which
# loses posts.
BACKOFF_SECONDS = (30, 120, 300, 900, 3600, 7200, 14_400, 28_800, 43_200, 64_800, 86_400)
MAX_ATTEMPTS = len(BACKOFF_SECONDS) + 1
# A quarter is enough to spread the peers of a host that comes back, and keeps the order of the steps.
JITTER_SHARE = 0.25
# GoToSocial asks for 30 s, rate limits for minutes. Longer than this is a mistake or a trick to fill our queue.
MAX_RETRY_AFTER_SECONDS = 6 * 3600

_MICROSECONDS = 1_000_000
_PASSING = frozenset({401, 408, 429})


class Kind(StrEnum):
    """What becomes of a delivery after one answer."""

    DELIVERED = "delivered"
    LATER = "later"
    GONE = "gone"
    REFUSED = "refused"
    KNOCK_AGAIN = "knock_again"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer understood. `after_seconds` is the wait that the peer asked for, None where it left that to us."""

    kind: Kind
    after_seconds: int | None = None


def classify(status: int | None, headers: Mapping[str, str], now: int, *, both_forms: bool = False) -> Outcome:
    """What an answer means. `status` is None when none came; `headers` have lower-case names; `now` in microseconds.

    A 401 means the other form of signature should be tried at once, and so does another refusal that asks for
    RFC 9421; when `both_forms` were tried, the trouble is
    likely the peer's own (our key cannot be fetched there just now) and passes.
    """
    if status is None:
        return Outcome(Kind.LATER)
    if 200 <= status < 300:
        return Outcome(Kind.DELIVERED)
    if status == 410:
        return Outcome(Kind.GONE)
    if not both_forms and (status == 401 or (status in (400, 403) and asks_for_messages(headers))):
        return Outcome(Kind.KNOCK_AGAIN)
    if status == 501 or (400 <= status < 500 and status not in _PASSING):
        return Outcome(Kind.REFUSED)
    return Outcome(Kind.LATER, retry_after_seconds(headers.get("retry-after"), now))


def retry_after_seconds(value: str | None, now: int) -> int | None:
    """Retry-After as seconds or as a date (RFC 9110 section 10.2.3), capped; None if absent, past or unreadable."""
    if value is None:
        return None
    text = value.strip()
    # Twelve digits say all that the cap lets through; int() refuses thousands of them.
    seconds = int(text[:12]) if text.isascii() and text.isdigit() else _seconds_until(text, now)
    return min(seconds, MAX_RETRY_AFTER_SECONDS) if seconds > 0 else None


def backoff_seconds(attempt: int, jitter: float) -> int:
    """How long to wait after the given number of failed tries (from 1); `jitter` from 0 to 1 is the caller's dice."""
    step = BACKOFF_SECONDS[min(max(attempt, 1), len(BACKOFF_SECONDS)) - 1]
    return step + int(step * JITTER_SHARE * min(max(jitter, 0.0), 1.0))


def _seconds_until(text: str, now: int) -> int:
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC)
        return int(moment.timestamp()) - now // _MICROSECONDS
    except (ValueError, OverflowError):
        return 0
