"""Class C and D, what others bring: an activity that is not signed by who brings it, and vouches for itself."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from activitypub import keys, ldsignature, proofs
from activitypub.keys import Signer
from activitypub.vocabulary import AS2, DATA_INTEGRITY, SECURITY
from server.agenda.strangers import let_go
from server.store.network import activities
from server.store.ties import follows
from server.store.writing import posts
from tests.instance import run_jobs_until_idle
from tests.remote_host import Document, Person
from tests.security.conftest import Siege

NOTE = "https://friend.example/users/victor/notes/1"
CREATED = "2026-01-01T00:00:00Z"
PROVER = keys.generate_ed25519()
Seal = Callable[[Person, Document], Document]


def show_prover(person: Person, **changes: object) -> None:
    """Let a person's document list the Ed25519 key."""
    method = {
        "id": f"{person.uri}#ed25519-key",
        "type": "Multikey",
        "controller": person.uri,
        "publicKeyMultibase": keys.multikey(PROVER.public_key()),
    }
    person.host.show(f"/users/{person.name}", person.document | {"assertionMethod": [method | changes]})


def prove(person: Person, document: Document) -> Document:
    show_prover(person)
    context = [AS2, DATA_INTEGRITY]
    return proofs.attach(document | {"@context": context}, Signer(f"{person.uri}#ed25519-key", PROVER), created=CREATED)


def sign_inside(person: Person, document: Document) -> Document:
    document = document | {"@context": [AS2, SECURITY]}
    signature: Document = {"type": "RsaSignature2017", "creator": person.signer.key_id, "created": CREATED}
    text = ldsignature.signing_text(document, signature)
    value = person.signer.key.sign(text, PKCS1v15(), SHA256())  # type: ignore[call-arg, arg-type]
    return document | {"signature": signature | {"signatureValue": base64.b64encode(value).decode()}}


WAYS: dict[str, Seal] = {"proof": prove, "ld signature": sign_inside}


def write(siege: Siege) -> Document:
    """A post to alice."""
    note = siege.victor.note(id=NOTE, to=[siege.alice.uri], cc=[])
    return siege.victor.create(note, id=f"{siege.victor.uri}#create")


async def bring(siege: Siege, document: object) -> int:
    """Mallory's server brings something, honestly signed by her."""
    status = await siege.post(*siege.sign(siege.mallory.signer, document))
    await run_jobs_until_idle(siege.house)
    return status


@pytest.mark.parametrize("way", WAYS)
async def test_s155_what_vouches_for_itself_is_believed_whoever_brings_it(siege: Siege, way: str):
    assert await bring(siege, WAYS[way](siege.victor, write(siege))) == 202
    assert await siege.arrived(f"{siege.victor.uri}#create")
    async with siege.house.database.read() as reader:
        assert await posts.find_by_uri(reader, NOTE) is not None


@pytest.mark.parametrize("way", WAYS)
async def test_t22_a_follow_is_taken_from_who_follows_alone(siege: Siege, way: str):
    # Given a Follow that victor himself sent and took back
    follow = siege.victor.activity("Follow", siege.alice.uri, id=f"{siege.victor.uri}#follow")
    proven = WAYS[way](siege.victor, follow)
    await siege.send(siege.victor, proven)
    await siege.send(siege.victor, siege.victor.activity("Undo", proven))

    # When somebody who kept it brings it again
    assert await bring(siege, proven) == 403

    # Then he does not follow once more
    victor = await siege.house.actor(siege.victor.uri)
    async with siege.house.database.read() as reader:
        assert await follows.find(reader, victor.id, siege.alice.id) is None


@pytest.mark.parametrize("had_it", [True, False])
async def test_t22_a_deleted_post_does_not_come_again_when_its_delete_is_forgotten(siege: Siege, had_it: bool):
    # Given a proven post that victor deleted, whether we had it or its Delete came alone
    create = prove(siege.victor, write(siege))
    if had_it:
        await siege.send(siege.victor, create)
    await siege.send(siege.victor, siege.victor.activity("Delete", NOTE, id=f"{siege.victor.uri}#delete"))
    siege.victor.host.show("/users/victor/notes/1", {}, status=410)

    # When housekeeping has forgotten both activities, and somebody brings the post that they kept
    siege.clock.advance(40 * 86_400)
    await let_go(siege.house.services)
    assert not await siege.arrived(f"{siege.victor.uri}#delete")
    assert await bring(siege, create) == 202

    # Then its words do not live again
    post = await siege.find_post(NOTE)
    assert post is None or (post.deleted_at is not None and "hello" not in post.content_html)


