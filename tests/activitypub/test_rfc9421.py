"""Message signatures: the RFC's own vectors, a second opinion, Mastodon's table of cases, and what we refuse beyond."""

import base64
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ED25519, RSA_V1_5_SHA256
from hypothesis import given
from hypothesis import strategies as st

from activitypub import keys, rfc9421
from activitypub.digest import content_digest_header
from activitypub.errors import BadSignature, Malformed, ProtocolError, Unauthorised
from activitypub.keys import OwnedKey, Signer
from activitypub.requests import SignedRequest
from activitypub.structured import SignatureInput, read_signature_inputs, write_bytes
from activitypub.verified import Verified

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "rfc9421.json").read_text())
CASES = VECTORS["cases"]

ACTOR = "https://remote.example/users/bob"
KEY_ID = ACTOR + "#main-key"
ORIGIN = "https://pinxit.example"
SECOND = 1_000_000
HOUR = 3600 * SECOND
CREATED = 1_703_066_400
NOW = CREATED * SECOND
BODY = b'{"type":"Like"}'
COVERED = '"@method" "@target-uri" "@authority" "content-digest"'


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer(KEY_ID, keys.generate_rsa())


def owned(signer: Signer) -> OwnedKey:
    return OwnedKey(signer.key_id, ACTOR, signer.key.public_key())


def get(target: str = "/users/alice", **headers: str) -> SignedRequest:
    return SignedRequest("GET", ORIGIN, target, headers, b"")


def post(**headers: str) -> SignedRequest:
    return SignedRequest("POST", ORIGIN, "/inbox", {"content-type": "application/activity+json", **headers}, BODY)


def signed(request: SignedRequest, signer: Signer, *, now: int = NOW) -> SignedRequest:
    return replace(request, headers={**request.headers, **rfc9421.sign(request, signer, now=now)})


def make(signer: Signer, base: bytes) -> str:
    if isinstance(signer.key, RSAPrivateKey):
        return write_bytes(signer.key.sign(base, PKCS1v15(), SHA256()))
    return write_bytes(signer.key.sign(base))


def handmade(request: SignedRequest, signer: Signer, *statements: str) -> SignedRequest:
    """Sign as some peer does: each statement is a whole member of Signature-Input."""
    headers = {**request.headers, "host": "pinxit.example", "content-digest": content_digest_header(request.body)}
    complete = replace(request, headers=headers)
    headers["signature-input"] = ", ".join(statements)
    headers["signature"] = ", ".join(
        f"{one.label}={make(signer, rfc9421.signature_base(complete, one))}"
        for one in read_signature_inputs(headers["signature-input"])
    )
    return complete


def verify(request: SignedRequest, signer: Signer, *, now: int = NOW) -> Verified:
    return rfc9421.verify(request, rfc9421.read(request), owned(signer), now=now)


# The RFC's vectors


def vector_request() -> SignedRequest:
    request = VECTORS["request"]
    return SignedRequest(
        request["method"], request["origin"], request["target"], request["headers"], request["body"].encode()
    )


def statement(case: str) -> SignatureInput:
    (one,) = read_signature_inputs(CASES[case]["input"])
    return one


@pytest.mark.parametrize("case", sorted(CASES))
def test_s204_signature_base_is_the_rfc_s(case: str) -> None:
    assert rfc9421.signature_base(vector_request(), statement(case)).decode() == "\n".join(CASES[case]["base"])


@pytest.mark.parametrize("case", ["B.2.1", "B.2.2", "B.2.3", "B.2.6"])
def test_s204_signature_of_the_rfc_is_verified(case: str) -> None:
    vector = CASES[case]
    key = keys.load_public(VECTORS["keys"][dict(statement(case).parameters)["keyid"]])
    base = rfc9421.signature_base(vector_request(), statement(case))
    rfc9421.check_value(base, base64.b64decode(vector["signature"]), key, vector["algorithm"])
    with pytest.raises(BadSignature):
        rfc9421.check_value(base + b" ", base64.b64decode(vector["signature"]), key, vector["algorithm"])


def test_s204_ed25519_signature_is_the_rfc_s() -> None:
    key = keys.load_private(VECTORS["ed25519_private"], trusted=False)
    base = rfc9421.signature_base(vector_request(), statement("B.2.6"))
    assert make(Signer("test-key-ed25519", key), base) == f":{CASES['B.2.6']['signature']}:"


