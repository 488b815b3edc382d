"""What an object proof (FEP-8b32) costs an activity as we deliver it: canonical form, hashes, Ed25519."""

import time

from activitypub import activities as build
from activitypub import keys, proofs
from activitypub.keys import Signer
from activitypub.vocabulary import PUBLIC
from tests.bench.machine import calibrate
from tests.bench.table import Row

ROUNDS = 5
PROOFS = 300
ALICE = "https://pinxit.example/users/alice"
NOTE = {
    "id": f"{ALICE}/posts/1",
    "type": "Note",
    "attributedTo": ALICE,
    "content": "<p>A red boat on a quiet sea, seen from the hill behind the village in the evening.</p>" * 3,
    "to": [PUBLIC],
    "cc": [f"{ALICE}/followers"],
    "tag": [{"type": "Hashtag", "name": "#boat", "href": "https://pinxit.example/tags/boat"}] * 5,
}


def run() -> list[Row]:
    """Prove a Create some hundred times; it is done once for an activity, and one RSA signature for each inbox."""
    signer = Signer(f"{ALICE}#ed25519-key", keys.generate_ed25519())
    create = build.create(f"{ALICE}/activities/1", ALICE, NOTE)
    proven = min(_measure(create, signer) for _ in range(ROUNDS))
    return [
        Row("object proof of a Create", proven, "µs CPU", note="once an activity"),
        Row("object proof of a Create", proven / calibrate()["RSA-2048 sign"], "× RSA sign"),
    ]


def _measure(create: proofs.Node, signer: Signer) -> float:
    start = time.process_time()
    for _ in range(PROOFS):
        proofs.attach(create, signer, created="2026-01-01T00:00:00Z")
    return (time.process_time() - start) / PROOFS * 1e6
