"""What is sent: an activity's bytes and the key that signs the request. It must not know to whom it goes."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from activitypub import proofs, synchronisation
from activitypub.audience import strip_blind
from activitypub.context import proof_context
from activitypub.keys import Signer
from activitypub.reading import Document
from activitypub.vocabulary import origin_of
from server.actions.ties.synchronise import count_followers, goes_to_followers_alone
from server.ids import iso
from server.remote.seam import NOTHING
from server.services import Services
from server.store.network import activities
from server.store.network.activities import Activity
from server.store.network.deliveries import Delivery
from server.store.people import actors

# Bodies kept: more than there are batches under way, and in all no more than some megabytes.
WRITTEN_AT_MOST = 64
WRITTEN_BYTES_AT_MOST = 65_536


@dataclass(frozen=True, slots=True)
class Letter:
    """An activity ready to be sent: ours without its blind recipients, somebody else's as it came.

    `followers` has a header's value for each origin, where hosts are told which followers we think they have.
    """

    body: bytes
    signer: Signer = field(repr=False)
    followers: Mapping[str, str] = field(default_factory=dict)

    def beside(self, inbox: str) -> Mapping[str, str]:
        """The headers that go with it to one inbox."""
        told = self.followers.get(origin_of(inbox)) if self.followers else None
        return {synchronisation.HEADER: told} if told is not None else NOTHING


class Letters:
    """Writes letters. One per process: what was written for one batch of an activity serves the next ones."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._written: OrderedDict[int, tuple[Signer | None, bytes]] = OrderedDict()

    async def load(self, rows: Sequence[Delivery]) -> dict[int, Letter]:
        """Load the activities of deliveries; one that is gone, or whose author has no key any more, is left out."""
        inboxes: dict[int, list[str]] = {}
        for row in rows:
            inboxes.setdefault(row.activity_id, []).append(row.inbox)
        letters = {}
        for activity_id, together in inboxes.items():
            letter = await self._load(activity_id, together)
            if letter is not None:
                letters[activity_id] = letter
        return letters

    async def _load(self, activity_id: int, inboxes: Sequence[str]) -> Letter | None:
        services = self._services
        async with services.database.read() as reader:
            activity = await activities.find(reader, activity_id)
            author = await actors.find_by_uri(reader, activity.actor_uri) if activity is not None else None
            if activity is None or author is None:
                return None
            followers: Mapping[str, str] = NOTHING
            if activity.outgoing and goes_to_followers_alone(author, activity):
                followers = await count_followers(reader, author, {origin_of(inbox) for inbox in inboxes})
        if not activity.outgoing:
            # Somebody else's, passed on: what vouches for it inside holds for these bytes and no others.
            return Letter(activity.document, await services.signers.instance())
        # Who announces new keys is known by the old ones.
        old = await services.signers.retired(activity.id, author.id) if activity.type == "Update" else {}
        signer = old.get(actors.RSA) or await services.signers.of(author.id)
        prover = old.get(actors.ED25519) or await services.signers.prover_of(author.id)
        return Letter(self._write(activity, prover), signer, followers) if signer is not None else None

    def _write(self, activity: Activity, prover: Signer | None) -> bytes:
        """The body, proven once with each key: a post to thousands goes out in dozens of batches."""
        known = self._written.pop(activity.id, None)
        if known is None or known[0] != prover:
            body = _public_bytes(activity.document)
            known = prover, _prove(body, prover, self._services.site.clock.now()) if prover else body
        if len(known[1]) <= WRITTEN_BYTES_AT_MOST:
            self._written[activity.id] = known
        if len(self._written) > WRITTEN_AT_MOST:
            self._written.popitem(last=False)
        return known[1]


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
