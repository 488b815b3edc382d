"""Digests hold a body to what was signed, in both headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activitypub import digest
from activitypub.errors import BadSignature, Malformed, ProtocolError

HELLO = b"Hello world"
HELLO_SHA256 = "ZOyIygCyaOW6GjVnihtTFtIS9PNmskdyMlNKiuyjfzw="


def test_digest_is_written_as_peers_expect_it() -> None:
    assert digest.digest_header(HELLO) == f"SHA-256={HELLO_SHA256}"
    assert digest.content_digest_header(HELLO) == f"sha-256=:{HELLO_SHA256}:"


@pytest.mark.parametrize(
    "value",
    [
        f"SHA-256={HELLO_SHA256}",
        f"sha-256={HELLO_SHA256}",
        f"sha-512=AAAA,SHA-256={HELLO_SHA256}",
        f"SHA-256={HELLO_SHA256}, unixsum=30637",
    ],
)
def test_s184_digest_of_the_body_is_accepted(value: str) -> None:
    digest.check_digest(value, HELLO)


@pytest.mark.parametrize(
    "value",
    [
        f"sha-256=:{HELLO_SHA256}:",
        f"sha-512=:AAAA:, sha-256=:{HELLO_SHA256}:",
        f"sha-256=:{HELLO_SHA256}:;x=1",
    ],
)
def test_s201_content_digest_of_the_body_is_accepted(value: str) -> None:
    digest.check_content_digest(value, HELLO)


def test_changed_body_is_refused() -> None:
    with pytest.raises(BadSignature):
        digest.check_digest(digest.digest_header(HELLO), b"Hello World")
    with pytest.raises(BadSignature):
        digest.check_content_digest(digest.content_digest_header(HELLO), b"Hello World")


def test_digest_without_sha256_is_refused() -> None:
    with pytest.raises(BadSignature):
        digest.check_digest("sha-512=AAAA", HELLO)
    with pytest.raises(BadSignature):
        digest.check_content_digest("sha-512=:AAAA:", HELLO)


def test_two_sha256_of_which_one_is_false_are_refused() -> None:
    other = digest.digest_header(b"other")
    with pytest.raises(BadSignature):
        digest.check_digest(f"SHA-256={HELLO_SHA256},{other}", HELLO)


@pytest.mark.parametrize("value", ["", "SHA-256", "SHA-256=!!", "SHA-256=AA", "SHA-256=" + "A" * 3000])
def test_unreadable_digest_is_refused(value: str) -> None:
    with pytest.raises(ProtocolError):
        digest.check_digest(value, HELLO)


@pytest.mark.parametrize("value", ["", "sha-256", "sha-256=abc", "sha-256=:", "sha-256=:!!:"])
def test_unreadable_content_digest_is_malformed(value: str) -> None:
    with pytest.raises(Malformed):
        digest.check_content_digest(value, HELLO)


@given(st.text())
def test_any_digest_fits_or_is_a_protocol_error(text: str) -> None:
    for check in (digest.check_digest, digest.check_content_digest):
        for value in (text, f"sha-256={text}"):
            with pytest.raises(ProtocolError):
                check(value, HELLO)


@pytest.mark.parametrize("check", [digest.check_digest, digest.check_content_digest])
def test_a_header_longer_than_any_real_one_is_not_taken_apart(check) -> None:
    with pytest.raises(Malformed, match="longer than any real one"):
        check("a=b," * 1000 + "a=b", b"{}")
