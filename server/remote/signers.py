"""The private keys of our own actors as objects that sign. It must not sign anything."""

from collections import OrderedDict

from activitypub.keys import PrivateKey, Signer, load_private
from server.store.database import Database
from server.store.people import actors, retired_keys
from server.store.people.actors import ActorKey

# A key object takes some kilobytes, and making one from PEM holds the interpreter for 0.1 ms even unchecked; an
# instance of ours has far fewer people than this.
KEYS_AT_MOST = 1000


class Signers:
    """Our keys: the row is read each time (15 µs, so a new key counts at once), the object is kept."""

    def __init__(self, database: Database, instance_uri: str) -> None:
        self._database = database
        self._instance_uri = instance_uri
        self._keys: OrderedDict[tuple[str, int], PrivateKey] = OrderedDict()

    async def of(self, actor_id: int) -> Signer | None:
        """Return the newest key of one of our actors; None if it has none (any more)."""
        async with self._database.read() as reader:
            row = await actors.find_signing_key(reader, actor_id)
        return self._load(row)

    async def prover_of(self, actor_id: int) -> Signer | None:
        """Return the key by which one of our actors proves what it says (FEP-8b32); None if it has none."""
        async with self._database.read() as reader:
            row = await actors.find_proof_key(reader, actor_id)
        return self._load(row)

    async def retired(self, activity_id: int, actor_id: int) -> dict[str, Signer]:
        """Return the old keys, by their kind, that sign the one activity which announces the new ones."""
        async with self._database.read() as reader:
            rows = await retired_keys.list_of_activity(reader, activity_id)
        keys = [ActorKey(row.key_id, actor_id, row.kind, "", row.private_pem, row.created_at) for row in rows]
        return {key.kind: signer for key in keys if (signer := self._load(key)) is not None}

    async def instance(self) -> Signer:
        """Return the key that signs our fetches.

        Raises:
            LookupError: the instance has no actor of its own; `pinxit init` makes it.
        """
        async with self._database.read() as reader:
            actor = await actors.find_by_uri(reader, self._instance_uri)
        signer = await self.of(actor.id) if actor is not None else None
        if signer is None:
            raise LookupError(f"{self._instance_uri} has no key; 'pinxit init' makes it")
        return signer

    def _load(self, row: ActorKey | None) -> Signer | None:
        if row is None or row.private_pem is None:
            return None
        name = (row.key_id, row.created_at)
        key = self._keys.pop(name, None) or load_private(row.private_pem, trusted=True)
        self._keys[name] = key
        if len(self._keys) > KEYS_AT_MOST:
            self._keys.popitem(last=False)
        return Signer(row.key_id, key)
