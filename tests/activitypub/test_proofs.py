"""Object integrity proofs: the vectors of the FEP and of the W3C, and what a proof does not cover."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from activitypub import keys, proofs
from activitypub.errors import BadSignature, Malformed, ProtocolError, Unauthorised
from activitypub.keys import OwnedKey, Signer

VECTORS = json.loads((Path(__file__).parent.parent / "vectors" / "proofs.json").read_text())
CREATED = VECTORS["created"]
CASE = VECTORS["cases"][0]
KEY_ID = CASE["key_id"]

# A secret Multikey is two bytes of multicodec (0x1300), then the seed.
SEED = keys.base58_decode(VECTORS["secret"][1:])[2:]
PRIVATE = Ed25519PrivateKey.from_private_bytes(SEED)
OWNED = OwnedKey(KEY_ID, "https://server.example/users/alice", keys.read_multikey(VECTORS["public"]))


def attached(**changes: object) -> dict[str, Any]:
    return {**proofs.attach(CASE["document"], Signer(KEY_ID, PRIVATE), created=CREATED), **changes}


def with_proof(**changes: object) -> dict[str, Any]:
    document = attached()
    return {**document, "proof": {**document["proof"], **changes}}


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["origin"])
def test_proof_is_the_published_one(case: dict[str, Any]) -> None:
    document = proofs.attach(case["document"], Signer(case["key_id"], PRIVATE), created=CREATED)
    assert document["proof"]["proofValue"] == case["proof_value"]  # type: ignore[index]
    proofs.check(document, OwnedKey(case["key_id"], "", OWNED.key))


def test_proof_names_its_key() -> None:
    assert proofs.key_id_of(attached()) == KEY_ID
    assert proofs.key_id_of(CASE["document"]) is None
    assert proofs.key_id_of(with_proof(cryptosuite="mldsa44-jcs-2024")) is None


def test_proof_in_a_list_of_one_is_read() -> None:
    document = attached()
    proofs.check({**document, "proof": [document["proof"]]}, OWNED)


def test_later_ld_signature_is_not_part_of_what_the_proof_covers() -> None:
    proofs.check(attached(signature={"type": "RsaSignature2017"}), OWNED)


def test_proof_without_a_context_is_checked() -> None:
    bare = {name: value for name, value in CASE["document"].items() if name != "@context"}
    proofs.check(proofs.attach(bare, Signer(KEY_ID, PRIVATE), created=CREATED), OWNED)


def test_document_without_proof_is_unauthorised() -> None:
    with pytest.raises(Unauthorised):
        proofs.check(CASE["document"], OWNED)


@pytest.mark.parametrize(
    "change", [{"type": "Delete"}, {"actor": "https://server.example/users/eve"}, {"to": "as:Public"}]
)
def test_changed_document_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadSignature):
        proofs.check(attached(**change), OWNED)


@pytest.mark.parametrize(
    "change",
    [
        {"created": "2024-01-01T00:00:00Z"},
        {"cryptosuite": "eddsa-rdfc-2022"},
        {"proofPurpose": "authentication"},
        {"verificationMethod": KEY_ID + "2"},
        {"type": "Ed25519Signature2020"},
        {"@context": ["https://www.w3.org/ns/activitystreams"]},
        {"@context": "https://other.example/context"},
        {"domain": "added"},
    ],
)
def test_changed_proof_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadSignature):
        proofs.check(with_proof(**change), OWNED)


@pytest.mark.parametrize("value", [None, 5, "", "u1234", "z0OIl", "z" + "2" * 500])
def test_unreadable_proof_value_is_malformed(value: object) -> None:
    with pytest.raises(Malformed):
        proofs.check(with_proof(proofValue=value), OWNED)


def test_another_key_does_not_verify() -> None:
    with pytest.raises(BadSignature):
        proofs.check(attached(), OwnedKey(KEY_ID, "", keys.generate_ed25519().public_key()))


def test_rsa_key_is_not_of_this_suite() -> None:
    key = keys.generate_rsa()
    with pytest.raises(BadSignature):
        proofs.check(attached(), OwnedKey(KEY_ID, "", key.public_key()))
    with pytest.raises(TypeError):
        proofs.attach({}, Signer(KEY_ID, key), created=CREATED)


@pytest.mark.parametrize("value", [2**60, float("nan"), "\ud800", object()])
def test_document_without_canonical_form_is_malformed(value: object) -> None:
    with pytest.raises(Malformed):
        proofs.check(attached(extra=value), OWNED)


JSON = st.recursive(st.none() | st.booleans() | st.text() | st.integers(), lambda inner: st.lists(inner), max_leaves=5)


@given(st.dictionaries(st.sampled_from(["type", "cryptosuite", "proofValue", "@context", "proofPurpose"]), JSON))
def test_any_proof_is_a_protocol_error(changes: dict[str, object]) -> None:
    with pytest.raises(ProtocolError):
        proofs.check(with_proof(proofValue="z111", **{k: v for k, v in changes.items() if k != "proofValue"}), OWNED)
