"""Who a document is for: visibility against to/cc, who may see it, and which inboxes it goes to.

It must not know where followers or blocks are kept: the caller looks them up and says.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from activitypub.vocabulary import PUBLIC, PUBLIC_NAMES


class Visibility(StrEnum):
    """How wide an object may spread, from everybody to those it names."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    FOLLOWERS = "followers"
    DIRECT = "direct"


_WIDTH = {Visibility.DIRECT: 0, Visibility.FOLLOWERS: 1, Visibility.UNLISTED: 2, Visibility.PUBLIC: 3}


def address(
    visibility: Visibility, followers_uri: str, mentioned: Iterable[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The `to` and `cc` by which every peer recognises the visibility; each recipient stands there once."""
    named = tuple(dict.fromkeys(mentioned))
    if visibility is Visibility.PUBLIC:
        return (PUBLIC,), (followers_uri, *named)
    if visibility is Visibility.UNLISTED:
        return (followers_uri,), (PUBLIC, *named)
    if visibility is Visibility.FOLLOWERS:
        return (followers_uri,), named
    return named, ()


def visibility_of(to: Iterable[str], cc: Iterable[str], followers_uri: str | None) -> Visibility:
    """The visibility that a `to` and `cc` mean; what names neither the public nor the followers is direct."""
    first, second = frozenset(to), frozenset(cc)
    if first & PUBLIC_NAMES:
        return Visibility.PUBLIC
    if second & PUBLIC_NAMES:
        return Visibility.UNLISTED
    if followers_uri is not None and followers_uri in first | second:
        return Visibility.FOLLOWERS
    return Visibility.DIRECT


def narrower(one: Visibility, other: Visibility) -> Visibility:
    """The one that fewer people see: an answer is never wider than its question."""
    return min(one, other, key=_WIDTH.__getitem__)


def is_open(visibility: Visibility) -> bool:
    """Whether anybody at all may see it, so that it may be shared, indexed and previewed."""
    return visibility in (Visibility.PUBLIC, Visibility.UNLISTED)


def may_see(
    visibility: Visibility,
    *,
    viewer: str | None,
    author: str,
    follows_author: bool,
    addressed: Collection[str],
    blocked: bool = False,
) -> bool:
    """Whether this viewer may see an object: the one answer that every door asks for.

    `viewer` is an actor's uri or None for a stranger. `follows_author` means a follow that the author has
    *accepted*; a pending one shows nothing (CVE-2025-30741). `addressed` are the uris in to and cc.
    `blocked` is a block between author and viewer, in either direction.
    """
    if viewer is None:
        return is_open(visibility)
    if viewer == author:
        return True
    if blocked:
        return False
    if is_open(visibility) or viewer in addressed:
        return True
    return visibility is Visibility.FOLLOWERS and follows_author


def choose_inboxes(recipients: Iterable[tuple[str, str | None]], *, shared: bool) -> list[str]:
    """The distinct inboxes for recipients given as (inbox, shared inbox), in the order first met.

    `shared` says whether everybody on a server may get it together: true for public and followers-only
    objects; false for direct ones, which would otherwise depend on the peer sorting them out.
    """
    return list(dict.fromkeys(common if shared and common else inbox for inbox, common in recipients))


def strip_blind(document: Mapping[str, object]) -> dict[str, object]:
    """A copy without bto and bcc, on the activity and on every object inside it."""
    kept = {name: value for name, value in document.items() if name not in ("bto", "bcc")}
    if "object" in kept:
        kept["object"] = _strip_inner(kept["object"])
    return kept


def _strip_inner(value: object) -> object:
    if isinstance(value, Mapping):
        return strip_blind(value)
    if isinstance(value, list):
        return [_strip_inner(entry) for entry in value]
    return value
