"""Passkeys: WebAuthn Level 3 with discoverable credentials and user verification, without attestation.

A passkey stands for name, password and second factor at once. Challenges carry their time and our seal, so that a page
can be shown without writing anything down; `store.factors` remembers those that were used. It must not store anything.
"""

import base64
import hashlib
import hmac
import importlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType

import msgspec

from server.ids import MICROSECONDS
from server.problems import Invalid
from server.site import Site
from server.store.people.actors import Actor
from server.store.people.factors import Passkey

# Somebody looks for their key meanwhile.
CHALLENGE_SECONDS = 300
_RANDOM, _TIME = 16, 8
# What checks answers: 8 MB of memory, which a process takes only once somebody shows a passkey.
_CHECKS = "webauthn"
# Signature algorithms by their COSE numbers: EdDSA, ECDSA with SHA-256, RSA with SHA-256.
_ALGORITHMS = (-8, -7, -257)
REGISTER = "register"
ENTER = "enter"
_WRONG = "This passkey could not be checked. Please try again."


class _Response(msgspec.Struct, rename="camel"):
    client_data_json: str = msgspec.field(name="clientDataJSON")


class _Credential(msgspec.Struct):
    id: str
    response: _Response


class _ClientData(msgspec.Struct):
    challenge: str


@dataclass(frozen=True, slots=True)
class Made:
    """What a browser made: the credential's id (base64url), its public key (COSE) and its counter."""

    credential_id: str
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser answers: which credential, and to which challenge; nothing of it is checked yet."""

    text: str
    credential_id: str
    challenge: bytes


def offer_registration(site: Site, secret: bytes, actor: Actor, known: Sequence[Passkey]) -> str:
    """Return the JSON for `navigator.credentials.create`."""
    options = {
        "rp": {"id": _host(site), "name": site.config.site.name},
        "user": {
            "id": _text(actor.id.to_bytes(8, "big")),
            "name": actor.username,
            "displayName": actor.display_name,
        },
        "challenge": _text(_challenge(site, secret, REGISTER)),
        "pubKeyCredParams": [{"type": "public-key", "alg": number} for number in _ALGORITHMS],
        "timeout": CHALLENGE_SECONDS * 1000,
        "excludeCredentials": [{"type": "public-key", "id": one.credential_id} for one in known],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }
    return msgspec.json.encode(options).decode()


def offer_entry(site: Site, secret: bytes) -> str:
    """Return the JSON for `navigator.credentials.get`."""
    options = {
        "rpId": _host(site),
        "challenge": _text(_challenge(site, secret, ENTER)),
        "timeout": CHALLENGE_SECONDS * 1000,
        "allowCredentials": [],
        "userVerification": "required",
    }
    return msgspec.json.encode(options).decode()


def read_answer(site: Site, secret: bytes, text: str, purpose: str) -> Shown:
    """Read a browser's answer and see that it is to a challenge of ours that is not too old.

    Raises:
        Invalid: it is not, or no answer.
    """
    try:
        credential = msgspec.json.decode(text, type=_Credential)
        data = msgspec.json.decode(_bytes(credential.response.client_data_json), type=_ClientData)
        challenge = _bytes(data.challenge)
    except (msgspec.MsgspecError, ValueError):
        raise Invalid(_WRONG) from None
    begun = challenge[: _RANDOM + _TIME]
    right = hmac.compare_digest(challenge[_RANDOM + _TIME :], _seal(secret, purpose, begun))
    age = site.clock.now() // MICROSECONDS - int.from_bytes(begun[_RANDOM:], "big")
    if not right or not 0 <= age <= CHALLENGE_SECONDS:
        raise Invalid("This took too long. Please try again.")
    return Shown(text, credential.id, challenge)


def check_registration(site: Site, shown: Shown) -> Made:
    """Check what a browser made. Raises Invalid."""
    library = _library()
    try:
        made = library.verify_registration_response(
            credential=shown.text,
            expected_challenge=shown.challenge,
            expected_rp_id=_host(site),
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except library.helpers.exceptions.WebAuthnException:
        raise Invalid(_WRONG) from None
    return Made(_text(made.credential_id), made.credential_public_key, made.sign_count)


def check_entry(site: Site, shown: Shown, passkey: Passkey) -> int:
    """Check that a browser holds a passkey, and return its new counter. Raises Invalid."""
    library = _library()
    try:
        verified = library.verify_authentication_response(
            credential=shown.text,
            expected_challenge=shown.challenge,
            expected_rp_id=_host(site),
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except library.helpers.exceptions.WebAuthnException:
        raise Invalid(_WRONG) from None
    return int(verified.new_sign_count)


def spent_name(challenge: bytes) -> str:
    """Return what is remembered of a challenge that was used."""
    return hashlib.sha256(challenge).hexdigest()


def _host(site: Site) -> str:
    """The relying party: the host of our origin, without a port (WebAuthn 5.1.2)."""
    return site.domain.partition(":")[0]


def _challenge(site: Site, secret: bytes, purpose: str) -> bytes:
    moment = site.clock.now() // MICROSECONDS
    begun = secrets.token_bytes(_RANDOM) + moment.to_bytes(_TIME, "big")
    return begun + _seal(secret, purpose, begun)


def _seal(secret: bytes, purpose: str, begun: bytes) -> bytes:
    return hmac.digest(secret, f"pinxit.passkey:{purpose}:".encode() + begun, "sha256")


def _library() -> ModuleType:
    return importlib.import_module(_CHECKS)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
