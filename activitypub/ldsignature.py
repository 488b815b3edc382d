"""Embedded Linked Data signatures (RsaSignature2017), as Mastodon adds them to what others will forward.

Must not look a key up, and must not let anything through that the signature does not cover.
"""

import binascii
import hashlib
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from activitypub import jsonld
from activitypub.errors import BadSignature, Unauthorised
from activitypub.jsonld import Node
from activitypub.keys import OwnedKey
from activitypub.verified import SEAL, Verified

# Each moves statements to where a reader of plain JSON does not look for them, or lets names mean something else.
REFUSED_KEYWORDS = frozenset({"@graph", "@included", "@reverse", "@nest", "@import", "@index", "@json"})

_OPTIONS_CONTEXT = "https://w3id.org/identity/v1"
_NOT_SIGNED = frozenset({"type", "id", "signatureValue"})


def key_id_of(document: Mapping[str, object]) -> str | None:
    """The key that an RsaSignature2017 claims, or None where there is no such signature."""
    signature = document.get("signature")
    if not isinstance(signature, dict) or signature.get("type") != "RsaSignature2017":
        return None
    creator = signature.get("creator")
    return creator if isinstance(creator, str) else None


def check(document: Mapping[str, object], key: OwnedKey) -> Node:
    """Hold the document against its signature and return what was signed, in the short names our readers know.

    Use the returned document and not the one given: names that a context does not define are in the JSON
    but in no signed statement. Raises Unauthorised where there is no signature, BadSignature or Malformed.
    """
    signature = document.get("signature")
    if not isinstance(signature, dict) or key_id_of(document) is None:
        raise Unauthorised("the document has no RsaSignature2017")
    if signature["creator"] != key.key_id or not isinstance(key.key, RSAPublicKey):
        raise BadSignature("the signature claims another key")
    jsonld.check_size(document)
    refuse_keywords(document)
    signed = [_only_signed(node) for node in jsonld.expand(_without_signature(document))]
    try:
        value = binascii.a2b_base64(str(signature.get("signatureValue")).encode("ascii"))
        key.key.verify(value, signing_text(document, signature), PKCS1v15(), SHA256())
    except (ValueError, InvalidSignature) as error:
        raise BadSignature("the signature does not fit the document") from error
    return jsonld.compact_expanded(signed)


def verify(document: Mapping[str, object], key: OwnedKey) -> tuple[Verified, Node]:
    """Hold the document against its signature; return who vouches for it, and what was signed. Raises like `check`."""
    signed = check(document, key)
    return Verified(key.owner, key.key_id, "ldsignature", SEAL), signed


def signing_text(document: Mapping[str, object], signature: Mapping[str, object]) -> bytes:
    """What is signed: the hash of the options, then the hash of the document, both in hexadecimal."""
    options = {name: value for name, value in signature.items() if name not in _NOT_SIGNED}
    text = _hash({**options, "@context": _OPTIONS_CONTEXT}) + _hash(_without_signature(document))
    return text.encode("ascii")


def refuse_keywords(document: object) -> None:
    """Refuse the keywords by which a signed document can be made to read otherwise, as keys or as aliases."""
    pending = [document]
    while pending:
        value = pending.pop()
        if isinstance(value, Mapping):
            pending.extend(value)
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, str) and value in REFUSED_KEYWORDS:
            raise BadSignature(f"{value} is not allowed in a signed document")


def _without_signature(document: Mapping[str, object]) -> Node:
    return {name: value for name, value in document.items() if name != "signature"}


def _hash(document: Mapping[str, object]) -> str:
    return hashlib.sha256(jsonld.canonical(document).encode("utf-8")).hexdigest()


def _only_signed(value: object) -> object:
    """Keep of an expanded document what becomes a statement: no undefined names, no relative addresses."""
    if isinstance(value, list):
        return [_only_signed(item) for item in value if not _is_undefined(item)]
    if not isinstance(value, dict):
        return value
    if str(value.get("@id")).startswith(jsonld.RELATIVE):
        raise BadSignature("a relative address is in no signed statement")
    return {name: _only_signed(item) for name, item in value.items() if not _is_undefined(name)}


def _is_undefined(name: object) -> bool:
    """Whether a name or type has no definition: AS2's context makes such ones blank, and no statement names them."""
    return isinstance(name, str) and name.startswith("_:")
