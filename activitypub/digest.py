"""The digest of a body, in the old header (RFC 3230) and the new (RFC 9530).

Must not decide whether a digest is needed or signed: that is each signature form's rule.
"""

import binascii
import hashlib
import hmac

from activitypub.errors import BadSignature, Malformed

# Real values are under 200 characters, even with a SHA-512 beside the SHA-256.
MAX_DIGEST_CHARACTERS = 2048


def digest_header(body: bytes) -> str:
    """`Digest`, as draft-cavage signs it."""
    return "SHA-256=" + _sha256_base64(body)


def content_digest_header(body: bytes) -> str:
    """`Content-Digest`, as RFC 9421 signs it."""
    return f"sha-256=:{_sha256_base64(body)}:"


def check_digest(value: str, body: bytes) -> None:
    """Hold `Digest` against the body; of several, SHA-256 must be one and every SHA-256 must fit."""
    # What nearly everybody sends, compared without taking it apart.
    if hmac.compare_digest(value.encode("latin-1", "replace"), b"SHA-256=" + _sha256(body)):
        return
    members = _members(value, "Digest")
    _compare([text for name, text in members if name == "sha-256"], body)


def check_content_digest(value: str, body: bytes) -> None:
    """Hold `Content-Digest` against the body, by the same rule."""
    if hmac.compare_digest(value.encode("latin-1", "replace"), b"sha-256=:" + _sha256(body) + b":"):
        return
    offered = []
    for name, text in _members(value, "Content-Digest"):
        if name != "sha-256":
            continue
        item = text.partition(";")[0].strip()
        if len(item) < 2 or item[0] != ":" or item[-1] != ":":
            raise Malformed("Content-Digest holds a sha-256 that is not a byte sequence")
        offered.append(item[1:-1])
    _compare(offered, body)


def _sha256(body: bytes) -> bytes:
    return binascii.b2a_base64(hashlib.sha256(body).digest(), newline=False)


def _sha256_base64(body: bytes) -> str:
    return _sha256(body).decode("ascii")


def _members(value: str, header: str) -> list[tuple[str, str]]:
    if len(value) > MAX_DIGEST_CHARACTERS:
        raise Malformed(f"{header} is longer than any real one")
    members = []
    for part in value.split(","):
        name, equals, text = part.strip().partition("=")
        if not equals:
            raise Malformed(f"{header} is a list of name=value")
        members.append((name.lower(), text))
    return members


def _compare(offered: list[str], body: bytes) -> None:
    if not offered:
        raise BadSignature("no SHA-256 among the digests")
    expected = hashlib.sha256(body).digest()
    for text in offered:
        try:
            given = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
        except (ValueError, UnicodeEncodeError) as error:
            raise Malformed("a SHA-256 digest is not base64") from error
        if not hmac.compare_digest(given, expected):
            raise BadSignature("the body is not the one its digest was made of")
