"""Seals what must be read again and not by whoever reads the database alone. It must not know what it seals.

The instance's secret lies in a file beside the database, so that a copy of the one without the other tells nothing.
"""

import base64
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
# 128 bits: nobody tries so many addresses.
_NAME_BYTES = 16


def seal(secret: bytes, purpose: str, text: str) -> str:
    """Return `text` encrypted (AES-256-GCM); only the same secret and purpose open it."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + _cipher(secret, purpose).encrypt(nonce, text.encode(), None)).decode()


def unseal(secret: bytes, purpose: str, sealed: str) -> str:
    """Return what was sealed. Raises ValueError when it was sealed with another secret or changed since."""
    data = base64.urlsafe_b64decode(sealed)
    try:
        return _cipher(secret, purpose).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], None).decode()
    except InvalidTag:
        raise ValueError("this was sealed with another secret") from None


def sign_name(secret: bytes, purpose: str, *parts: str) -> str:
    """Return a short name, fit for an address, that only who has the secret can make for `parts`."""
    told = "\0".join((f"pinxit.name:{purpose}", *parts)).encode(errors="surrogatepass")
    return base64.urlsafe_b64encode(hmac.digest(secret, told, "sha256")[:_NAME_BYTES]).decode().rstrip("=")


def _cipher(secret: bytes, purpose: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, None, f"pinxit.seal:{purpose}".encode()).derive(secret))
