"""Both forms behind one door, and the type that only a signature check can make."""

import ast
import copy
import dataclasses
from pathlib import Path

import pytest

from activitypub import keys, signatures
from activitypub.errors import BadSignature, ProtocolError, Unauthorised
from activitypub.keys import OwnedKey, Signer
from activitypub.requests import SignedRequest
from activitypub.signatures import Form, Verified

ACTOR = "https://Remote.example:8443/users/bob"
NOW = 1_703_066_400_000_000
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer(ACTOR + "#main-key", keys.generate_rsa())


def signed(signer: Signer, form: Form) -> SignedRequest:
    request = SignedRequest("POST", "https://pinxit.example", "/inbox", {}, b"{}")
    return dataclasses.replace(request, headers=signatures.sign(request, signer, form, now=NOW))


def verified(signer: Signer, form: Form = "cavage") -> Verified:
    request = signed(signer, form)
    key = OwnedKey(signer.key_id, ACTOR, signer.key.public_key())
    return signatures.verify(request, signatures.read(request), key, now=NOW)


@pytest.mark.parametrize("form", ["cavage", "rfc9421"])
def test_s197_either_form_is_recognised_and_verified(signer: Signer, form: Form) -> None:
    signature = signatures.read(signed(signer, form))
    assert (signature.form, signature.key_id) == (form, signer.key_id)
    assert verified(signer, form).form == form


def test_unsigned_request_is_unauthorised() -> None:
    with pytest.raises(Unauthorised):
        signatures.read(SignedRequest("GET", "https://pinxit.example", "/", {}, b""))


def test_signature_of_a_is_not_one_of_b(signer: Signer) -> None:
    request = signed(signer, "cavage")
    other = "https://remote.example/users/eve"
    key = OwnedKey(other + "#main-key", other, signer.key.public_key())
    with pytest.raises(BadSignature):
        signatures.verify(request, signatures.read(request), key, now=NOW)


def test_s197_broken_message_signature_does_not_fall_back_to_the_old_form(signer: Signer) -> None:
    old = signed(signer, "cavage")
    request = dataclasses.replace(old, headers={**old.headers, "signature-input": 'sig1=("@method")'})
    with pytest.raises(ProtocolError):
        signatures.read(request)


def test_verified_speaks_for_the_owner_of_the_key(signer: Signer) -> None:
    assert verified(signer).actor_uri == ACTOR
    assert verified(signer).host == "remote.example:8443"


@pytest.mark.parametrize("seal", [None, object(), True, "SEAL"])
def test_verified_cannot_be_made_by_hand(seal: object) -> None:
    with pytest.raises(TypeError):
        Verified(ACTOR, ACTOR + "#main-key", "cavage", seal)


def test_verified_cannot_be_changed(signer: Signer) -> None:
    one = verified(signer)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.actor_uri = "https://victim.example/"  # type: ignore[misc]
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(one, actor_uri="https://victim.example/")
    assert copy.copy(one) == one


def test_seal_is_known_to_the_four_checks_alone() -> None:
    users = set()
    for path in [*ROOT.glob("activitypub/**/*.py"), *ROOT.glob("server/**/*.py"), *ROOT.glob("generator/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom | ast.Import) else []
            if "SEAL" in names or (isinstance(node, ast.Attribute) and node.attr == "SEAL"):
                users.add(path.relative_to(ROOT).as_posix())
    outer, inner = (
        {"activitypub/cavage.py", "activitypub/rfc9421.py"},
        {"activitypub/proofs.py", "activitypub/ldsignature.py"},
    )
    assert users == outer | inner
