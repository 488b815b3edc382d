"""HTTP signatures of the old form, draft-cavage-http-signatures-12 as the fediverse uses it.

Must not look a key up: `read` says which key is claimed, the caller finds it, `verify` holds it against the request.
"""

import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from activitypub.digest import check_digest, digest_header
from activitypub.errors import BadSignature, Malformed, Unauthorised
from activitypub.keys import OwnedKey, PublicKey, Signer
from activitypub.requests import SIGNED_IF_SENT, SignedRequest, is_our_host
from activitypub.verified import SEAL, Form, Verified
from activitypub.window import check_window, http_date, read_http_date, read_seconds

# A 4096-bit signature is 684 characters; the rest is a key id and a list of header names.
MAX_HEADER_CHARACTERS = 4096

_BLANKS = " \t,"
_PADDING = PKCS1v15()
_SHA256 = SHA256()


@dataclass(frozen=True, slots=True)
class CavageSignature:
    """A `Signature` header taken apart and found to cover enough; nothing in it is believed yet."""

    form: ClassVar[Form] = "cavage"

    key_id: str
    algorithm: str
    covered: tuple[str, ...]
    value: bytes
    created: str | None
    expires: str | None


def sign(request: SignedRequest, signer: Signer, *, now: int) -> dict[str, str]:
    """Make the headers to add to a request, at the moment of sending it."""
    headers = {"host": request.host, "date": http_date(now)}
    covered = ["(request-target)", "host", "date"]
    if request.body or request.method == "POST":
        headers["digest"] = digest_header(request.body)
        covered.append("digest")
        if "content-type" in request.headers:
            covered.append("content-type")
    covered += [name for name in SIGNED_IF_SENT if name in request.headers]
    text = _signing_text(request.method, request.target, {**request.headers, **headers}, tuple(covered), None)
    headers["signature"] = _write(signer, covered, text)
    return headers


def read(request: SignedRequest) -> CavageSignature:
    """Take the `Signature` header apart; raises unless it covers what binds it to this request."""
    header = request.headers.get("signature")
    if header is None:
        raise Unauthorised("the request is not signed")
    parameters, encoded = _take_apart(header)
    try:
        key_id = parameters["keyId"]
    except KeyError as error:
        raise Malformed("Signature needs keyId and signature") from error
    if not key_id:
        raise Malformed("keyId is empty")
    try:
        value = binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError as error:
        raise Malformed("the signature is not base64") from error
    # Where headers is left out, the draft covers (created) alone, which binds nothing.
    covered = _coverage(parameters.get("headers", "(created)"), request.method)
    algorithm = parameters.get("algorithm", "hs2019")
    return CavageSignature(key_id, algorithm, covered, value, parameters.get("created"), parameters.get("expires"))


def verify(request: SignedRequest, signature: CavageSignature, key: OwnedKey, *, now: int) -> Verified:
    """Hold the request against the signature and the claimed key; raises BadSignature or Malformed."""
    if signature.key_id != key.key_id:
        raise BadSignature("the signature claims another key")
    _check_algorithm(signature, key.key)
    signed_at = _check_time(request, signature, now)
    headers = request.headers
    if not is_our_host(request, headers.get("host", "")):
        raise BadSignature("the request was signed for another host")
    if "digest" in signature.covered:
        if "digest" not in headers:
            raise BadSignature("the signed Digest is missing")
        check_digest(headers["digest"], request.body)
    if _holds(request, signature, key.key, request.target):
        return Verified(key.owner, key.key_id, "cavage", SEAL, signed_at)
    path, question, _ = request.target.partition("?")
    # Mastodon before 4.3 left the query out of what it signs; it must still be let in.
    if question and _holds(request, signature, key.key, path):
        return Verified(key.owner, key.key_id, "cavage", SEAL, signed_at)
    raise BadSignature("the signature does not fit the request")


def _take_apart(header: str) -> tuple[Mapping[str, str], str]:
    """The parameters, and the signature proper, without which a peer's header is the same in each of its requests."""
    if len(header) > MAX_HEADER_CHARACTERS:
        raise Malformed("Signature is too long")
    before, name, after = header.partition('signature="')
    encoded, quote, rest = after.partition('"')
    parameters = _parameters(f'{before}{name}"{rest}' if quote else header)
    if quote and parameters.get("signature") == "":
        return parameters, encoded
    parameters = _parameters(header)
    if "signature" not in parameters:
        raise Malformed("Signature needs keyId and signature")
    return parameters, parameters["signature"]


