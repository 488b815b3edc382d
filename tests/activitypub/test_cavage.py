"""Signatures of the old form: what Mastodon accepts and refuses (its own table of cases), and what we refuse beyond."""

import binascii
from collections.abc import Mapping
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from activitypub import cavage, keys
from activitypub.digest import digest_header
from activitypub.errors import BadSignature, Malformed, ProtocolError, Unauthorised
from activitypub.keys import OwnedKey, Signer
from activitypub.requests import SignedRequest, from_asgi
from activitypub.verified import Verified
from activitypub.window import http_date

ACTOR = "https://remote.example/users/bob"
KEY_ID = ACTOR + "#main-key"
ORIGIN = "https://pinxit.example"
SECOND = 1_000_000
NOW = 1_703_066_400 * SECOND  # Wed, 20 Dec 2023 10:00:00 GMT
BODY = b'{"type":"Like"}'


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer(KEY_ID, keys.generate_rsa())


def owned(signer: Signer) -> OwnedKey:
    return OwnedKey(signer.key_id, ACTOR, signer.key.public_key())


def get(target: str = "/users/alice", **headers: str) -> SignedRequest:
    return SignedRequest("GET", ORIGIN, target, headers, b"")


def post(target: str = "/inbox", body: bytes = BODY) -> SignedRequest:
    return SignedRequest("POST", ORIGIN, target, {"content-type": "application/activity+json"}, body)


def signed(request: SignedRequest, signer: Signer, *, now: int = NOW) -> SignedRequest:
    return replace(request, headers={**request.headers, **cavage.sign(request, signer, now=now)})


def handmade(
    request: SignedRequest,
    signer: Signer,
    covered: str,
    *,
    parameters: str = 'algorithm="rsa-sha256"',
    special: Mapping[str, str] | None = None,
    target: str | None = None,
) -> SignedRequest:
    """Sign the way some peer does: any headers, any parameters, and whatever it believes the target to be."""
    values = {
        **request.headers,
        "(request-target)": f"{request.method.lower()} {target or request.target}",
        **(special or {}),
    }
    text = "\n".join(f"{name}: {values[name]}" for name in covered.split())
    assert not isinstance(signer.key, keys.Ed25519PrivateKey)
    value = binascii.b2a_base64(signer.key.sign(text.encode(), PKCS1v15(), SHA256()), newline=False).decode()
    header = f'keyId="{signer.key_id}",{parameters},headers="{covered}",signature="{value}"'
    return replace(request, headers={**request.headers, "signature": header})


def verify(request: SignedRequest, signer: Signer, *, now: int = NOW) -> Verified:
    return cavage.verify(request, cavage.read(request), owned(signer), now=now)


def common(now: int = NOW, host: str = "pinxit.example") -> dict[str, str]:
    return {"host": host, "date": http_date(now)}


# What is accepted


def test_signed_get_names_its_actor(signer: Signer) -> None:
    verified = verify(signed(get(), signer), signer)
    assert (verified.actor_uri, verified.key_id, verified.form) == (ACTOR, KEY_ID, "cavage")


def test_signed_post_is_accepted(signer: Signer) -> None:
    assert verify(signed(post(), signer), signer).actor_uri == ACTOR


def test_ed25519_key_signs_too() -> None:
    signer = Signer(ACTOR + "#ed25519-key", keys.generate_ed25519())
    assert verify(signed(post(), signer), signer).key_id == signer.key_id


def test_s183_query_is_signed_and_accepted(signer: Signer) -> None:
    assert verify(signed(get("/search?foo=42"), signer), signer).actor_uri == ACTOR


def test_s183_signature_without_the_query_is_accepted_as_old_mastodon_sent_it(signer: Signer) -> None:
    request = handmade(get("/search?foo=42", **common()), signer, "date host (request-target)", target="/search")
    assert verify(request, signer).actor_uri == ACTOR


@pytest.mark.parametrize("parameters", ['algorithm="hs2019"', 'algorithm="rsa-sha256"', 'version="1"'])
def test_s180_both_algorithm_names_and_none_are_accepted(signer: Signer, parameters: str) -> None:
    request = handmade(get(**common()), signer, "(request-target) host date", parameters=parameters)
    assert verify(request, signer).actor_uri == ACTOR


