"""What is sent: an activity's bytes and the key that signs for its author. It must not know to whom it goes."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from activitypub.audience import strip_blind
from activitypub.keys import Signer
from activitypub.reading import Document
from server.services import Services
from server.store import activities, actors


@dataclass(frozen=True, slots=True)
class Letter:
    """An activity ready to be sent, without its blind recipients."""

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
    signer = await services.signers.of(author.id) if author is not None else None
    if activity is None or signer is None:
        return None
    return Letter(_public_bytes(activity.document), signer)


def _public_bytes(document: bytes) -> bytes:
    """The document as it may be seen (statement 143); taken apart only where a blind recipient can be in it."""
    if b'"bto"' not in document and b'"bcc"' not in document:
        return document
    return msgspec.json.encode(strip_blind(msgspec.json.decode(document, type=Document)))