@pytest.mark.parametrize("key", sorted(VECTORS["keys"]))
def test_hmac_of_the_rfc_is_refused_with_any_key(key: str) -> None:
    base = rfc9421.signature_base(vector_request(), statement("B.2.5"))
    value = base64.b64decode(CASES["B.2.5"]["signature"])
    for algorithm in ("hmac-sha256", None):
        with pytest.raises(BadSignature):
            rfc9421.check_value(base, value, keys.load_public(VECTORS["keys"][key]), algorithm)


@pytest.mark.parametrize("case", sorted(CASES))
def test_signature_of_the_rfc_covers_too_little_for_us(case: str) -> None:
    request = vector_request()
    label = statement(case).label
    headers = {
        **request.headers,
        "signature-input": CASES[case]["input"],
        "signature": f"{label}=:{CASES[case]['signature']}:",
    }
    with pytest.raises(BadSignature):
        rfc9421.read(replace(request, headers=headers))


# A second opinion: http-message-signatures reads what we sign, and we read what it signs


@dataclass
class Message:
    method: str
    url: str
    headers: dict[str, str]


def algorithm_of(signer: Signer) -> type[HTTPSignatureAlgorithm]:
    return RSA_V1_5_SHA256 if isinstance(signer.key, RSAPrivateKey) else ED25519


def resolver(signer: Signer) -> MappingKeyResolver:
    return MappingKeyResolver(
        public_keys={signer.key_id: signer.key.public_key()}, private_keys={signer.key_id: signer.key}
    )


@pytest.fixture(params=["rsa", "ed25519"])
def either(request: pytest.FixtureRequest, signer: Signer) -> Signer:
    return signer if request.param == "rsa" else Signer(ACTOR + "#ed25519-key", keys.generate_ed25519())


@pytest.mark.parametrize("request_", [post(), get(), get("/search?q=a%20b&x=")])
def test_second_opinion_verifies_what_we_sign(either: Signer, request_: SignedRequest) -> None:
    request = signed(request_, either)
    verifier = HTTPMessageVerifier(signature_algorithm=algorithm_of(either), key_resolver=resolver(either))
    message = Message(request.method, request.url, dict(request.headers))
    (result,) = verifier.verify(message, max_age=None, body=request.body or None)
    assert '"@target-uri"' in result.covered_components


def test_second_opinion_s_signature_is_verified(either: Signer) -> None:
    message = Message("POST", ORIGIN + "/inbox?page=1", {"date": "Wed, 20 Dec 2023 10:00:00 GMT"})
    library = HTTPMessageSigner(signature_algorithm=algorithm_of(either), key_resolver=resolver(either))
    created = datetime.fromtimestamp(CREATED, UTC)
    library.sign(message, key_id=either.key_id, created=created, nonce='a"b\\c', body=BODY)
    headers = {name.lower(): value for name, value in message.headers.items()}
    request = SignedRequest("POST", ORIGIN, "/inbox?page=1", headers, BODY)
    assert verify(request, either).actor_uri == ACTOR


# What is accepted


def test_s202_signed_post_names_its_actor(either: Signer) -> None:
    verified = verify(signed(post(), either), either)
    assert (verified.actor_uri, verified.key_id, verified.form) == (ACTOR, either.key_id, "rfc9421")


def test_signed_get_is_accepted(signer: Signer) -> None:
    assert verify(signed(get("/search?q=1"), signer), signer).actor_uri == ACTOR


def test_fedify_s_set_of_components_is_accepted(signer: Signer) -> None:
    request = handmade(
        post(date="Wed, 20 Dec 2023 10:00:00 GMT"),
        signer,
        f'sig1=("@method" "@target-uri" "@authority" "host" "date" "content-digest")'
        f';alg="rsa-v1_5-sha256";keyid="{KEY_ID}";created={CREATED}',
    )
    assert verify(request, signer).actor_uri == ACTOR


def test_s202_alg_may_be_absent(signer: Signer) -> None:
    request = handmade(post(), signer, f'sig1=({COVERED});created={CREATED};keyid="{KEY_ID}"')
    assert verify(request, signer).actor_uri == ACTOR


def test_s197_any_one_valid_label_suffices(signer: Signer) -> None:
    good = f'good=({COVERED});created={CREATED};keyid="{KEY_ID}"'
    proxy = 'proxy=("@authority");created=1;keyid="proxy"'
    stale = f'stale=({COVERED});created=5;keyid="{KEY_ID}"'
    request = handmade(post(), signer, proxy, stale, good)
    assert rfc9421.read(request).key_ids == (KEY_ID,)
    assert verify(request, signer).actor_uri == ACTOR


