"""Further targets: what clients hand in, what keys, pages and collections of strangers say. Each keeps a promise.

Like `targets`, it must not import atheris.
"""

import json
from collections.abc import Callable

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from activitypub import announced, emoji, jsonld, keys, ldsignature, submission
from activitypub.collection_walk import Walk
from activitypub.errors import ProtocolError
from activitypub.reading import read_activity, read_collection, read_json
from activitypub.vocabulary import same_origin
from server.federation.negotiation import choose
from server.html import find_me_links

OURS = "https://pinxit.example/users/anna"
ROOT = "https://remote.example/replies"
PAGES, ITEMS = 6, 40
BLIND = ("bto", "bcc")


def walk_collection(data: bytes) -> None:
    """Pages, one a line, each given to whatever the walk asks for: it ends, stays at home, finds each thing once."""
    walk = Walk(ROOT, pages=PAGES, items=ITEMS)
    asked = []
    for line in data.split(b"\n"):
        if walk.next is None:
            break
        asked.append(walk.next)
        try:
            walk.take(walk.next, read_collection(read_json(line)))
        except ProtocolError:
            break
    assert len(asked) <= PAGES and len(set(asked)) == len(asked)
    assert all(same_origin(uri, ROOT) for uri in asked)
    assert len(walk.items) <= ITEMS and len({item.uri for item in walk.items}) == len(walk.items)
    assert all(item.document is None or same_origin(item.uri, ROOT) for item in walk.items)


def read_handed_in(data: bytes) -> None:
    """What a client posts to its outbox: refused, or put in order for nobody but its owner, blind recipients apart."""
    try:
        read = submission.read_submission(read_json(data), actor_uri=OURS)
    except ProtocolError:
        return
    assert read.type
    assert not any(name in read.more for name in BLIND)
    assert not isinstance(read.object, dict) or not any(name in read.object for name in BLIND)
    msgspec.json.encode([read.object, read.more, read.context])


def read_key(data: bytes) -> None:
    """A public key in either spelling: of a kind and size that we use, or refused."""
    text = data.decode("utf-8", "replace")
    for read in (keys.load_public, keys.read_multikey):
        try:
            key = read(text)
        except ProtocolError:
            continue
        assert isinstance(key, RSAPublicKey | Ed25519PublicKey)
        assert not isinstance(key, RSAPublicKey) or keys.MIN_RSA_BITS <= key.key_size <= keys.MAX_RSA_BITS
        assert keys.load_public(keys.public_pem(key)) == key


def read_linked_data(data: bytes) -> None:
    """Any document as JSON-LD, without a context but the bundled ones: refused, or the same statements again."""
    try:
        document = read_json(data)
        ldsignature.refuse_keywords(document)
        statements = jsonld.canonical(document)
        compacted = jsonld.compact(document)
    except ProtocolError:
        return
    assert isinstance(statements, str)
    json.dumps(compacted)


def read_page(data: bytes) -> None:
    """A page that is asked whether it links back, and the header that asks for one."""
    text = data.decode("utf-8", "replace")
    assert all(isinstance(link, str) for link in find_me_links(text))
    assert choose(text, default="document") in ("document", "page", None)


def read_told_and_given(data: bytes) -> None:
    """What a group announces, and the emoji of a reaction."""
    try:
        document = read_json(data)
        activity = read_activity(document)
    except ProtocolError:
        return
    found = emoji.read_reaction(document)
    assert found is None or (found.text and not set(found.text) & set("<>\"'& "))
    try:
        told = announced.read_told(activity)
    except ProtocolError:
        return
    assert told is None or (told.type and told.post_uri.lower().startswith(("http://", "https://")))


READERS: dict[str, Callable[[bytes], None]] = {
    "walk": walk_collection,
    "handed_in": read_handed_in,
    "keys": read_key,
    "linked_data": read_linked_data,
    "pages": read_page,
    "reactions": read_told_and_given,
}
