"""Single fields of a peer's document, each taken with a limit or not at all.

It must not know which document a field belongs to. Whatever has the wrong kind counts as absent; only what a
document cannot do without raises Malformed.
"""

from collections.abc import Iterable, Iterator

from activitypub.errors import Malformed
from activitypub.vocabulary import PUBLIC, PUBLIC_NAMES, as_list, id_of, origin_of

Document = dict[str, object]

MAX_URI = 2048  # what web servers and databases agree to carry; Mastodon indexes no more
MAX_DATE = 40  # RFC 3339 with nine decimals and an offset has 35
MAX_RECIPIENTS = 1000  # ten times the mentions we read; a longer list is somebody trying (T53)


def field(document: Document, name: str) -> object:
    """The value under a name of the ActivityStreams vocabulary, also under its prefixed form."""
    value = document.get(name)
    return document.get(f"as:{name}") if value is None else value


def first(value: object) -> object:
    """The value itself, or the first of a list."""
    if isinstance(value, list):
        return value[0] if value else None
    return value


def text(document: Document, name: str, limit: int) -> str | None:
    """A string cut to `limit` characters; the first one of a list; None if empty."""
    value = first(field(document, name))
    return value[:limit] if isinstance(value, str) and value else None


def required_uri(document: Document, name: str) -> str:
    """The http(s) address under a name. Raises Malformed."""
    uri = uri_of(field(document, name))
    if uri is None:
        raise Malformed(f"expected an http(s) address as {name!r}")
    return uri


def document_id(document: Document) -> str:
    """The id of a whole document. Raises Malformed unless it is an http(s) address."""
    uri = uri_of(document)
    if uri is None:
        raise Malformed("expected an http(s) address as 'id'")
    return uri


def uri(document: Document, name: str) -> str | None:
    """The http(s) address of the first reference under a name."""
    return uri_of(first(field(document, name)))


def uri_of(value: object) -> str | None:
    """The http(s) address that a reference holds, if it does."""
    found = id_of(value)
    return found if found is not None and is_uri(found) else None


def is_uri(value: str) -> bool:
    """Whether it is an http(s) address that can be relied on."""
    if len(value) > MAX_URI:
        return False
    try:
        origin_of(value)
    except Malformed:
        return False
    return True


def uris(document: Document, name: str, limit: int) -> tuple[str, ...]:
    """The distinct http(s) addresses under a name, at most `limit`."""
    found = (uri_of(value) for value in as_list(field(document, name))[:limit])
    return tuple(dict.fromkeys(uri for uri in found if uri is not None))


def recipients(document: Document, name: str) -> tuple[str, ...]:
    """The addresses under to, cc or audience; the public in its one full spelling."""
    found: dict[str, None] = {}
    for value in as_list(field(document, name))[:MAX_RECIPIENTS]:
        recipient = id_of(value)
        if recipient in PUBLIC_NAMES:
            found[PUBLIC] = None
        elif recipient is not None and is_uri(recipient):
            found[recipient] = None
    return tuple(found)


def boolean(document: Document, name: str, *, default: bool = False) -> bool:
    """A JSON boolean and nothing that merely looks like one."""
    value = field(document, name)
    return value if isinstance(value, bool) else default


def integer(document: Document, name: str, *, least: int, most: int) -> int | None:
    """A whole number in a range, None outside of it."""
    value = field(document, name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        return None
    return int(value) if value == int(value) else None


def date(document: Document, name: str) -> str | None:
    """A date as it was written; whether it is one is for the caller, who has the clock."""
    value = first(field(document, name))
    return value if isinstance(value, str) and 0 < len(value) <= MAX_DATE else None


def objects(document: Document, name: str, limit: int) -> Iterator[Document]:
    """The JSON objects under a name, at most `limit` entries looked at."""
    return mappings(as_list(field(document, name))[:limit])


def mappings(values: Iterable[object]) -> Iterator[Document]:
    """Those of the values that are JSON objects."""
    return (value for value in values if isinstance(value, dict))


def media_url(value: object) -> str | None:
    """The address of a picture given as a string, a Link, an Image, or a list of these."""
    value = first(value)
    if isinstance(value, dict):
        inner = value.get("href", value.get("url"))
        return media_url(inner) if isinstance(inner, list | dict) else media_url_text(inner)
    return media_url_text(value)


def media_url_text(value: object) -> str | None:
    """The string if it is an http(s) address."""
    return value if isinstance(value, str) and is_uri(value) else None


def localised(document: Document, name: str, limit: int) -> tuple[str | None, str | None]:
    """The text under a name and its language, which the companion `…Map` tells."""
    plain = text(document, name, limit)
    spoken = field(document, f"{name}Map")
    if not isinstance(spoken, dict):
        return plain, None
    for language, value in spoken.items():
        if isinstance(value, str) and value and (plain is None or value[:limit] == plain):
            return value[:limit], language[:35]  # the longest well-formed language tag in use
    return plain, None
