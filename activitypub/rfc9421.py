"""HTTP Message Signatures, RFC 9421, with the fediverse's demands on what they cover.

Must not look a key up: `read` says which key is claimed, the caller finds it, `verify` holds it against the request.
"""

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import parse_qsl, quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA512

from activitypub.digest import check_content_digest, content_digest_header
from activitypub.errors import BadSignature, Malformed, ProtocolError, Unauthorised
from activitypub.keys import OwnedKey, PublicKey, Signer
from activitypub.requests import SIGNED_IF_SENT, SignedRequest, authority, is_our_host
from activitypub.structured import (
    Component,
    SignatureInput,
    component,
    read_signature_inputs,
    read_signature_values,
    write_bytes,
)
from activitypub.verified import SEAL, Form, Verified
from activitypub.window import check_window, http_date

LABEL = "sig1"

_PKCS1 = PKCS1v15()
_SHA256 = SHA256()
# RFC 9421 §3.3.1: the salt is as long as the hash.
_PSS = PSS(mgf=MGF1(SHA512()), salt_length=64)
_SHA512 = SHA512()


@dataclass(frozen=True, slots=True)
class Claim:
    """One label: what it covers, by which key, and the signature itself; nothing of it is believed yet."""

    input: SignatureInput
    key_id: str
    algorithm: str | None
    created: int
    expires: int | None
    value: bytes


@dataclass(frozen=True, slots=True)
class MessageSignature:
    """The labels of a request that cover enough, in the order in which they came; at least one."""

    form: ClassVar[Form] = "rfc9421"

    claims: tuple[Claim, ...]

    @property
    def key_id(self) -> str:
        """The key of the first usable label."""
        return self.claims[0].key_id

    @property
    def key_ids(self) -> tuple[str, ...]:
        """Every key claimed, for a caller that goes on where the first does not hold."""
        return tuple(dict.fromkeys(claim.key_id for claim in self.claims))


