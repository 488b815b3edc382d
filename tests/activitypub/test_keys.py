"""Keys are written and read within limits, and nothing else is believed to be one."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from activitypub import keys
from activitypub.errors import Malformed, ProtocolError


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return keys.generate_rsa()


def spki(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize("trusted", [True, False])
def test_own_rsa_key_comes_back_as_written(rsa_key: rsa.RSAPrivateKey, trusted: bool) -> None:
    read = keys.load_private(keys.private_pem(rsa_key), trusted=trusted)
    assert keys.public_pem(read) == keys.public_pem(rsa_key)


def test_own_ed25519_key_comes_back_as_written() -> None:
    key = keys.generate_ed25519()
    assert keys.public_pem(keys.load_private(keys.private_pem(key), trusted=True)) == keys.public_pem(key)


def test_s196_public_key_is_read_from_spki(rsa_key: rsa.RSAPrivateKey) -> None:
    assert keys.load_public(keys.public_pem(rsa_key)) == rsa_key.public_key()


def test_s196_public_key_is_read_from_pkcs1(rsa_key: rsa.RSAPrivateKey) -> None:
    pem = rsa_key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.PKCS1)
    assert b"BEGIN RSA PUBLIC KEY" in pem
    assert keys.load_public(pem.decode()) == rsa_key.public_key()


def test_public_key_is_read_with_carriage_returns_and_without_a_last_line_end(rsa_key: rsa.RSAPrivateKey) -> None:
    pem = keys.public_pem(rsa_key).replace("\n", "\r\n").strip()
    assert keys.load_public(pem) == rsa_key.public_key()


def test_s195_rsa_key_below_2048_bits_is_refused() -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    with pytest.raises(Malformed):
        keys.load_public(spki(weak.public_key()))


def test_rsa_key_over_4096_bits_is_refused() -> None:
    numbers = rsa.RSAPublicNumbers(e=65537, n=(1 << 8191) + 1)
    with pytest.raises(Malformed):
        keys.load_public(spki(numbers.public_key()))


def test_rsa_key_with_a_huge_exponent_is_refused(rsa_key: rsa.RSAPrivateKey) -> None:
    numbers = rsa.RSAPublicNumbers(e=(1 << 40) + 1, n=rsa_key.public_key().public_numbers().n)
    with pytest.raises(Malformed):
        keys.load_public(spki(numbers.public_key()))


def test_key_of_another_kind_is_refused() -> None:
    with pytest.raises(Malformed):
        keys.load_public(spki(ec.generate_private_key(ec.SECP256R1()).public_key()))


def test_private_key_is_not_read_as_a_public_one() -> None:
    with pytest.raises(Malformed):
        keys.load_public(keys.private_pem(keys.generate_ed25519()))


@pytest.mark.parametrize(
    "pem", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "x" * 9000]
)
def test_what_is_no_key_is_malformed(pem: str) -> None:
    with pytest.raises(Malformed):
        keys.load_public(pem)
    with pytest.raises(Malformed):
        keys.load_private(pem, trusted=False)


def test_ed25519_multikey_is_the_one_of_the_w3c_vectors() -> None:
    text = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    assert keys.multikey(keys.read_multikey(text)) == text


def test_rsa_multikey_comes_back_as_written(rsa_key: rsa.RSAPrivateKey) -> None:
    assert keys.read_multikey(keys.multikey(rsa_key.public_key())) == rsa_key.public_key()


@pytest.mark.parametrize("text", ["", "z", "u6Mkr", "z0OIl", "z6Mk", "z" + "2" * 2000])
def test_what_is_no_multikey_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        keys.read_multikey(text)


@given(st.binary(max_size=80))
def test_base58_comes_back_as_written(data: bytes) -> None:
    assert keys.base58_decode(keys.base58_encode(data)) == data


@given(st.text())
def test_any_text_is_a_key_or_a_protocol_error(text: str) -> None:
    for read, written in ((keys.read_multikey, "z" + text), (keys.load_public, text)):
        try:
            found = read(written)
        except ProtocolError:
            continue
        assert isinstance(found, keys.PublicKey)
