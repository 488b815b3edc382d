"""A device that wants to be woken: its keys, and how it reads what comes; from the RFCs, not from our code."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Device:
    """Keys as a browser makes them for a subscription."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = b"sixteen bytes ok"

    @property
    def p256dh_text(self) -> str:
        return b64(point_of(self.key.public_key()))

    @property
    def auth_text(self) -> str:
        return b64(self.auth)

    def read(self, headers: Mapping[str, str], body: bytes) -> bytes:
        """Decrypt a message by what its headers say of it."""
        if headers["content-encoding"] == "aes128gcm":
            return self.read_standard(body)
        fields = dict(part.split("=", 1) for part in headers["crypto-key"].split(";"))
        salt = unb64(headers["encryption"].removeprefix("salt="))
        return self.read_draft(body, salt, unb64(fields["dh"]))

    def read_standard(self, body: bytes) -> bytes:
        """RFC 8188, 2.1 and RFC 8291, 3.4; a push message is one record."""
        salt, size, name_length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, record = body[21 : 21 + name_length], body[21 + name_length :]
        assert len(record) <= size
        own = point_of(self.key.public_key())
        first = derive(self._shared(sender), self.auth, b"WebPush: info\0" + own + sender, 32)
        key = derive(first, salt, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derive(first, salt, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert padded[-1] == 2  # the last record
        return padded[:-1]

    def read_draft(self, body: bytes, salt: bytes, sender: bytes) -> bytes:
        """draft-ietf-webpush-encryption-04 over draft-ietf-httpbis-encryption-encoding-03."""
        own = point_of(self.key.public_key())
        first = derive(self._shared(sender), self.auth, b"Content-Encoding: auth\0", 32)
        context = b"P-256\0" + len(own).to_bytes(2, "big") + own + len(sender).to_bytes(2, "big") + sender
        key = derive(first, salt, b"Content-Encoding: aesgcm\0" + context, 16)
        nonce = derive(first, salt, b"Content-Encoding: nonce\0" + context, 12)
        padded = AESGCM(key).decrypt(nonce, body, None)
        return padded[2 + int.from_bytes(padded[:2], "big") :]

    def _shared(self, sender: bytes) -> bytes:
        return self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))


def derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def read_vapid(headers: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """Check who sent a message (RFC 8292); return what they claim and their key. Raises InvalidSignature."""
    scheme, _, rest = headers["authorization"].partition(" ")
    if scheme == "vapid":
        given = dict(part.strip().split("=", 1) for part in rest.split(","))
        token, known_as = given["t"], given["k"]
    else:
        assert scheme == "WebPush"
        token, known_as = rest, headers["crypto-key"].partition("p256ecdsa=")[2]
    head, claims, signature = token.split(".")
    assert json.loads(unb64(head)) == {"typ": "JWT", "alg": "ES256"}
    raw = unb64(signature)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(known_as))
    both = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.verify(both, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(unb64(claims)), known_as
