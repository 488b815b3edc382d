"""What is sent: an activity's bytes and the key that signs the request. It must not know to whom it goes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from activitypub import proofs
from activitypub.audience import strip_blind
from activitypub.context import proof_context
from activitypub.keys import Signer
from activitypub.reading import Document
from server.ids import iso
from server.services import Services
from server.store.network import activities
from server.store.people import actors


@dataclass(frozen=True, slots=True)
class Letter:
    """An activity ready to be sent: ours without its blind recipients, somebody else's as it came."""

    body: bytes
    signer: Signer = field(repr=False)


async def load_letters(services: Services, activity_ids: Iterable[int]) -> dict[int, Letter]:
    """Load activities by id; one that is gone, or whose author has no key any more, is left out."""
    letters = {}
    for activity_id in activity_ids:
        letter = await _load(services, activity_id)
        if letter is not None:
            letters[activity_id] = letter
    return letters


async def _load(services: Services, activity_id: int) -> Letter | None:
    async with services.database.read() as reader:
        activity = await activities.find(reader, activity_id)
        author = await actors.find_by_uri(reader, activity.actor_uri) if activity is not None else None
    if activity is None or author is None:
        return None
    if not activity.outgoing:
        # Somebody else's, passed on: what vouches for it inside holds for these bytes and no others.
        return Letter(activity.document, await services.signers.instance())
    # Who announces new keys is known by the old ones.
    old = await services.signers.retired(activity.id, author.id) if activity.type == "Update" else {}
    signer = old.get(actors.RSA) or await services.signers.of(author.id)
    prover = old.get(actors.ED25519) or await services.signers.prover_of(author.id)
    if signer is None:
        return None
    body = _public_bytes(activity.document)
    return Letter(_prove(body, prover, services.site.clock.now()) if prover else body, signer)


def _prove(body: bytes, prover: Signer, now: int) -> bytes:
    """Put the author's proof into the document (FEP-8b32), so that it holds when others pass it on."""
    document = msgspec.json.decode(body, type=Document)
    document["@context"] = proof_context(document.get("@context"))
    return msgspec.json.encode(proofs.attach(document, prover, created=f"{iso(now)[:19]}Z"))


def _public_bytes(document: bytes) -> bytes:
    """The document as it may be seen (statement 143); taken apart only where a blind recipient can be in it."""
    if b'"bto"' not in document and b'"bcc"' not in document:
        return document
    return msgspec.json.encode(strip_blind(msgspec.json.decode(document, type=Document)))