@pytest.mark.parametrize("created", ["1703066400", '"1703066400"'])
def test_s188_created_replaces_date_with_hs2019(signer: Signer, created: str) -> None:
    request = handmade(
        get(host="pinxit.example"),
        signer,
        "(request-target) (created) host",
        parameters=f'algorithm="hs2019",created={created}',
        special={"(created)": "1703066400"},
    )
    assert verify(request, signer).actor_uri == ACTOR


def test_s184_several_digests_are_accepted_when_sha256_is_among_them(signer: Signer) -> None:
    headers = {**common(), "digest": f"sha-512=AAAA,{digest_header(BODY)}"}
    request = handmade(replace(post(), headers=headers), signer, "(request-target) host date digest")
    assert verify(request, signer).actor_uri == ACTOR


@pytest.mark.parametrize("host", ["PINXIT.example", "pinxit.example:443"])
def test_our_host_is_recognised_in_any_spelling(signer: Signer, host: str) -> None:
    request = handmade(get(**common(host=host)), signer, "(request-target) host date")
    assert verify(request, signer).actor_uri == ACTOR


def test_s187_port_of_our_origin_is_signed(signer: Signer) -> None:
    request = SignedRequest("GET", "http://localhost:8000", "/", {}, b"")
    headers = cavage.sign(request, signer, now=NOW)
    assert headers["host"] == "localhost:8000"
    assert verify(replace(request, headers=headers), signer).actor_uri == ACTOR


# What we send


def test_s181_post_covers_what_every_peer_asks_for(signer: Signer) -> None:
    header = cavage.sign(post(), signer, now=NOW)["signature"]
    assert 'headers="(request-target) host date digest content-type"' in header
    assert 'algorithm="rsa-sha256"' in header
    assert header.count(",") == 3  # Pixelfed splits at commas


def test_s182_get_covers_nothing_that_a_proxy_rewrites(signer: Signer) -> None:
    headers = cavage.sign(get(accept="application/activity+json"), signer, now=NOW)
    assert 'headers="(request-target) host date"' in headers["signature"]
    assert headers["date"] == "Wed, 20 Dec 2023 10:00:00 GMT"
    assert "digest" not in headers


# What is refused


def test_unsigned_request_is_unauthorised() -> None:
    with pytest.raises(Unauthorised):
        cavage.read(get())


@pytest.mark.parametrize(
    "change",
    [
        {"body": b'{"type":"Dislike"}'},
        {"target": "/users/alice/inbox"},
        {"method": "PUT"},
        {"target": "/inbox?x=1&y=2", "method": "PUT"},
    ],
)
def test_changed_request_is_refused(signer: Signer, change: dict[str, object]) -> None:
    request = signed(post(), signer)
    with pytest.raises(BadSignature):
        verify(replace(request, **change), signer)  # type: ignore[arg-type]


def test_changed_query_is_refused(signer: Signer) -> None:
    request = signed(get("/search?foo=42"), signer)
    with pytest.raises(BadSignature):
        verify(replace(request, target="/search?foo=43"), signer)


@pytest.mark.parametrize("name", ["date", "digest", "content-type", "host"])
def test_missing_covered_header_is_refused(signer: Signer, name: str) -> None:
    request = signed(post(), signer)
    headers = {key: value for key, value in request.headers.items() if key != name}
    with pytest.raises(BadSignature):
        verify(replace(request, headers=headers), signer)


def test_another_key_does_not_verify(signer: Signer) -> None:
    other = Signer(KEY_ID, keys.generate_rsa())
    with pytest.raises(BadSignature):
        verify(signed(post(), signer), other)


def test_key_under_another_id_is_not_tried(signer: Signer) -> None:
    request = signed(post(), signer)
    key = OwnedKey(ACTOR + "#other", ACTOR, signer.key.public_key())
    with pytest.raises(BadSignature, match="another key"):
        cavage.verify(request, cavage.read(request), key, now=NOW)


@pytest.mark.parametrize(
    ("method", "covered"),
    [
        ("GET", "(request-target) date"),
        ("GET", "host date"),
        ("GET", "(request-target) host"),
        ("POST", "(request-target) host date"),
        ("POST", "host date digest"),
        ("POST", "(request-target) date digest"),
        ("DELETE", "(request-target) host date"),
    ],
)
def test_s181_s182_signature_that_covers_too_little_is_refused(signer: Signer, method: str, covered: str) -> None:
    request = SignedRequest(method, ORIGIN, "/inbox", {**common(), "digest": digest_header(BODY)}, BODY)
    with pytest.raises(BadSignature):
        cavage.read(handmade(request, signer, covered))


