"""A passkey in software: what a browser and its key make of the options in a page, by the words of WebAuthn."""

import base64
import hashlib
import html
import json
import re
import secrets

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

USER_PRESENT, USER_VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40


def encode(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


class SoftKey:
    """One P-256 credential for one site."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.rp_id = origin.partition("://")[2].partition(":")[0]
        self.id = secrets.token_bytes(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.user = b""

    def make(self, page: str) -> str:
        """Answer the options of a page that wants a new credential."""
        options = read_options(page)
        self.user = base64.urlsafe_b64decode(options["user"]["id"] + "==")
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(USER_PRESENT | USER_VERIFIED | HAS_CREDENTIAL) + credential
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._answer({"clientDataJSON": encode(client), "attestationObject": encode(attestation)})

    def show(self, page: str, *, flaw: str | None = None) -> str:
        """Answer the options of a page that wants to see a credential; `flaw` is what is wrong with the answer."""
        challenge = encode(secrets.token_bytes(56)) if flaw == "challenge" else read_options(page)["challenge"]
        client = self._client("webauthn.get", challenge, "https://evil.example" if flaw == "origin" else None)
        data = self._data(USER_PRESENT if flaw == "unverified" else USER_PRESENT | USER_VERIFIED)
        signed = data + hashlib.sha256(client).digest()
        signature = self.key.sign(signed + b"x" if flaw == "signature" else signed, ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": encode(client),
                "authenticatorData": encode(data),
                "signature": encode(signature),
                "userHandle": encode(self.user),
            }
        )

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + (0).to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, origin: str | None = None) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin or self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        name = encode(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def read_options(page: str) -> dict:
    """The options that a page carries for the browser."""
    found = re.search(r'data-options="([^"]+)"', page)
    assert found
    return json.loads(html.unescape(found[1]))
