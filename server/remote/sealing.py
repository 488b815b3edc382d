"""Encrypts a push message for the one client that can read it, and says so in headers. It must not send anything.

RFC 8291 over RFC 8188 (`aes128gcm`), and the draft before it (`aesgcm`), which a client means that does not ask for the
standard: Mastodon's own behaviour, and what older apps were written for.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.remote.vapid import decode, encode, public_key, sign_token

POINT_BYTES = 65
AUTH_BYTES = 16
SALT_BYTES = 16
# A client that slept two days sees the notice in the app (Mastodon keeps messages as long).
KEEP_SECONDS = 48 * 3600


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: the instance's secret, how to reach its operator, and what the time is."""

    secret: bytes
    contact: str
    now_seconds: int


@dataclass(frozen=True, slots=True)
class Addressee:
    """A client: its push service's address, its public key and its secret, decoded."""

    endpoint: str
    key: bytes
    auth: bytes
    standard: bool


@dataclass(frozen=True, slots=True)
class Sealed:
    """What goes to the push service."""

    body: bytes
    headers: Mapping[str, str]


def read_addressee(endpoint: str, p256dh: str, auth: str, *, standard: bool) -> Addressee:
    """Read a client's keys as it gave them.

    Raises:
        ValueError: one of them is no base64, or not what it should be.
    """
    key, secret = decode(p256dh), decode(auth)
    if len(key) != POINT_BYTES or len(secret) != AUTH_BYTES:
        raise ValueError("p256dh has 65 bytes and auth 16")
    # Raises ValueError for what is no point of the curve.
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    return Addressee(endpoint, key, secret, standard)


def seal(message: bytes, to: Addressee, sender: Sender) -> Sealed:
    """Encrypt `message` with a key made for it alone."""
    own = ec.generate_private_key(ec.SECP256R1())
    salt = os.urandom(SALT_BYTES)
    coding = "aes128gcm" if to.standard else "aesgcm"
    body: bytes = http_ece.encrypt(message, salt=salt, private_key=own, dh=to.key, auth_secret=to.auth, version=coding)
    token = sign_token(sender.secret, to.endpoint, contact=sender.contact, now_seconds=sender.now_seconds)
    known_as = public_key(sender.secret)
    headers = {
        "content-type": "application/octet-stream",
        "content-encoding": coding,
        "ttl": str(KEEP_SECONDS),
        "urgency": "normal",
    }
    if to.standard:
        return Sealed(body, {**headers, "authorization": f"vapid t={token}, k={known_as}"})
    point = encode(own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    draft = {
        "authorization": f"WebPush {token}",
        "encryption": f"salt={encode(salt)}",
        "crypto-key": f"dh={point};p256ecdsa={known_as}",
    }
    return Sealed(body, {**headers, **draft})
