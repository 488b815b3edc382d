"""Keys: making them, writing them down, and reading other people's.

Must not decide whom a key belongs to: that is settled by whoever builds an `OwnedKey`.
"""

from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from activitypub.errors import Malformed

PrivateKey = RSAPrivateKey | Ed25519PrivateKey
PublicKey = RSAPublicKey | Ed25519PublicKey

# 2048 bits is the one size every peer takes; verifying with 16384 bits costs forty times as much.
MIN_RSA_BITS = 2048
MAX_RSA_BITS = 4096
# A huge exponent makes verifying a hundred times dearer; 1 makes it worthless.
MIN_EXPONENT = 3
MAX_EXPONENT = 2**32
# A 4096-bit PKCS#8 private key is 3.2 KB of PEM.
MAX_PEM_CHARACTERS = 8192
# A 4096-bit Multikey is 722 characters.
MAX_MULTIKEY_CHARACTERS = 1024

# Multicodec prefixes (ed25519-pub 0xed, rsa-pub 0x1205), as unsigned varints.
_ED25519_PREFIX = b"\xed\x01"
_RSA_PREFIX = b"\x85\x24"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_VALUES = {character: value for value, character in enumerate(_BASE58)}


@dataclass(frozen=True, slots=True)
class OwnedKey:
    """A public key and the actor whose own document lists it back."""

    key_id: str
    owner: str
    key: PublicKey


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key of ours and the address under which its public half is found."""

    key_id: str
    key: PrivateKey


def generate_rsa() -> RSAPrivateKey:
    """Make a 2048-bit RSA key. It takes some 40 ms: call it in a thread."""
    return rsa.generate_private_key(public_exponent=65537, key_size=MIN_RSA_BITS)


def generate_ed25519() -> Ed25519PrivateKey:
    """Make an Ed25519 key."""
    return Ed25519PrivateKey.generate()


def private_pem(key: PrivateKey) -> str:
    """Write a private key down as PKCS#8 PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode("ascii")


def public_pem(key: PrivateKey | PublicKey) -> str:
    """Write the public half down as SPKI PEM, the form of `publicKeyPem`."""
    public = key.public_key() if isinstance(key, PrivateKey) else key
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode(
        "ascii"
    )


def load_private(pem: str, *, trusted: bool) -> PrivateKey:
    """Read a private key; `trusted` (we wrote it ourselves) skips the 40 ms in which RSA numbers are checked."""
    try:
        key = serialization.load_pem_private_key(_pem_bytes(pem), password=None, unsafe_skip_rsa_key_validation=trusted)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise Malformed("not a private key in PEM form") from error
    if isinstance(key, RSAPrivateKey):
        _check_rsa(key.public_key())
        return key
    if isinstance(key, Ed25519PrivateKey):
        return key
    raise Malformed("only RSA and Ed25519 keys are used here")


def load_public(pem: str) -> PublicKey:
    """Read a peer's public key, SPKI or PKCS#1, within our limits."""
    try:
        key = serialization.load_pem_public_key(_pem_bytes(pem))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Malformed("not a public key in PEM form") from error
    return _checked(key)


def multikey(public: PublicKey) -> str:
    """Write a public key as `publicKeyMultibase` (FEP-521a): base58btc over the multicodec form."""
    if isinstance(public, Ed25519PublicKey):
        return "z" + base58_encode(_ED25519_PREFIX + public.public_bytes_raw())
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
    return "z" + base58_encode(_RSA_PREFIX + der)


def read_multikey(text: str) -> PublicKey:
    """Read a `publicKeyMultibase` within our limits."""
    if not text.startswith("z") or len(text) > MAX_MULTIKEY_CHARACTERS:
        raise Malformed("a Multikey is base58btc, which starts with z")
    data = base58_decode(text[1:])
    try:
        if data.startswith(_ED25519_PREFIX):
            return Ed25519PublicKey.from_public_bytes(data[2:])
        if data.startswith(_RSA_PREFIX):
            return _checked(serialization.load_der_public_key(data[2:]))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Malformed("the Multikey holds no key") from error
    raise Malformed("only Ed25519 and RSA Multikeys are used here")


def base58_encode(data: bytes) -> str:
    """Write bytes in the Bitcoin alphabet, without its multibase letter."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return _BASE58[0] * (len(data) - len(data.lstrip(b"\0"))) + text


def base58_decode(text: str) -> bytes:
    """Read the Bitcoin alphabet; the caller bounds the length, as the cost grows with its square."""
    number = 0
    for character in text:
        digit = _BASE58_VALUES.get(character)
        if digit is None:
            raise Malformed("not base58btc")
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip(_BASE58[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _pem_bytes(pem: str) -> bytes:
    if len(pem) > MAX_PEM_CHARACTERS:
        raise Malformed("the key is longer than any we use")
    return pem.encode("utf-8", "replace")


def _checked(key: object) -> PublicKey:
    if isinstance(key, RSAPublicKey):
        _check_rsa(key)
        return key
    if isinstance(key, Ed25519PublicKey):
        return key
    raise Malformed("only RSA and Ed25519 keys are used here")


def _check_rsa(key: RSAPublicKey) -> None:
    if not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
        raise Malformed(f"an RSA key has {MIN_RSA_BITS} to {MAX_RSA_BITS} bits, not {key.key_size}")
    if not MIN_EXPONENT <= key.public_numbers().e <= MAX_EXPONENT:
        raise Malformed("the RSA exponent is out of bounds")