@lru_cache(maxsize=1024)
def _parameters(header: str) -> Mapping[str, str]:
    """Take `name="value",name=value` apart; no value that a peer sends has a quote inside."""
    pieces = header.split('"')
    if len(pieces) % 2 == 0:
        raise Malformed("Signature has an unclosed quote")
    found: dict[str, str] = {}
    for place in range(1, len(pieces), 2):
        name = pieces[place - 1].strip(_BLANKS)
        if "," in name:
            bare, _, name = name.rpartition(",")
            _read_bare(bare, found)
            name = name.lstrip(_BLANKS)
        if name[-1:] != "=" or name[:-1] in found:
            raise Malformed("Signature is a list of name=value, each name once")
        found[name[:-1]] = pieces[place]
    _read_bare(pieces[-1], found)
    return MappingProxyType(found)


def _read_bare(text: str, found: dict[str, str]) -> None:
    """Read the parameters without quotes (`created=1402170695`) that stand beside quoted ones."""
    for part in text.strip(_BLANKS).split(",") if text else ():
        name, equals, value = part.strip(_BLANKS).partition("=")
        if equals and name not in found:
            found[name] = value
        elif part:
            raise Malformed("Signature is a list of name=value, each name once")


@lru_cache(maxsize=512)
def _coverage(headers: str, method: str) -> tuple[str, ...]:
    """Take `headers` apart and refuse what covers too little; cached, as each peer software sends one or two forms.

    Mastodon lets either digest or (request-target) do, and asks for host on GET alone. We ask for all three:
    without them a signature is good for another inbox, another method or another server, and every peer
    met (`snac`, `Misskey`, `Pleroma` included) covers them.
    """
    covered = tuple(headers.lower().split())
    if len(set(covered)) != len(covered):
        raise Malformed("a header is covered twice")
    if "date" not in covered and "(created)" not in covered:
        raise BadSignature("Date or (created) must be covered")
    if "(request-target)" not in covered:
        raise BadSignature("(request-target) must be covered")
    if "host" not in covered:
        raise BadSignature("Host must be covered")
    if "digest" not in covered and method not in ("GET", "HEAD"):
        raise BadSignature("Digest must be covered")
    return covered


def _check_algorithm(signature: CavageSignature, key: PublicKey) -> None:
    """The key decides; the header may only agree (so there is no way to HMAC or to `none`)."""
    if signature.algorithm == "hs2019":
        return
    if signature.algorithm != "rsa-sha256":
        raise BadSignature("the algorithm is neither rsa-sha256 nor hs2019")
    if isinstance(key, Ed25519PublicKey):
        raise BadSignature("the algorithm is RSA's, the key is not")
    if "(created)" in signature.covered or "(expires)" in signature.covered:
        raise BadSignature("(created) and (expires) belong to hs2019")


def _check_time(request: SignedRequest, signature: CavageSignature, now: int) -> int:
    """Return when it was signed, in seconds, if that is in the window."""
    expires = None
    if "(expires)" in signature.covered:
        expires = read_seconds(_present(signature.expires, "expires"))
    if "(created)" in signature.covered:
        created = read_seconds(_present(signature.created, "created"))
    else:
        created = read_http_date(_present(request.headers.get("date"), "date"))
    check_window(created, expires, now)
    return created


def _present(value: str | None, name: str) -> str:
    if value is None:
        raise BadSignature(f"{name} is covered and missing")
    return value


def _holds(request: SignedRequest, signature: CavageSignature, key: PublicKey, target: str) -> bool:
    text = _signing_text(request.method, target, request.headers, signature.covered, signature)
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature.value, text)
        else:
            key.verify(signature.value, text, _PADDING, _SHA256)
    except InvalidSignature:
        return False
    return True


def _signing_text(
    method: str, target: str, headers: Mapping[str, str], covered: tuple[str, ...], signature: CavageSignature | None
) -> bytes:
    lines = []
    for name in covered:
        if name == "(request-target)":
            value: str | None = f"{method.lower()} {target}"
        elif name[0] == "(":
            value = _parenthesised(name, signature)
        else:
            value = headers.get(name)
        if value is None:
            raise BadSignature(f"{name[:40]} is covered and missing")
        lines.append(f"{name}: {value}")
    # Latin-1 gives the bytes of the wire back, as they were read with it.
    return "\n".join(lines).encode("latin-1", "replace")


def _parenthesised(name: str, signature: CavageSignature | None) -> str | None:
    if signature is None:
        return None
    return {"(created)": signature.created, "(expires)": signature.expires}.get(name)


def _write(signer: Signer, covered: list[str], text: bytes) -> str:
    if isinstance(signer.key, RSAPrivateKey):
        algorithm, value = "rsa-sha256", signer.key.sign(text, _PADDING, _SHA256)
    else:
        algorithm, value = "hs2019", signer.key.sign(text)
    encoded = binascii.b2a_base64(value, newline=False).decode("ascii")
    # Takahe wants the algorithm named; Pixelfed splits at commas, so no value may hold one.
    return f'keyId="{signer.key_id}",algorithm="{algorithm}",headers="{" ".join(covered)}",signature="{encoded}"'
