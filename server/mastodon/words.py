"""Our words and Mastodon's for the same things: visibility, times, names. It must not look anything up."""

from activitypub.audience import Visibility
from server.ids import iso
from server.problems import Invalid
from server.store.people.actors import Actor

DAY_SECONDS = 86_400
_TO_THEIRS = {"followers": "private"}
_TO_OURS = {
    "public": Visibility.PUBLIC,
    "unlisted": Visibility.UNLISTED,
    "private": Visibility.FOLLOWERS,
    "direct": Visibility.DIRECT,
}


def show_visibility(ours: str) -> str:
    """Return Mastodon's word for who sees a post."""
    return _TO_THEIRS.get(ours, ours)


def read_visibility(theirs: str) -> Visibility:
    """Read Mastodon's word for who sees a post. Raises Invalid for any other."""
    if theirs not in _TO_OURS:
        raise Invalid("Visibility is not included in the list", field="visibility")
    return _TO_OURS[theirs]


def show_time(microseconds: int | None) -> str | None:
    """Write a time as clients read it; None stays None."""
    return None if microseconds is None else iso(microseconds)


def show_day(microseconds: int | None) -> str | None:
    """Write the day of a time, `2026-11-22`."""
    return None if microseconds is None else iso(microseconds)[:10]


def show_midnight(microseconds: int) -> str:
    """Write the beginning of the day of a time: when somebody came is nobody's business to the minute."""
    return f"{iso(microseconds)[:10]}T00:00:00.000Z"


def show_acct(actor: Actor) -> str:
    """Return somebody's handle as seen from here: without a host for our own."""
    return actor.username if actor.local else actor.handle
