"""Keeps a client's token so that the database alone does not give it away. It must not know what the token is for.

Tokens are stored hashed everywhere else. A push message must carry the client's own one, because a device with several
accounts knows by it which of them is meant (Mastodon for iOS, Elk); it travels only inside the encrypted message.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def lock_away(secret: bytes, token: str) -> str:
    """Return `token` sealed with the instance's secret."""
    return _box(secret).encrypt(token.encode()).decode()


def take_out(secret: bytes, sealed: str) -> str | None:
    """Return what was sealed; None where the instance has another secret now."""
    try:
        return _box(secret).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box(secret: bytes) -> Fernet:
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"pinxit push token").derive(secret)
    return Fernet(base64.urlsafe_b64encode(key))