def test_header_without_a_list_of_headers_is_refused(signer: Signer) -> None:
    request = get(**common(), signature=f'keyId="{KEY_ID}",algorithm="rsa-sha256",signature="AAAA"')
    with pytest.raises(BadSignature):
        cavage.read(request)


def test_body_swapped_with_its_digest_is_refused(signer: Signer) -> None:
    request = signed(post(), signer)
    headers = {**request.headers, "digest": digest_header(b"{}")}
    with pytest.raises(BadSignature):
        verify(replace(request, body=b"{}", headers=headers), signer)


def test_s185_digest_that_is_not_the_body_s_is_refused_even_when_signed(signer: Signer) -> None:
    headers = {**common(), "digest": digest_header(b"other")}
    request = handmade(replace(post(), headers=headers), signer, "(request-target) host date digest")
    with pytest.raises(BadSignature):
        verify(request, signer)


def test_request_signed_for_another_host_is_refused(signer: Signer) -> None:
    request = handmade(get(**common(host="elsewhere.example")), signer, "(request-target) host date")
    with pytest.raises(BadSignature, match="another host"):
        verify(request, signer)


@pytest.mark.parametrize(
    "date", ["wrong date", "", "Wed, 20 Dec 2023 10:00:00", "Wed, 32 Dec 2023 10:00:00 GMT",
             "Wed, 20 Dec 2023 25:00:00 GMT", "Wed, 20 Dez 2023 10:00:00 GMT", "2023-12-20T10:00:00Z"],
)  # fmt: skip
def test_unreadable_date_is_malformed(signer: Signer, date: str) -> None:
    request = handmade(get(host="pinxit.example", date=date), signer, "(request-target) host date")
    with pytest.raises(Malformed):
        verify(request, signer)


HOUR = 3600 * SECOND


@pytest.mark.parametrize("age", [-HOUR, -60 * SECOND, 0, 5 * 60 * SECOND, HOUR, HOUR + 5 * 60 * SECOND])
def test_s186_date_within_the_window_is_accepted(signer: Signer, age: int) -> None:
    assert verify(signed(post(), signer, now=NOW - age), signer).actor_uri == ACTOR


@pytest.mark.parametrize("age", [-HOUR - SECOND, HOUR + 301 * SECOND, 48 * HOUR, -48 * HOUR])
def test_s186_date_outside_the_window_is_refused(signer: Signer, age: int) -> None:
    with pytest.raises(BadSignature):
        verify(signed(post(), signer, now=NOW - age), signer)


def with_times(signer: Signer, created: str, expires: str) -> SignedRequest:
    return handmade(
        get(host="pinxit.example"),
        signer,
        "(request-target) (created) (expires) host",
        parameters=f'algorithm="hs2019",created={created},expires={expires}',
        special={"(created)": created, "(expires)": expires},
    )


def test_s186_expires_lengthens_the_window_up_to_twelve_hours(signer: Signer) -> None:
    request = with_times(signer, "1703066400", str(1703066400 + 48 * 3600))
    assert verify(request, signer, now=NOW + 12 * HOUR).actor_uri == ACTOR
    with pytest.raises(BadSignature):
        verify(request, signer, now=NOW + 14 * HOUR)


def test_expires_shortens_the_window(signer: Signer) -> None:
    request = with_times(signer, "1703066400", "1703066460")
    with pytest.raises(BadSignature):
        verify(request, signer, now=NOW + HOUR + 61 * SECOND)


def test_uncovered_expires_does_not_lengthen_the_window(signer: Signer) -> None:
    parameters = f'algorithm="hs2019",expires={1703066400 + 12 * 3600}'
    request = handmade(get(**common()), signer, "(request-target) host date", parameters=parameters)
    with pytest.raises(BadSignature):
        verify(request, signer, now=NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("created", "expires"),
    [("NaN", "1703066500"), ("-1", "1703066500"), ("1703066400", "NaN"), ("1e9", "1703066500"), ("", ""),
     ("1703066400", "1703066399"), ("99999999999999", "1703066500"), ("١٧٠٣", "1703066500")],
)  # fmt: skip
def test_times_that_make_no_sense_are_refused(signer: Signer, created: str, expires: str) -> None:
    with pytest.raises(ProtocolError):
        verify(with_times(signer, created, expires), signer)