def test_every_key_claimed_is_offered_to_the_caller(signer: Signer) -> None:
    first = f'a=({COVERED});created={CREATED};keyid="https://a.example/key"'
    second = f'b=({COVERED});created={CREATED};keyid="{KEY_ID}"'
    signature = rfc9421.read(handmade(post(), signer, first, second))
    assert signature.key_id == "https://a.example/key"
    assert signature.key_ids == ("https://a.example/key", KEY_ID)


def test_spaces_in_signature_input_do_not_matter(signer: Signer) -> None:
    request = handmade(post(), signer, f'sig1=({COVERED});created={CREATED};keyid="{KEY_ID}"')
    spaced = request.headers["signature-input"].replace('" "', '"   "').replace(";", "; ")
    assert verify(replace(request, headers={**request.headers, "signature-input": spaced}), signer).actor_uri == ACTOR


def test_s206_target_uri_comes_from_the_configured_origin(signer: Signer) -> None:
    # A proxy that rewrites Host spoils only what covers it; we do, as Fedify does, and others need not.
    sent = handmade(post(), signer, f'sig1=({COVERED});created={CREATED};keyid="{KEY_ID}"')
    behind_proxy = replace(sent, headers={**sent.headers, "host": "127.0.0.1:8000"})
    assert verify(behind_proxy, signer).actor_uri == ACTOR
    with pytest.raises(BadSignature):
        verify(replace(sent, origin="http://127.0.0.1:8000"), signer)


def test_default_port_is_not_part_of_the_authority(signer: Signer) -> None:
    request = handmade(
        replace(post(), origin=ORIGIN + ":443"), signer, f'sig1=({COVERED});created={CREATED};keyid="{KEY_ID}"'
    )
    assert b'"@authority": pinxit.example\n' in rfc9421.signature_base(
        request, read_signature_inputs(request.headers["signature-input"])[0]
    )


# What we send


def test_s197_s200_one_label_covers_what_fedify_and_mastodon_ask_for(signer: Signer) -> None:
    headers = rfc9421.sign(post(), signer, now=NOW)
    (one,) = read_signature_inputs(headers["signature-input"])
    names = ["@method", "@target-uri", "@authority", "host", "date", "content-digest"]
    assert [part.name for part in one.components] == names
    assert dict(one.parameters) == {"created": CREATED, "keyid": KEY_ID, "alg": "rsa-v1_5-sha256"}


# What is refused


@pytest.mark.parametrize("missing", ["signature", "signature-input"])
def test_half_a_signature_is_unauthorised(signer: Signer, missing: str) -> None:
    request = signed(post(), signer)
    headers = {name: value for name, value in request.headers.items() if name != missing}
    with pytest.raises(Unauthorised):
        rfc9421.read(replace(request, headers=headers))


@pytest.mark.parametrize("change", [{"body": b"{}"}, {"target": "/inbox?x=1"}, {"target": "/other"}, {"method": "PUT"}])
def test_changed_request_is_refused(signer: Signer, change: dict[str, object]) -> None:
    with pytest.raises(BadSignature):
        verify(replace(signed(post(), signer), **change), signer)  # type: ignore[arg-type]


def test_body_swapped_with_its_digest_is_refused(signer: Signer) -> None:
    request = signed(post(), signer)
    headers = {**request.headers, "content-digest": content_digest_header(b"{}")}
    with pytest.raises(BadSignature):
        verify(replace(request, body=b"{}", headers=headers), signer)


def test_s201_digest_that_is_not_the_body_s_is_refused_even_when_signed(signer: Signer) -> None:
    request = handmade(post(), signer, f'sig1=({COVERED});created={CREATED};keyid="{KEY_ID}"')
    with pytest.raises(BadSignature, match="digest"):
        verify(replace(request, body=b"{}"), signer)


@pytest.mark.parametrize("name", ["content-digest", "date", "x-forwarded-for"])
def test_s205_missing_covered_component_is_refused(signer: Signer, name: str) -> None:
    request = handmade(
        post(date="now", **{"x-forwarded-for": "1"}),
        signer,
        f'sig1=({COVERED} "date" "x-forwarded-for");created={CREATED};keyid="{KEY_ID}"',
    )
    headers = {key: value for key, value in request.headers.items() if key != name}
    with pytest.raises(BadSignature):
        verify(replace(request, headers=headers), signer)
    with pytest.raises(BadSignature):
        verify(replace(request, headers={**headers, name: "sha-256=:AAAA:"}), signer)


