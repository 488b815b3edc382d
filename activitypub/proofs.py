"""Object integrity proofs (FEP-8b32) of the suite eddsa-jcs-2022: a signature inside the document.

Must not look a key up, nor say whether its owner may speak for the document.
"""

import hashlib
from collections.abc import Mapping

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from activitypub.errors import BadSignature, Malformed, Unauthorised
from activitypub.keys import OwnedKey, Signer, base58_decode, base58_encode
from activitypub.verified import SEAL, Verified

Node = dict[str, object]

# 64 bytes in base58btc are 86 to 88 characters.
MAX_VALUE_CHARACTERS = 128


def attach(document: Mapping[str, object], signer: Signer, *, created: str) -> Node:
    """Return the document with a proof by an Ed25519 key; `created` is ISO 8601, UTC, ending in Z."""
    if not isinstance(signer.key, Ed25519PrivateKey):
        raise TypeError("eddsa-jcs-2022 signs with an Ed25519 key")
    proof: Node = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": signer.key_id,
        "proofPurpose": "assertionMethod",
        "created": created,
    }
    if "@context" in document:
        proof["@context"] = document["@context"]
    bare = {name: value for name, value in document.items() if name != "proof"}
    value = signer.key.sign(_hash(proof) + _hash(bare))
    return {**bare, "proof": {**proof, "proofValue": "z" + base58_encode(value)}}


def key_id_of(document: Mapping[str, object]) -> str | None:
    """The key that a proof of our suite claims, or None where there is no such proof."""
    proof = _proof_of(document)
    if proof is None or proof.get("cryptosuite") != "eddsa-jcs-2022":
        return None
    method = proof.get("verificationMethod")
    return method if isinstance(method, str) else None


def check(document: Mapping[str, object], key: OwnedKey) -> None:
    """Hold the document against its proof; raises Unauthorised where it has none, BadSignature or Malformed."""
    proof = _proof_of(document)
    if proof is None:
        raise Unauthorised("the document has no proof")
    public = _claimed(proof, key)
    value = proof.get("proofValue")
    if not isinstance(value, str) or not value.startswith("z") or len(value) > MAX_VALUE_CHARACTERS:
        raise Malformed("proofValue is base58btc, which starts with z")
    options = {name: item for name, item in proof.items() if name != "proofValue"}
    # An LD signature is added after the proof (FEP-8b32, Backward compatibility), so it is not part of it.
    bare = {name: item for name, item in document.items() if name not in ("proof", "signature")}
    if "@context" in options:
        bare["@context"] = _common_context(options["@context"], bare.get("@context"))
    try:
        public.verify(base58_decode(value[1:]), _hash(options) + _hash(bare))
    except InvalidSignature as error:
        raise BadSignature("the proof does not fit the document") from error


def verify(document: Mapping[str, object], key: OwnedKey) -> Verified:
    """Hold the document against its proof and return who vouches for it; raises like `check`."""
    check(document, key)
    return Verified(key.owner, key.key_id, "proof", SEAL)


def _proof_of(document: Mapping[str, object]) -> Node | None:
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    return proof if isinstance(proof, dict) else None


def _claimed(proof: Node, key: OwnedKey) -> Ed25519PublicKey:
    """The key, if the proof is of our suite and claims it."""
    if proof.get("type") != "DataIntegrityProof" or proof.get("cryptosuite") != "eddsa-jcs-2022":
        raise BadSignature("only eddsa-jcs-2022 proofs are understood")
    if not isinstance(key.key, Ed25519PublicKey):
        raise BadSignature("eddsa-jcs-2022 needs an Ed25519 key")
    if proof.get("verificationMethod") != key.key_id:
        raise BadSignature("the proof claims another key")
    if proof.get("proofPurpose") != "assertionMethod":
        raise BadSignature("the proof is not made for assertionMethod")
    return key.key


def _common_context(signed: object, present: object) -> object:
    """The context that was signed, which the document's own must begin with (Data Integrity, eddsa-jcs-2022 §3.3.2)."""
    wanted = signed if isinstance(signed, list) else [signed]
    given = present if isinstance(present, list) else [present]
    if given[: len(wanted)] != wanted:
        raise BadSignature("the document's context is not the one in its proof")
    return signed


def _hash(value: Mapping[str, object]) -> bytes:
    try:
        text = rfc8785.dumps(dict(value))  # type: ignore[arg-type]  # what is not JSON it refuses itself
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeEncodeError) as error:
        raise Malformed("the document has no canonical form") from error
    return hashlib.sha256(text).digest()