def sign(request: SignedRequest, signer: Signer, *, now: int) -> dict[str, str]:
    """Make the headers to add to a request, at the moment of sending it.

    Covers Fedify's set, of which Mastodon asks for a part, and nothing that a proxy rewrites; exactly one label, as
    Mastodon takes no more.
    """
    headers = {"host": request.host, "date": http_date(now)}
    covered = [component(name) for name in ("@method", "@target-uri", "@authority", "host", "date")]
    if request.body or request.method == "POST":
        headers["content-digest"] = content_digest_header(request.body)
        covered.append(component("content-digest"))
    covered += [component(name) for name in SIGNED_IF_SENT if name in request.headers]
    rsa = isinstance(signer.key, RSAPrivateKey)
    parameters = (
        ("created", now // 1_000_000),
        ("keyid", signer.key_id),
        ("alg", "rsa-v1_5-sha256" if rsa else "ed25519"),
    )
    statement = SignatureInput(LABEL, tuple(covered), parameters)
    complete = SignedRequest(
        request.method, request.origin, request.target, {**request.headers, **headers}, request.body
    )
    headers["signature-input"] = f"{LABEL}={statement}"
    headers["signature"] = f"{LABEL}={write_bytes(_make(signature_base(complete, statement), signer))}"
    return headers


def read(request: SignedRequest) -> MessageSignature:
    """Take the signature headers apart; labels that cover too little are left out, unless none remains."""
    fields = request.headers
    if "signature-input" not in fields or "signature" not in fields:
        raise Unauthorised("Signature-Input and Signature come together")
    values = read_signature_values(fields["signature"])
    claims, reason = [], ProtocolError("")
    for statement in read_signature_inputs(fields["signature-input"]):
        try:
            claims.append(_read_claim(statement, values, request.method))
        except ProtocolError as error:
            reason = error
    if claims:
        return MessageSignature(tuple(claims))
    if reason.args[0]:
        raise reason
    raise Malformed("Signature-Input is empty")


def verify(request: SignedRequest, signature: MessageSignature, key: OwnedKey, *, now: int) -> Verified:
    """Hold the request against the labels that claim this key; any one that is valid suffices."""
    reason: ProtocolError = BadSignature("the signature claims another key")
    for claim in signature.claims:
        if claim.key_id != key.key_id:
            continue
        try:
            _check(request, claim, key.key, now)
        except ProtocolError as error:
            reason = error
        else:
            return Verified(key.owner, key.key_id, "rfc9421", SEAL, claim.created)
    raise reason


def signature_base(request: SignedRequest, statement: SignatureInput) -> bytes:
    """The text that is signed (§2.5): a line for each component, then the parameters."""
    lines = []
    seen = set()
    for part in statement.components:
        if part.identifier in seen:
            raise Malformed(f"{part.name[:40]} is covered twice")
        seen.add(part.identifier)
        lines.append(f"{part.identifier}: {_value_of(request, part)}\n")
    # Latin-1 gives the bytes of the wire back, as they were read with it.
    return f'{"".join(lines)}"@signature-params": {statement}'.encode("latin-1", "replace")


def check_value(base: bytes, value: bytes, key: PublicKey, algorithm: str | None) -> None:
    """Hold a signature against its base. The key decides how; `alg` may only agree (no HMAC, no `none`)."""
    try:
        if isinstance(key, Ed25519PublicKey):
            if algorithm not in (None, "ed25519"):
                raise BadSignature("alg contradicts the key")
            key.verify(value, base)
        elif algorithm in (None, "rsa-v1_5-sha256"):
            key.verify(value, base, _PKCS1, _SHA256)
        elif algorithm == "rsa-pss-sha512":
            key.verify(value, base, _PSS, _SHA512)
        else:
            raise BadSignature("alg contradicts the key")
    except InvalidSignature as error:
        raise BadSignature("the signature does not fit the request") from error


def _make(base: bytes, signer: Signer) -> bytes:
    if isinstance(signer.key, RSAPrivateKey):
        return signer.key.sign(base, _PKCS1, _SHA256)
    return signer.key.sign(base)


def _read_claim(statement: SignatureInput, values: dict[str, bytes], method: str) -> Claim:
    parameters = dict(statement.parameters)
    key_id, created, expires = parameters.get("keyid"), parameters.get("created"), parameters.get("expires")
    algorithm = parameters.get("alg")
    if statement.label not in values:
        raise Malformed("a label of Signature-Input has no signature")
    if not isinstance(key_id, str) or not key_id:
        raise Malformed("keyid is missing")
    if type(created) is not int or created < 0:
        raise Malformed("created is missing, or not a time")
    if expires is not None and (type(expires) is not int or expires < 0):
        raise Malformed("expires is not a time")
    if algorithm is not None and not isinstance(algorithm, str):
        raise Malformed("alg is not a string")
    covered = {part.name for part in statement.components if not part.parameters}
    # Mastodon's demands: without them a signature is good for another inbox, method or body.
    if not {"@method", "@target-uri"} <= covered:
        raise BadSignature("@method and @target-uri must be covered")
    if "content-digest" not in covered and method not in ("GET", "HEAD"):
        raise BadSignature("Content-Digest must be covered")
    return Claim(statement, key_id, algorithm, created, expires, values[statement.label])


def _check(request: SignedRequest, claim: Claim, key: PublicKey, now: int) -> None:
    check_window(claim.created, claim.expires, now)
    base = signature_base(request, claim.input)
    covered = {part.name for part in claim.input.components}
    if "host" in covered and not is_our_host(request, request.headers.get("host", "")):
        raise BadSignature("the request was signed for another host")
    if "content-digest" in covered:
        check_content_digest(request.headers["content-digest"], request.body)
    check_value(base, claim.value, key, claim.algorithm)


def _value_of(request: SignedRequest, part: Component) -> str:
    if part.name == "@query-param":
        return _query_parameter(request, part)
    if part.parameters:
        # sf, key, bs, req and tr: no peer sends them, and each is a second way of reading a header.
        raise BadSignature(f"parameters on {part.name[:40]} are not understood")
    if part.name.startswith("@"):
        return _derived(request, part.name)
    value = request.headers.get(part.name)
    if value is None:
        raise BadSignature(f"{part.name[:40]} is covered and missing")
    return value


def _derived(request: SignedRequest, name: str) -> str:
    """The derived components of a request (§2.2), all from the origin we were told, never from the request."""
    match name:
        case "@method":
            return request.method
        case "@target-uri":
            return request.url
        case "@authority":
            return authority(request)
        case "@scheme":
            return request.origin.partition("://")[0]
        case "@request-target":
            return request.target
        case "@path":
            return request.target.partition("?")[0] or "/"
        case "@query":
            return "?" + request.target.partition("?")[2]
    raise BadSignature(f"{name[:40]} is not a component of a request")


def _query_parameter(request: SignedRequest, part: Component) -> str:
    wanted = dict(part.parameters)
    pairs = parse_qsl(request.target.partition("?")[2], keep_blank_values=True)
    values = [value for name, value in pairs if quote(name, safe="*") == wanted.get("name")]
    if len(wanted) != 1 or len(values) != 1:
        raise BadSignature("a covered query parameter is missing, or stands twice")
    return quote(values[0], safe="*")