@pytest.mark.parametrize("name", ["(created)", "(expires)"])
def test_s188_created_and_expires_are_refused_with_rsa_sha256(signer: Signer, name: str) -> None:
    request = handmade(
        get(**common()),
        signer,
        f"(request-target) host date {name}",
        parameters='algorithm="rsa-sha256",created=1703066400,expires=1703066500',
        special={"(created)": "1703066400", "(expires)": "1703066500"},
    )
    with pytest.raises(BadSignature):
        verify(request, signer)


@pytest.mark.parametrize("name", ["(created)", "(expires)"])
def test_covered_time_without_its_parameter_is_refused(signer: Signer, name: str) -> None:
    request = handmade(
        get(**common()),
        signer,
        f"(request-target) host date {name}",
        parameters='algorithm="hs2019"',
        special={name: "1703066400"},
    )
    with pytest.raises(BadSignature):
        verify(request, signer)


@pytest.mark.parametrize("algorithm", ["hmac-sha256", "rsa-sha1", "rsa-sha512", "none", "ecdsa-sha256", ""])
def test_s180_s195_unknown_algorithm_is_refused(signer: Signer, algorithm: str) -> None:
    parameters = f'algorithm="{algorithm}"'
    request = handmade(get(**common()), signer, "(request-target) host date", parameters=parameters)
    with pytest.raises(BadSignature):
        verify(request, signer)


def test_algorithm_that_contradicts_the_key_is_refused() -> None:
    signer = Signer(KEY_ID, keys.generate_ed25519())
    request = signed(post(), signer)
    header = request.headers["signature"].replace("hs2019", "rsa-sha256")
    with pytest.raises(BadSignature):
        verify(replace(request, headers={**request.headers, "signature": header}), signer)


@pytest.mark.parametrize("name", [b"signature", b"digest", b"date", b"host"])
def test_duplicate_header_is_malformed(signer: Signer, name: bytes) -> None:
    request = signed(post(), signer)
    raw = [(key.encode(), value.encode()) for key, value in request.headers.items()]
    raw.append((name.title(), b"again"))
    with pytest.raises(Malformed):
        from_asgi("POST", ORIGIN, "/inbox", raw, BODY)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "keyId",
        'keyId="a',
        'keyId="a",keyId="b",signature="AAAA",headers="date"',
        'keyId="a",created=1,created=2,signature="AAAA"',
        'keyId="a",headers="date"',
        'signature="AAAA",headers="date"',
        'keyId="",signature="AAAA",headers="(request-target) host date"',
        'keyId="a",signature="!",headers="(request-target) host date"',
        'keyId="a",signature="é",headers="(request-target) host date"',
        'keyId="a",signature="AAAA",headers="(request-target) host date date"',
        'x"a"',
        "x" * 5000,
    ],
)
def test_s193_unreadable_signature_header_is_refused(header: str) -> None:
    with pytest.raises(ProtocolError):
        cavage.read(get(signature=header))


def test_key_id_may_hold_a_comma(signer: Signer) -> None:
    odd = Signer("https://remote.example/users/bob,jr#main-key", signer.key)
    assert cavage.read(signed(get(), odd)).key_id == odd.key_id


@given(st.text())
def test_any_header_is_read_or_a_protocol_error(header: str) -> None:
    check_reading(header)


@given(st.lists(st.tuples(st.sampled_from(["keyId", "signature", "headers", "created", "algorithm", "é"]), st.text())))
def test_any_parameters_are_read_or_a_protocol_error(parameters: list[tuple[str, str]]) -> None:
    check_reading(",".join(f'{name}="{value}"' for name, value in parameters))


def check_reading(header: str) -> None:
    """What is read names a key and binds the request; what is not is refused in the one way."""
    try:
        found = cavage.read(get(signature=header))
    except ProtocolError:
        return
    assert found.key_id
    assert {"(request-target)", "host"} <= set(found.covered)


ED25519 = keys.generate_ed25519()


@given(
    covered=st.lists(st.sampled_from(["(request-target)", "host", "date", "digest", "(created)", "(expires)", "(x)"])),
    created=st.text(max_size=12),
    date=st.text(max_size=30),
    target=st.text(),
)
def test_any_claim_is_verified_or_a_protocol_error(covered: list[str], created: str, date: str, target: str) -> None:
    header = f'keyId="k",signature="AAAA",created="{created}",expires="{created}",headers="{" ".join(covered)}"'
    request = get(target, host="pinxit.example", date=date, digest=date, signature=header)
    with pytest.raises(ProtocolError):
        cavage.verify(request, cavage.read(request), OwnedKey("k", ACTOR, ED25519.public_key()), now=NOW)
