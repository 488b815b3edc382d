"""What is sealed here is read by a device that was written from the RFCs, and by http-ece."""

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.remote.keepsake import lock_away, take_out
from server.remote.sealing import Sender, read_addressee, seal
from server.remote.vapid import public_key, vapid_key
from tests.push_client import Device, b64, read_vapid, unb64

SECRET = b"a secret of thirty-two bytes....."
SENDER = Sender(SECRET, "mailto:operator@pinxit.example", 1_795_000_000)
ENDPOINT = "https://push.example/send/abc?x=1"
# A point of the curve, in a spelling that RFC 8291 does not know.
POINT = ec.generate_private_key(ec.SECP256R1()).public_key()
COMPRESSED = POINT.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def test_the_device_of_these_tests_reads_the_example_of_rfc_8291():
    private = int.from_bytes(unb64("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big")
    device = Device(ec.derive_private_key(private, ec.SECP256R1()), unb64("BTBZMqHH6r4Tts7J_aSIgg"))
    body = unb64(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )

    assert device.read_standard(body) == b"When I grow up, I want to be a watermelon"


@pytest.mark.parametrize("standard", [True, False])
def test_a_message_is_read_by_its_device_and_by_a_second_opinion(standard):
    device = Device()
    to = read_addressee(ENDPOINT, device.p256dh_text, device.auth_text, standard=standard)

    sealed = seal(b'{"title":"\xc3\xbc"}', to, SENDER)

    assert device.read(sealed.headers, sealed.body) == b'{"title":"\xc3\xbc"}'
    draft = {}
    if not standard:
        fields = dict(part.split("=", 1) for part in sealed.headers["crypto-key"].split(";"))
        draft = {"salt": unb64(sealed.headers["encryption"].removeprefix("salt=")), "dh": unb64(fields["dh"])}
    opened = http_ece.decrypt(
        sealed.body,
        private_key=device.key,
        auth_secret=device.auth,
        version=sealed.headers["content-encoding"],
        **draft,
    )
    assert opened == b'{"title":"\xc3\xbc"}'


@pytest.mark.parametrize("standard", [True, False])
def test_a_message_says_who_sends_it_to_whom_and_until_when(standard):
    device = Device()
    to = read_addressee(ENDPOINT, device.p256dh_text, device.auth_text, standard=standard)

    headers = seal(b"{}", to, SENDER).headers

    claims, known_as = read_vapid(headers)
    assert known_as == public_key(SECRET)
    assert claims["aud"] == "https://push.example" and claims["sub"] == "mailto:operator@pinxit.example"
    assert 0 < claims["exp"] - SENDER.now_seconds <= 24 * 3600
    assert headers["ttl"] == "172800" and headers["urgency"] == "normal"


def test_nobody_else_reads_a_message():
    to = read_addressee(ENDPOINT, Device().p256dh_text, Device().auth_text, standard=True)

    sealed = seal(b"{}", to, SENDER)

    with pytest.raises(http_ece.ECEException):
        http_ece.decrypt(sealed.body, private_key=Device().key, auth_secret=Device().auth, version="aes128gcm")


def test_no_two_messages_have_the_same_key_or_salt():
    to = read_addressee(ENDPOINT, Device().p256dh_text, Device().auth_text, standard=True)

    bodies = [seal(b"{}", to, SENDER).body for _ in range(2)]

    assert bodies[0][:16] != bodies[1][:16] and bodies[0][21:86] != bodies[1][21:86]


def test_keys_are_read_in_both_alphabets_with_and_without_padding():
    device = Device()
    point = unb64(device.p256dh_text)
    usual = b64(point).replace("-", "+").replace("_", "/") + "="

    assert read_addressee(ENDPOINT, usual, device.auth_text + "==", standard=True).key == point


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", ""),
        ("AAAA", b64(b"x" * 16)),
        (b64(b"\4" + b"\0" * 64), b64(b"x" * 16)),
        (b64(COMPRESSED), b64(b"x" * 16)),
        (Device().p256dh_text, b64(b"x" * 15)),
        (Device().p256dh_text, "ü" * 22),
        ("!" * 88, b64(b"x" * 16)),
    ],
    ids=["none", "short", "no point", "compressed", "short secret", "no base64 secret", "no base64 key"],
)
def test_keys_that_are_none_are_refused(p256dh, auth):
    with pytest.raises(ValueError):  # noqa: PT011
        read_addressee(ENDPOINT, p256dh, auth, standard=True)


def test_the_key_for_push_services_follows_from_the_secret_and_from_it_alone():
    assert public_key(SECRET) == public_key(bytes(SECRET)) != public_key(SECRET + b"!")
    assert len(unb64(public_key(SECRET))) == 65
    assert vapid_key(SECRET).curve.name == "secp256r1"


def test_a_token_is_kept_so_that_the_database_alone_does_not_tell_it():
    sealed = lock_away(SECRET, "a token")

    assert "token" not in sealed and sealed != lock_away(SECRET, "a token")
    assert take_out(SECRET, sealed) == "a token"
    assert take_out(b"another secret, just as long.....", sealed) is None
