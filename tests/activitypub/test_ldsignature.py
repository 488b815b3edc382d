"""Embedded signatures: what is signed comes out in our names, and nothing else comes with it."""

import binascii
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from activitypub import keys, ldsignature
from activitypub.errors import BadSignature, ProtocolError, Unauthorised
from activitypub.keys import OwnedKey

AS2 = "https://www.w3.org/ns/activitystreams"
ACTOR = "https://remote.example/users/bob"
KEY_ID = ACTOR + "#main-key"

DOCUMENT: dict[str, Any] = {
    "@context": [AS2, "https://w3id.org/security/v1", {"sensitive": "as:sensitive"}],
    "id": "https://remote.example/notes/1/activity",
    "type": "Create",
    "actor": ACTOR,
    "to": [AS2 + "#Public"],
    "object": {
        "id": "https://remote.example/notes/1",
        "type": "Note",
        "attributedTo": ACTOR,
        "content": "<p>Grüße</p>",
        "sensitive": False,
        "tag": [{"type": "Mention", "href": "https://a.example/1", "name": "@a"}],
    },
}


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return keys.generate_rsa()


def signed(key: RSAPrivateKey, document: dict[str, Any] | None = None) -> dict[str, Any]:
    """Sign as Mastodon does."""
    document = DOCUMENT if document is None else document
    options = {"type": "RsaSignature2017", "creator": KEY_ID, "created": "2023-12-20T10:00:00Z"}
    value = key.sign(ldsignature.signing_text(document, options), PKCS1v15(), SHA256())
    encoded = binascii.b2a_base64(value, newline=False).decode()
    return {**document, "signature": {**options, "signatureValue": encoded}}


def check(document: dict[str, Any], key: RSAPrivateKey) -> dict[str, Any]:
    return ldsignature.check(document, OwnedKey(KEY_ID, ACTOR, key.public_key()))


def test_signed_document_comes_out_in_short_names(key: RSAPrivateKey) -> None:
    document = check(signed(key), key)
    assert document["actor"] == ACTOR
    assert document["object"]["content"] == "<p>Grüße</p>"
    assert document["object"]["tag"] == {"type": "Mention", "href": "https://a.example/1", "name": "@a"}
    assert "signature" not in document


def test_signature_names_its_key(key: RSAPrivateKey) -> None:
    assert ldsignature.key_id_of(signed(key)) == KEY_ID
    assert ldsignature.key_id_of(DOCUMENT) is None
    assert ldsignature.key_id_of({"signature": {"type": "Other", "creator": KEY_ID}}) is None


def test_order_of_names_does_not_matter(key: RSAPrivateKey) -> None:
    assert check(dict(reversed(signed(key).items())), key)["type"] == "Create"


def test_unsigned_document_is_unauthorised(key: RSAPrivateKey) -> None:
    with pytest.raises(Unauthorised):
        check(DOCUMENT, key)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Delete"},
        {"actor": "https://remote.example/users/eve"},
        {"to": []},
        {"cc": ["https://a.example/followers"]},
        {"object": {**DOCUMENT["object"], "content": "other"}},
        {"object": "https://remote.example/notes/1"},
    ],
)
def test_changed_document_is_refused(key: RSAPrivateKey, change: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        check({**signed(key), **change}, key)


@pytest.mark.parametrize(
    "change",
    [
        {"created": "2024-01-01T00:00:00Z"},
        {"creator": KEY_ID + "2"},
        {"signatureValue": 5},
        {"signatureValue": "é"},
        {"signatureValue": "AAAA"},
        {"domain": "x"},
    ],
)
def test_changed_signature_is_refused(key: RSAPrivateKey, change: dict[str, Any]) -> None:
    document = signed(key)
    with pytest.raises(BadSignature):
        check({**document, "signature": {**document["signature"], **change}}, key)


def test_a_signature_is_held_to_the_key_that_it_claims(key: RSAPrivateKey) -> None:
    document = signed(key)
    with pytest.raises(BadSignature, match="claims another key"):
        check({**document, "signature": {**document["signature"], "creator": KEY_ID + "2"}}, key)


@pytest.mark.parametrize("keyword", sorted(ldsignature.REFUSED_KEYWORDS))
def test_keyword_that_moves_statements_is_refused_at_every_depth(key: RSAPrivateKey, keyword: str) -> None:
    evil = {"type": "Delete", "id": "https://remote.example/2"}
    places: list[dict[str, Any]] = [
        {keyword: [evil]},
        {"object": {**DOCUMENT["object"], "tag": [{keyword: evil}]}},
        {"@context": [*DOCUMENT["@context"], {"also": keyword}], "also": [evil]},
        {"@context": [*DOCUMENT["@context"], {"also": {"@id": "as:object", "@container": keyword}}], "also": [evil]},
    ]
    for place in places:
        with pytest.raises(BadSignature, match=keyword):
            check({**signed(key), **place}, key)


def test_context_that_renames_terms_gives_what_was_signed(key: RSAPrivateKey) -> None:
    """The plain JSON says Note and eve; the signed statements say otherwise, and they are what comes out."""
    renamed = {
        "@context": [AS2, {"boss": {"@id": "as:actor", "@type": "@id"}, "actor": {"@id": "as:target", "@type": "@id"}}],
        "id": "https://remote.example/3",
        "type": "Like",
        "boss": ACTOR,
        "actor": "https://victim.example/users/eve",
    }
    document = check(signed(key, renamed), key)
    assert document["actor"] == ACTOR
    assert document["target"] == "https://victim.example/users/eve"


def test_name_without_definition_is_not_signed_and_does_not_come_out(key: RSAPrivateKey) -> None:
    document = check({**signed(key), "quote": "https://evil.example/1", "blurhash": "x"}, key)
    assert "quote" not in document
    assert "blurhash" not in document


def test_type_without_definition_does_not_come_out(key: RSAPrivateKey) -> None:
    document = signed(key, {**DOCUMENT, "type": ["Create", "Unknown"]})
    assert check({**document, "type": ["Create", "QuoteRequest"]}, key)["type"] == "Create"


@pytest.mark.parametrize("name", ["inReplyTo", "target", "cc"])
def test_relative_address_is_not_signed_and_is_refused(key: RSAPrivateKey, name: str) -> None:
    with pytest.raises(BadSignature, match="relative"):
        check({**signed(key), name: "somewhere"}, key)


def test_context_of_unknown_address_is_refused(key: RSAPrivateKey) -> None:
    document = signed(key)
    with pytest.raises(ProtocolError):
        check({**document, "@context": [AS2, "https://evil.example/context"]}, key)


def test_another_key_does_not_verify(key: RSAPrivateKey) -> None:
    with pytest.raises(BadSignature):
        check(signed(key), keys.generate_rsa())
    ed25519 = OwnedKey(KEY_ID, ACTOR, keys.generate_ed25519().public_key())
    with pytest.raises(BadSignature):
        ldsignature.check(signed(key), ed25519)
