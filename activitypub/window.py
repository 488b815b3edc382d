"""How old a signature may be, and how HTTP dates are written.

Must not read the clock: `now` comes from the caller, in microseconds since 1970, UTC.
"""

from datetime import date
from email.utils import formatdate
from functools import lru_cache

from activitypub.errors import BadSignature, Malformed

# Mastodon's numbers (app/lib/signed_request.rb). Its documentation speaks of twelve hours, its code grants
# five minutes to a signature that names no end, an end of its own choosing up to twelve hours, and an hour of
# clock difference at both sides. That is the widest reading that means anything: no sender can live with less
# generous peers than Mastodon, so none needs more from us, and a replay inside the window meets the inbox's
# memory of activity ids.
LIFETIME_SECONDS = 5 * 60
MAX_LIFETIME_SECONDS = 12 * 60 * 60
CLOCK_SKEW_SECONDS = 60 * 60

_MONTHS = {
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6,
    "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12,
}  # fmt: skip
_EPOCH = date(1970, 1, 1).toordinal()


def check_window(created: int, expires: int | None, now: int) -> None:
    """Refuse what is not valid now. `created` and `expires` are in seconds, `now` in microseconds."""
    seconds = now // 1_000_000
    if expires is None:
        expires = created + LIFETIME_SECONDS
    elif expires < created:
        raise BadSignature("the signature expires before it is created")
    if created > seconds + CLOCK_SKEW_SECONDS:
        raise BadSignature("the signature is from the future")
    if seconds > min(expires, created + MAX_LIFETIME_SECONDS) + CLOCK_SKEW_SECONDS:
        raise BadSignature("the signature has expired")


def http_date(now: int) -> str:
    """Write a moment as `Date` has it."""
    return formatdate(now // 1_000_000, usegmt=True)


@lru_cache(maxsize=256)
def read_http_date(text: str) -> int:
    """Read `Sun, 06 Nov 1994 08:49:37 GMT` into seconds; the obsolete forms of RFC 9110 are not read.

    By hand, as the standard library's reader costs as much as half the RSA verification it guards; and cached, as
    many requests are of the same few seconds.
    """
    if len(text) != 29 or text[16] != " " or text[19] != ":" or text[22] != ":" or text[25:] != " GMT":
        raise Malformed("Date is not in the form of HTTP")
    try:
        hour, minute, second = int(text[17:19]), int(text[20:22]), int(text[23:25])
        midnight = _midnight(text[:16])
    except ValueError as error:
        raise Malformed("Date names no moment") from error
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second <= 60):
        raise Malformed("Date names no time of day")
    return midnight + hour * 3600 + minute * 60 + second


@lru_cache(maxsize=16)
def _midnight(text: str) -> int:
    """Read `Sun, 06 Nov 1994`; cached, as nearly all requests are of today."""
    month = _MONTHS.get(text[8:11])
    if month is None or text[3:5] != ", " or text[7] != " " or text[11] != " ":
        raise ValueError("not a day")
    return (date(int(text[12:16]), month, int(text[5:7])).toordinal() - _EPOCH) * 86400


def read_seconds(text: str) -> int:
    """Read `created` or `expires`: whole seconds, written in digits (so neither NaN nor negative)."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise Malformed("created and expires are whole seconds")
    return int(text)
