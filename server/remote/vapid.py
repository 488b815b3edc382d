"""The key by which push services know this instance, and what it signs for them (RFC 8292). It must not send anything.

The key follows from the instance's secret, so it is made once, lies in no second file and is in every backup of the
first. Clients remember it with their subscription: another secret ends them all.
"""

import base64
from functools import lru_cache

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from activitypub.vocabulary import origin_of

# The order of P-256's group (FIPS 186-5).
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# Eight bytes more than the order has, so that the remainder favours no key (FIPS 186-5, A.2.1).
SEED_BYTES = 40
# RFC 8292 allows a day; twelve hours leave room for clocks that are wrong.
VALID_SECONDS = 12 * 3600
SIGNATURE_HALF = 32


@lru_cache(maxsize=4)
def vapid_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """Return the instance's key for push services; always the same for one secret."""
    seed = HKDF(algorithm=hashes.SHA256(), length=SEED_BYTES, salt=None, info=b"pinxit vapid key").derive(secret)
    return ec.derive_private_key(int.from_bytes(seed, "big") % (ORDER - 1) + 1, ec.SECP256R1())


def public_key(secret: bytes) -> str:
    """Return what clients hand to their push service (`applicationServerKey`): 65 bytes, base64url."""
    point = vapid_key(secret).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return encode(point)


def sign_token(secret: bytes, endpoint: str, *, contact: str, now_seconds: int) -> str:
    """Return the JWT that says who sends to `endpoint`; `contact` is a mailto: or https: address (RFC 8292, 2)."""
    claims = {"aud": origin_of(endpoint), "exp": now_seconds + VALID_SECONDS, "sub": contact}
    parts = (msgspec.json.encode({"typ": "JWT", "alg": "ES256"}), msgspec.json.encode(claims))
    signed = ".".join(encode(part) for part in parts)
    r, s = decode_dss_signature(vapid_key(secret).sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{signed}.{encode(r.to_bytes(SIGNATURE_HALF, 'big') + s.to_bytes(SIGNATURE_HALF, 'big'))}"


def encode(data: bytes) -> str:
    """Write base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """Read base64, of either alphabet, with or without padding. Raises ValueError."""
    plain = text.rstrip("=").replace("+", "-").replace("/", "_")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)