@pytest.mark.parametrize(
    "statement",
    [
        f'("@method" "content-digest");created={CREATED};keyid="{KEY_ID}"',
        f'("@target-uri" "content-digest");created={CREATED};keyid="{KEY_ID}"',
        f'("@method" "@target-uri");created={CREATED};keyid="{KEY_ID}"',
        f"({COVERED});created={CREATED}",
        f'("@method";req "@target-uri" "content-digest");created={CREATED};keyid="{KEY_ID}"',
        f'({COVERED});created={CREATED};keyid=""',
        f"({COVERED});created={CREATED};keyid=5",
        f'({COVERED});keyid="{KEY_ID}"',
        f'({COVERED});created="{CREATED}";keyid="{KEY_ID}"',
        f'({COVERED});created=-5;keyid="{KEY_ID}"',
        f'({COVERED});created=NaN;keyid="{KEY_ID}"',
        f'({COVERED});created={CREATED}.5;keyid="{KEY_ID}"',
        f'({COVERED});created={CREATED};expires=-1;keyid="{KEY_ID}"',
        f'({COVERED});created={CREATED};alg=5;keyid="{KEY_ID}"',
        f'({COVERED});created={CREATED};created={CREATED};keyid="{KEY_ID}"',
    ],
)
def test_s198_s199_statement_that_says_too_little_is_refused(signer: Signer, statement: str) -> None:
    headers = {"signature-input": "sig1=" + statement, "signature": "sig1=:AAAA:"}
    with pytest.raises(ProtocolError):
        rfc9421.read(post(**headers))


@pytest.mark.parametrize("component", ['"@path";req', '"date";sf', '"date";key="x"', '"@status"', '"@unknown"'])
def test_component_that_is_not_understood_is_refused(signer: Signer, component: str) -> None:
    headers = {
        "date": "now",
        "content-digest": content_digest_header(BODY),
        "signature-input": f'sig1=({COVERED} {component});created={CREATED};keyid="{KEY_ID}"',
        "signature": "sig1=:AAAA:",
    }
    with pytest.raises(BadSignature, match=r"not understood|not a component"):
        verify(post(**headers), signer)


@pytest.mark.parametrize("component", ['"@query-param"', '"@query-param";name="a"', '"@query-param";name="b";req'])
def test_query_parameter_that_could_be_another_is_refused(component: str) -> None:
    [statement_] = read_signature_inputs(f"sig1=({component});created={CREATED}")
    with pytest.raises(BadSignature, match="query parameter"):
        rfc9421.signature_base(get("/x?a=1&a=2&b=3"), statement_)


def test_component_covered_twice_is_refused(signer: Signer) -> None:
    headers = {
        "content-digest": content_digest_header(BODY),
        "signature-input": f'sig1=({COVERED} "@method");created={CREATED};keyid="{KEY_ID}"',
        "signature": "sig1=:AAAA:",
    }
    with pytest.raises(Malformed):
        verify(post(**headers), signer)


def test_host_of_another_server_is_refused(signer: Signer) -> None:
    statement_ = f'sig1=({COVERED} "host");created={CREATED};keyid="{KEY_ID}"'
    request = handmade(post(), signer, statement_)
    headers = {**request.headers, "host": "elsewhere.example"}
    base = rfc9421.signature_base(replace(request, headers=headers), read_signature_inputs(statement_)[0])
    headers["signature"] = f"sig1={make(signer, base)}"
    with pytest.raises(BadSignature, match="another host"):
        verify(replace(request, headers=headers), signer)


@pytest.mark.parametrize("age", [-HOUR, 0, HOUR + 5 * 60 * SECOND])
def test_s203_created_within_the_window_is_accepted(signer: Signer, age: int) -> None:
    assert verify(signed(post(), signer, now=NOW - age), signer).actor_uri == ACTOR


@pytest.mark.parametrize("age", [-HOUR - SECOND, HOUR + 301 * SECOND, 24 * HOUR])
def test_s203_created_outside_the_window_is_refused(signer: Signer, age: int) -> None:
    with pytest.raises(BadSignature):
        verify(signed(post(), signer, now=NOW - age), signer)


