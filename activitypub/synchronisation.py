"""FEP-8fcf: followers-only posts carry a digest of the followers a peer should have, so that both can compare.

It must not fetch or change a follow: it makes, reads and compares the header's figures.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from activitypub.errors import Forbidden, Malformed
from activitypub.fields import is_uri
from activitypub.vocabulary import same_origin

HEADER = "collection-synchronization"
MAX_HEADER = 8192  # two addresses and a digest; HTTP servers allow no longer line

_PART = re.compile(r'\s*([A-Za-z]+)\s*=\s*"([^"\\]*)"\s*(?:,|\Z)')
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True)
class Synchronisation:
    """What a peer says: its followers collection, the part of it that lies with us, and that part's digest."""

    collection_id: str
    url: str
    digest: str


def digest_of(follower_uris: Iterable[str]) -> str:
    """The followers' digest: the SHA-256 of each id, all XORed together, in hex. No follower gives zeros."""
    total = 0
    for uri in set(follower_uris):
        total ^= int.from_bytes(hashlib.sha256(uri.encode()).digest(), "big")
    return f"{total:064x}"


def build_header(collection_id: str, url: str, digest: str) -> str:
    """The header's value, for followers on the one host that receives it."""
    return f'collectionId="{collection_id}", url="{url}", digest="{digest}"'


def read_header(value: str) -> Synchronisation:
    """Read a header's value. Raises Malformed."""
    if len(value) > MAX_HEADER:
        raise Malformed("the synchronisation header is too long")
    parts = {name.lower(): text for name, text in _PART.findall(value)}
    collection_id, url, digest = (parts.get(name, "") for name in ("collectionid", "url", "digest"))
    if not (is_uri(collection_id) and is_uri(url) and _DIGEST.match(digest.lower())):
        raise Malformed("expected collectionId, url and digest")
    return Synchronisation(collection_id, url, digest.lower())


def check_header(said: Synchronisation, actor_uri: str, followers_uri: str | None) -> None:
    """The signer speaks of its own followers, at its own origin. Raises Forbidden."""
    if said.collection_id != followers_uri:
        raise Forbidden("the header speaks of another actor's followers")
    if not (same_origin(said.url, actor_uri) and same_origin(said.collection_id, actor_uri)):
        raise Forbidden("the followers lie on another origin than their actor")
