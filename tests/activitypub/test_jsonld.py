"""JSON-LD with the contexts known here: odd documents become plain ones, and nothing is ever fetched."""

import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activitypub import jsonld
from activitypub.errors import Malformed, ProtocolError, TooLarge

AS2 = "https://www.w3.org/ns/activitystreams"


def no_network(event: str, arguments: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo") and _watched:
        _touched.append(event)


# An audit hook sees every connection of the process, whichever library makes it; it cannot be removed again.
_watched: list[bool] = []
_touched: list[str] = []


@pytest.fixture
def network() -> Iterator[list[str]]:
    _watched.append(True)
    _touched.clear()
    yield _touched
    _watched.clear()


@pytest.fixture(scope="module", autouse=True)
def _watch() -> None:
    sys.addaudithook(no_network)


def test_expanded_document_becomes_short_names() -> None:
    expanded = {
        "@id": "https://a.example/1",
        "@type": [AS2 + "#Create"],
        AS2 + "#actor": [{"@id": "https://a.example/users/a"}],
        AS2 + "#to": [{"@id": AS2 + "#Public"}],
    }
    assert jsonld.compact(expanded) == {
        "@context": AS2,
        "id": "https://a.example/1",
        "type": "Create",
        "actor": "https://a.example/users/a",
        "to": "as:Public",
    }


def test_prefixed_names_become_short_names() -> None:
    document = {"@context": {"ap": AS2 + "#"}, "@type": "ap:Note", "ap:content": "hello", "@id": "https://a.example/n"}
    compacted = jsonld.compact(document)
    assert (compacted["type"], compacted["content"]) == ("Note", "hello")


def test_terms_of_mastodon_are_known_to_the_readers() -> None:
    document = {
        "@context": [AS2, {"m": "http://joinmastodon.org/ns#"}],
        "id": "https://a.example/n",
        "type": "Note",
        "attachment": {"type": "Document", "m:blurhash": "abc", "m:focalPoint": {"@list": [0.5, -0.25]}},
    }
    attachment: Any = jsonld.compact(document)["attachment"]
    assert attachment == {"type": "Document", "blurhash": "abc", "focalPoint": [0.5, -0.25]}


@pytest.mark.parametrize(
    ("context", "name", "short"),
    [
        ("https://w3id.org/security/v1", "publicKeyPem", "publicKeyPem"),
        ("https://w3id.org/security/v2", "publicKeyPem", "publicKeyPem"),
        ("http://joinmastodon.org/ns", "blurhash", "blurhash"),
        ("https://gotosocial.org/ns#", "gts:always", None),
        ("https://purl.archive.org/socialweb/webfinger", "webfinger", "webfinger"),
        ("https://any.example/schemas/litepub-0.1.jsonld", "sensitive", "sensitive"),
        ("https://www.w3.org/ns/did/v1", "alsoKnownAs", None),
        ("https://w3id.org/identity/v1", "publicKeyPem", "publicKeyPem"),
        ("http://www.w3.org/ns/activitystreams", "content", "content"),
    ],
)
def test_context_is_known_without_fetching(network: list[str], context: str, name: str, short: str | None) -> None:
    document = {"@context": context, "id": "https://a.example/x", name: "https://a.example/y"}
    compacted = jsonld.compact(document)
    assert short is None or compacted[short] == "https://a.example/y"
    assert network == []


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_proof_and_multikey_contexts_are_known(version: str) -> None:
    document = {
        "@context": [
            AS2,
            f"https://w3id.org/security/data-integrity/{version}",
            "https://w3id.org/security/multikey/v1",
        ],
        "id": "https://a.example/users/a",
        "type": "Multikey",
        "publicKeyMultibase": "z6Mk",
        "proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofPurpose": "assertionMethod"},
    }
    (expanded,) = jsonld.expand(document)
    assert expanded["https://w3id.org/security#publicKeyMultibase"][0]["@value"] == "z6Mk"  # type: ignore[index]
    assert "https://w3id.org/security#proof" in expanded  # type: ignore[operator]


@pytest.mark.parametrize(
    "context",
    [
        "https://evil.example/context",
        "http://127.0.0.1/context",
        "file:///etc/passwd",
        "relative",
        {"@import": "https://evil.example/context"},
        {"x": {"@id": "https://a.example/x", "@context": "https://evil.example/context"}},
    ],
)
def test_unknown_context_is_malformed_and_causes_no_fetch(network: list[str], context: object) -> None:
    with pytest.raises(Malformed):
        jsonld.compact({"@context": [AS2, context], "id": "https://a.example/1", "type": "Note", "x": {"y": "z"}})
    assert network == []


def test_watch_on_the_network_sees_a_look_up(network: list[str]) -> None:
    socket.getaddrinfo("127.0.0.1", 80)
    assert network == ["socket.getaddrinfo"]


def test_relative_address_stays_as_it_was_written() -> None:
    document = {"@context": AS2, "@id": "https://a.example/1", "@type": "Note", "inReplyTo": "somewhere"}
    assert jsonld.compact(document)["inReplyTo"] == "somewhere"


def test_deep_document_is_too_large() -> None:
    document: dict[str, object] = {"@context": AS2, "id": "https://a.example/1"}
    for _ in range(40):
        document = {"@context": AS2, "object": document}
    with pytest.raises(TooLarge):
        jsonld.compact(document)


def test_document_without_end_is_too_large() -> None:
    document: dict[str, object] = {}
    document["object"] = document
    with pytest.raises(TooLarge):
        jsonld.compact(document)


def test_wide_document_is_too_large() -> None:
    with pytest.raises(TooLarge):
        jsonld.compact({"@context": AS2, "to": ["https://a.example/1"] * 5000})


def test_graph_of_look_alikes_is_too_large_to_canonicalise() -> None:
    alike: list[object] = [{"https://a.example/p": [{"https://a.example/q": {}} for _ in range(9)]} for _ in range(2)]
    with pytest.raises(TooLarge):
        jsonld.canonical({"@id": "https://a.example/1", "https://a.example/r": alike})


def test_canonical_form_does_not_depend_on_order() -> None:
    one = {"@context": AS2, "id": "https://a.example/1", "type": "Note", "content": "x", "name": "y"}
    assert jsonld.canonical(one) == jsonld.canonical(dict(reversed(one.items())))


@pytest.mark.parametrize("document", [{}, {"@context": AS2}, {"@graph": []}, {"@id": 5}, {"@type": 5}, {"@context": 5}])
def test_odd_document_is_an_object_or_malformed(document: dict[str, object]) -> None:
    try:
        assert jsonld.compact(document)["@context"] == AS2
    except Malformed:
        return


NAMES = st.sampled_from(["@context", "@id", "@type", "@value", "@list", "@graph", "@reverse", "id", "type", "object",
                         "content", "@included", "@nest", "@index", "@language", "as:to"])  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(AS2) | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_any_document_is_compacted_or_a_protocol_error(document: dict[str, object]) -> None:
    for read, kind in ((jsonld.compact, dict), (jsonld.canonical, str)):
        try:
            found = read(document)
        except ProtocolError:
            continue
        assert isinstance(found, kind)
