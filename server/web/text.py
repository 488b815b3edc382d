"""Turns stored values into words for people. It must not mark anything safe but what was sanitised on its way in."""

from markupsafe import Markup

from server.html import plain_text
from server.ids import MICROSECONDS, iso

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def trust(sanitised_html: str | None) -> Markup:
    """Mark as safe what `server.html` cleaned before it was stored: the content of posts and the summary of people."""
    return Markup(sanitised_html or "")  # noqa: S704 - the one place; nothing else of the door makes Markup


def plain(html: str | None, limit: int = 300) -> str:
    """Return the text of some HTML in one line, cut at a word."""
    return cut(" ".join(plain_text(html or "").split()), limit)


def outside(address: str | None) -> str | None:
    """Return an address of a peer if it is a web address; anything else is no link."""
    return address if address and address.startswith(("https://", "http://")) else None


def cut(text: str | None, limit: int = 300) -> str:
    """Shorten a text at a word and show that it goes on."""
    text = text or ""
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def ago(then: int, now: int) -> str:
    """Say how long ago it was: `now`, `5 min`, `3 h`, `4 d`, or the date."""
    seconds = (now - then) // MICROSECONDS
    if seconds < _MINUTE:
        return "now"
    for limit, unit, name in ((_HOUR, _MINUTE, "min"), (_DAY, _HOUR, "h"), (7 * _DAY, _DAY, "d")):
        if seconds < limit:
            return f"{seconds // unit} {name}"
    return day(then)


def day(moment: int) -> str:
    """Write the date: `22 November 2026`."""
    year, month, date = iso(moment)[:10].split("-")
    return f"{int(date)} {_MONTHS[int(month) - 1]} {year}"


def year(moment: int) -> str:
    """Write the year alone, as beside a signature."""
    return iso(moment)[:4]


def seconds(value: float) -> str:
    """Write a duration: `8 s`, `3 min`."""
    if value < 90:
        return f"{max(1, round(value))} s"
    return f"{round(value / _MINUTE)} min"


def count(number: int) -> str:
    """Write a number that fits a button: `999`, `1.2k`, `3M`."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number / size:.1f}".removesuffix(".0") + letter
    return str(number)


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
