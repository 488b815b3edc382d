"""What is delivered proves itself, so that it is believed when others pass it on; a second opinion agrees."""

import copy
import json
from typing import Any

from apsig import ProofSigner, ProofVerifier
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activitypub import keys, proofs
from activitypub.audience import Visibility
from activitypub.keys import OwnedKey
from activitypub.reading import read_actor, read_json
from activitypub.vocabulary import DATA_INTEGRITY
from server.actions.writing.publish import Draft, publish
from tests.fakes import FakeClock, Network
from tests.instance import open_instance, run_jobs_until_idle, run_next_job
from tests.remote_host import RemoteHost

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY_ID = "https://remote.example/users/victor#ed25519-key"


async def deliver(tmp_path: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """(a Create as it arrived, its author's document)."""
    network, clock = Network(), FakeClock()
    async with open_instance(tmp_path / "house", network, clock) as house:
        alice = await house.register("alice")
        victor = RemoteHost(network, clock).person("victor")
        await victor.send(victor.activity("Follow", alice.uri), f"{house.origin}/inbox")
        await run_jobs_until_idle(house)
        async with house.database.write() as tx:
            await publish(tx, house.site, alice, Draft(text="Grüße, €5 & more", visibility=Visibility.PUBLIC))
        await run_jobs_until_idle(house)
        (create,) = victor.host.received("Create")
        shown = await network.send("GET", alice.uri, {"accept": "application/activity+json"})
        return create, shown.json()


async def test_s240_a_delivered_activity_is_proven_by_the_key_that_its_author_shows(tmp_path):
    create, shown = await deliver(tmp_path)
    author = read_actor(shown)
    (key,) = [one for one in author.keys if one.key_id == create["proof"]["verificationMethod"]]

    assert DATA_INTEGRITY in create["@context"]
    assert proofs.verify(create, key).actor_uri == author.id == create["actor"]


async def test_s240_apsig_verifies_our_proof(tmp_path):
    create, shown = await deliver(tmp_path)
    (method,) = shown["assertionMethod"]
    verifier = ProofVerifier(method["publicKeyMultibase"])

    # It takes apart what it is given.
    assert verifier.verify(copy.deepcopy(create), raise_on_fail=True)
    assert not verifier.verify(copy.deepcopy(create) | {"object": "https://elsewhere.example/"})


def test_s240_we_verify_the_proof_of_apsig():
    document = {"@context": ["https://www.w3.org/ns/activitystreams"], "id": "https://remote.example/1", "type": "Like"}
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "proofPurpose": "assertionMethod",
        "verificationMethod": KEY_ID,
        "created": "2026-01-01T00:00:00Z",
    }
    signed = read_json(json.dumps(ProofSigner(KEY).sign(document, options)).encode())
    owned = OwnedKey(KEY_ID, "https://remote.example/users/victor", keys.read_multikey(keys.multikey(KEY.public_key())))

    assert proofs.verify(signed, owned).actor_uri == owned.owner


async def test_what_goes_out_in_many_batches_is_proven_once(tmp_path):
    network, clock = Network(), FakeClock()
    async with open_instance(tmp_path / "house", network, clock) as house:
        alice = await house.register("alice")
        host = RemoteHost(network, clock)
        # No shared inbox: each of them is a delivery, and a batch has a hundred.
        for number in range(101):
            person = host.person(f"reader{number}", endpoints={})
            await person.send(person.activity("Follow", alice.uri), f"{house.origin}/inbox")
        await run_jobs_until_idle(house)
        async with house.database.write() as tx:
            await publish(tx, house.site, alice, Draft(text="hello", visibility=Visibility.PUBLIC))
        while not host.received("Create"):
            await run_next_job(house)
        clock.advance(30)
        await run_jobs_until_idle(house)

        creates = host.received("Create")
        assert len(creates) == 101
        assert len({one["proof"]["created"] for one in creates}) == 1
