"""A request is read as signatures need it: one value for what must be single, and our own origin."""

import pytest

from activitypub.errors import Malformed
from activitypub.requests import SignedRequest, authority, from_asgi, is_our_host


def test_headers_are_lower_case_and_joined() -> None:
    raw = [(b"Accept", b" a "), (b"accept", b"b"), (b"Host", b"pinxit.example"), (b"X", "é".encode("latin-1"))]
    request = from_asgi("GET", "https://pinxit.example", "/x?y=1", raw, b"")
    assert request.headers == {"accept": "a, b", "host": "pinxit.example", "x": "é"}
    assert (request.url, request.host) == ("https://pinxit.example/x?y=1", "pinxit.example")


@pytest.mark.parametrize("name", [b"Host", b"date", b"DIGEST", b"content-digest", b"signature", b"signature-input"])
def test_header_that_must_be_single_is_malformed_when_double(name: bytes) -> None:
    with pytest.raises(Malformed):
        from_asgi("GET", "https://pinxit.example", "/", [(name, b"a"), (name, b"a")], b"")


@pytest.mark.parametrize(
    ("origin", "host", "ours"),
    [
        ("https://a.example", "a.example", True),
        ("https://a.example", "A.EXAMPLE:443", True),
        ("https://a.example:443", "a.example", True),
        ("http://a.example", "a.example:80", True),
        ("http://a.example:8000", "a.example:8000", True),
        ("https://a.example", "a.example:80", False),
        ("https://a.example", "a.example.", False),
        ("https://a.example", "b.example", False),
        ("https://a.example", "", False),
        ("http://a.example:8000", "a.example", False),
    ],
)
def test_host_is_ours_in_any_spelling_of_our_authority(origin: str, host: str, ours: bool) -> None:
    assert is_our_host(SignedRequest("GET", origin, "/", {}, b""), host) is ours


def test_authority_is_in_normal_form() -> None:
    assert authority(SignedRequest("GET", "https://A.example:443", "/", {}, b"")) == "a.example"
    assert authority(SignedRequest("GET", "https://a.example:80", "/", {}, b"")) == "a.example:80"
