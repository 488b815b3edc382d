"""Names of the ActivityStreams vocabulary, and the few ways of taking a JSON-LD value apart.

It must not know what any activity means.
"""

import re
from functools import lru_cache

from activitypub.errors import Malformed

AS2 = "https://www.w3.org/ns/activitystreams"
SECURITY = "https://w3id.org/security/v1"
MULTIKEY = "https://w3id.org/security/multikey/v1"
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v1"

PUBLIC = AS2 + "#Public"
PUBLIC_NAMES = frozenset({PUBLIC, "as:Public", "Public"})

MEDIA_TYPE = "application/activity+json"
LD_MEDIA_TYPE = f'application/ld+json; profile="{AS2}"'
# Mitra answers the profiled form only, GoToSocial and Mastodon both; the profiled form is the one the standard names.
ACCEPT = f"{LD_MEDIA_TYPE}, {MEDIA_TYPE}"

# What an object link (FEP-e232) is to a quoting post.
QUOTE_REL = "https://misskey-hub.net/ns#_misskey_quote"

ACTOR_TYPES = frozenset({"Application", "Group", "Organization", "Person", "Service"})
NOTE_TYPES = frozenset({"Article", "Audio", "Document", "Event", "Image", "Note", "Page", "Question", "Video"})
COLLECTION_TYPES = frozenset({"Collection", "CollectionPage", "OrderedCollection", "OrderedCollectionPage"})

_URI = re.compile(r"(https?)://([^/?#\\]*)(?:[/?#].*)?\Z", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\\<>\"]")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_IPV6 = re.compile(r"\[[0-9a-f:]{2,39}\]\Z")
_PORT = re.compile(r"[0-9]{1,5}\Z")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST_CHARACTERS = 253  # the longest name that DNS can carry
_PROFILE = re.compile(r';\s*profile\s*=\s*(?:"([^"]*)"|([^\s;"]+))', re.IGNORECASE)


def as_list(value: object) -> list[object]:
    """A JSON-LD value as a list: absent is empty, one value is a list of one (GoToSocial writes such lists bare)."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def id_of(value: object) -> str | None:
    """The id of a reference, written as a string, as an object with an id, or as a list of one of these."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("id", value.get("@id"))
    return value if isinstance(value, str) and value else None


def types_of(value: object) -> tuple[str, ...]:
    """The type names of an object in their short form; empty when it has none."""
    if not isinstance(value, dict):
        return ()
    return tuple(short_name(name) for name in as_list(value.get("type", value.get("@type"))) if isinstance(name, str))


def short_name(name: str) -> str:
    """`Note` for `as:Note` and for its full address."""
    return name.removeprefix("as:").removeprefix(AS2 + "#")


def is_as2_media_type(content_type: str) -> bool:
    """Whether a body of this Content-Type may be believed to be ActivityStreams.

    Plain `application/json` and ld+json without the profile may not: an upload could be served as
    either (CVE-2024-25623).
    """
    name = content_type.partition(";")[0].strip().lower()
    if name == MEDIA_TYPE:
        return True
    if name != "application/ld+json":
        return False
    found = _PROFILE.search(content_type)
    return found is not None and AS2 in (found[1] or found[2] or "").split()


@lru_cache(maxsize=4096)  # an activity names the same few addresses a dozen times; some 300 bytes each
def origin_of(uri: str) -> str:
    """`scheme://host[:port]` of an http(s) address, in the one spelling that may be compared.

    Raises Malformed for everything two readers could understand differently: user names, a trailing dot,
    control characters, backslashes, hosts that IDNA would change into another name.
    """
    found = None if _UNSAFE.search(uri) else _URI.match(uri)
    if found is None:
        raise Malformed(f"not an http(s) address: {uri[:200]!r}")
    return _read_origin(found[1].lower(), found[2])


def host_of(uri: str) -> str:
    """The host of an http(s) address with its port if that is unusual: what stands after the second @ of a handle."""
    return origin_of(uri).partition("://")[2]


def domain_of(host: str) -> str:
    """Return the last two labels of a host name: a server may have any number of names below its own (T54).

    Under a suffix like co.uk strangers share a turn; there are enough for that. An address with a port stays whole.
    """
    if ":" in host or host.rpartition(".")[2].isdecimal():
        return host
    return ".".join(host.split(".")[-2:])


def read_host(text: str) -> str:
    """A host name with an optional port, as `host_of` would write it. Raises Malformed."""
    host, port = _split_authority(text)
    return host if port is None or port == _DEFAULT_PORTS["https"] else f"{host}:{port}"


def same_origin(one: str, other: str) -> bool:
    """Whether both are addresses of one origin; what cannot be read is of none."""
    try:
        return origin_of(one) == origin_of(other)
    except Malformed:
        return False


def without_fragment(uri: str) -> str:
    """The address of the document in which the thing is described."""
    return uri.partition("#")[0]


@lru_cache(maxsize=4096)  # the hosts of a day
def _read_origin(scheme: str, authority: str) -> str:
    host, port = _split_authority(authority)
    if port is None or port == _DEFAULT_PORTS[scheme]:
        return f"{scheme}://{host}"
    return f"{scheme}://{host}:{port}"


def _split_authority(authority: str) -> tuple[str, int | None]:
    name, colon, digits = authority.rpartition(":")
    if not colon or (authority.startswith("[") and authority.endswith("]")):
        return _read_host_name(authority), None
    if not _PORT.match(digits) or not 0 < int(digits) < 65536:
        raise Malformed(f"not a host: {authority[:200]!r}")
    return _read_host_name(name), int(digits)


def _read_host_name(name: str) -> str:
    if not name.isascii():
        name = _to_ascii(name)
    name = name.lower()
    if len(name) > _HOST_CHARACTERS or not (_NAME.match(name) or _IPV6.match(name)):
        raise Malformed(f"not a host: {name[:200]!r}")
    return name


def _to_ascii(name: str) -> str:
    """The punycode form of a host name, if it says the same name and no other.

    The standard library speaks the old IDNA, in which ß becomes ss; a fetcher that speaks the new one would
    ask a different host. Names on which the two could differ are refused.
    """
    try:
        encoded = name.encode("idna").decode("ascii")
        decoded = encoded.encode("ascii").decode("idna")
    except UnicodeError as error:
        raise Malformed(f"not a host: {name[:200]!r}") from error
    if decoded != name.lower():
        raise Malformed(f"not a host in its plain spelling: {name[:200]!r}")
    return encoded