@pytest.mark.parametrize(("expires", "later"), [(CREATED - 1, 0), (CREATED + 60, HOUR + 61 * SECOND)])
def test_expired_signature_is_refused(signer: Signer, expires: int, later: int) -> None:
    request = handmade(post(), signer, f'sig1=({COVERED});created={CREATED};expires={expires};keyid="{KEY_ID}"')
    with pytest.raises(BadSignature):
        verify(request, signer, now=NOW + later)


def test_expires_lengthens_the_window(signer: Signer) -> None:
    expires = CREATED + 6 * 3600
    request = handmade(post(), signer, f'sig1=({COVERED});created={CREATED};expires={expires};keyid="{KEY_ID}"')
    assert verify(request, signer, now=NOW + 5 * HOUR).actor_uri == ACTOR


@pytest.mark.parametrize("algorithm", ["hmac-sha256", "none", "ecdsa-p256-sha256", ""])
def test_s202_alg_that_contradicts_the_key_is_refused(either: Signer, algorithm: str) -> None:
    request = handmade(post(), either, f'sig1=({COVERED});created={CREATED};keyid="{either.key_id}";alg="{algorithm}"')
    with pytest.raises(BadSignature):
        verify(request, either)


def test_alg_of_the_other_kind_of_key_is_refused(signer: Signer) -> None:
    request = handmade(post(), signer, f'sig1=({COVERED});created={CREATED};keyid="{KEY_ID}";alg="ed25519"')
    with pytest.raises(BadSignature, match="alg"):
        verify(request, signer)


def test_another_key_does_not_verify(signer: Signer) -> None:
    with pytest.raises(BadSignature):
        verify(signed(post(), signer), Signer(KEY_ID, keys.generate_rsa()))
    with pytest.raises(BadSignature, match="another key"):
        verify(signed(post(), signer), Signer(KEY_ID + "2", signer.key))


@pytest.mark.parametrize(
    ("inputs", "values"),
    [
        ("", ""),
        ("a", "a=:AAAA:"),
        ("a=1", "a=:AAAA:"),
        ("a=(", "a=:AAAA:"),
        ("a=(@method)", "a=:AAAA:"),
        ("a=(1 2)", "a=:AAAA:"),
        ('a=("x""y")', "a=:AAAA:"),
        ('a=("@method"),', "a=:AAAA:"),
        ('a=("@method"), a=("@method")', "a=:AAAA:"),
        ('a=("@method"))', "a=:AAAA:"),
        ('a=("@method");created=', "a=:AAAA:"),
        ('a=("@method")', "a=5"),
        ('a=("@method")', "a=:!:"),
        ('a=("@method")', "a=:AAA:"),
        ('a=("@method")', "a=:AAAA:, a=:AAAA:"),
        ('a=("@method")', "b=:AAAA:"),
        (", ".join(f'a{number}=("@method")' for number in range(9)), "a1=:AAAA:"),
        ("a=(" + " ".join('"x"' for _ in range(99)) + ")", "a=:AAAA:"),
        ("a=(" + " " * 5000 + ")", "a=:AAAA:"),
    ],
)
def test_unreadable_fields_are_refused(inputs: str, values: str) -> None:
    with pytest.raises(ProtocolError):
        rfc9421.read(post(**{"signature-input": inputs, "signature": values}))


@given(st.text(), st.text())
def test_any_fields_are_read_or_a_protocol_error(inputs: str, values: str) -> None:
    try:
        found = rfc9421.read(post(**{"signature-input": inputs, "signature": values}))
    except ProtocolError:
        return
    assert all(claim.key_id for claim in found.claims) and found.claims


PIECES = st.sampled_from(
    ["a", "=", "(", ")", '"@method"', '"@target-uri"', '"content-digest"', " ", ";", "created", "1703066400",
     "keyid", '"k"', ",", ":AAAA:", "?1", "-1.5", "*tok/en", "\\", '"', "é"]
)  # fmt: skip


@given(st.lists(PIECES).map("".join), st.lists(PIECES).map("".join))
def test_any_claim_is_verified_or_a_protocol_error(inputs: str, values: str) -> None:
    request = post(**{"signature-input": inputs, "signature": "a=:AAAA:" + values})
    key = OwnedKey("k", ACTOR, keys.load_public(VECTORS["keys"]["test-key-ed25519"]))
    with pytest.raises(ProtocolError):
        rfc9421.verify(request, rfc9421.read(request), key, now=NOW)