async def test_t22_of_an_old_post_that_others_bring_the_origin_is_asked(siege: Siege):
    create = prove(siege.victor, write(siege))
    siege.clock.advance(40 * 86_400)

    assert await bring(siege, create) == 202

    assert siege.network.asked("GET", "/users/victor/notes/1")
    assert await siege.find_post(NOTE) is not None


CHANGES: dict[str, Document] = {
    "actor": {"actor": "https://mallory.example/users/mallory"},
    "object": {"object": "https://pinxit.example/users/bob"},
    "id": {"id": "https://friend.example/users/victor#crate"},
    "type": {"type": "Block"},
    "to": {"to": ["https://www.w3.org/ns/activitystreams#Public"]},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("change", CHANGES)
async def test_t26_a_changed_field_takes_the_belief_away(siege: Siege, way: str, change: str):
    # What nothing vouches for is no more than a rumour, about which its origin is asked.
    document = WAYS[way](siege.victor, write(siege))
    assert await bring(siege, document | CHANGES[change]) in (202, 403)
    assert not await siege.arrived(f"{siege.victor.uri}#create")
    assert not await siege.arrived("https://friend.example/users/victor#crate")


async def test_t26_a_proof_by_another_key_than_the_actors_is_not_believed(siege: Siege):
    document = proofs.attach(write(siege), Signer(f"{siege.mallory.uri}#ed25519-key", PROVER), created=CREATED)
    show_prover(siege.mallory)
    assert await bring(siege, document) == 202
    assert not await siege.arrived(f"{siege.victor.uri}#create")


async def test_t26_a_key_that_says_it_is_anothers_is_not_believed(siege: Siege):
    document = proofs.attach(write(siege), Signer(f"{siege.mallory.uri}#ed25519-key", PROVER), created=CREATED)
    show_prover(siege.mallory, controller=siege.victor.uri)
    assert await bring(siege, document) == 202
    assert not await siege.arrived(f"{siege.victor.uri}#create")


@pytest.mark.parametrize("keyword", ["@graph", "@included", "@reverse", "@nest"])
async def test_t27_a_signed_document_with_a_keyword_that_hides_things_is_refused(siege: Siege, keyword: str):
    document = sign_inside(siege.victor, write(siege))
    hidden: dict[str, Any] = {keyword: [{"id": "https://remote.example/hidden"}]}
    assert await bring(siege, document | hidden) == 202
    assert not await siege.arrived(f"{siege.victor.uri}#create")


async def test_t28_a_name_that_no_context_defines_is_in_no_signed_statement_and_not_kept(siege: Siege):
    document = sign_inside(siege.victor, write(siege))
    assert await bring(siege, document | {"smuggled": "https://mallory.example/"}) == 202
    async with siege.house.database.read() as reader:
        stored = await activities.find_by_uri(reader, f"{siege.victor.uri}#create")
    assert stored is not None and b"smuggled" not in stored.document


async def test_s155_an_ld_signature_serves_where_the_proof_beside_it_was_broken(siege: Siege):
    # Given an activity with both, whose proof a server on the way broke as it wrote the document anew
    proven = prove(siege.victor, write(siege))
    proven["proof"] |= {"created": "2026-01-02T00:00:00Z"}

    # When somebody else brings it
    assert await bring(siege, sign_inside(siege.victor, proven)) == 202

    # Then it is believed
    assert await siege.arrived(f"{siege.victor.uri}#create")


async def test_a_broken_signature_inside_does_no_harm_to_who_signs_the_request(siege: Siege):
    broken = write(siege) | {"signature": {"type": "RsaSignature2017", "creator": "x", "signatureValue": "AAAA"}}
    assert await siege.post(*siege.sign(siege.victor.signer, json.dumps(broken).encode())) == 202
