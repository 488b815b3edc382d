"""Whose key is this? The public keys of peers as objects, found in memory, in the store, or at their owner's server.

It must not believe a key that its owner does not list back, nor any key of our own people for what comes in.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

from activitypub import signatures
from activitypub.authority import confirm_key, refuse_ours
from activitypub.cavage import CavageSignature
from activitypub.errors import BadSignature, Forbidden, Malformed, ProtocolError, Unauthorised
from activitypub.keys import OwnedKey, load_public
from activitypub.reading import KeyClaim, read_actor, read_key_claims
from activitypub.requests import SignedRequest
from activitypub.verified import Verified
from activitypub.vocabulary import same_origin, without_fragment
from server.ids import MICROSECONDS
from server.remote.profiles import fetch_document, fetch_profile, forget_profile, store_profile
from server.remote.seam import Document, FetchFailed, Reach
from server.store.people import actors

# About 3 KB each; more than the people one instance hears of in an hour.
KEYS_AT_MOST = 5000
# The store is looked at again after so long: another process may have suspended an owner or replaced a key. It costs
# 60 µs, so a minute is still nearly free.
BELIEVED_SECONDS = 60
# A key is fetched at most so often, whatever came of it: bad signatures must not make us knock at a third party.
BRAKE_SECONDS = 60
# Labels of one RFC 9421 request that are tried; honest senders send one.
LABELS_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class _Held:
    key: OwnedKey
    until: int


@dataclass(frozen=True, slots=True)
class _Brake:
    """When a key was fetched last, and what went wrong if it did."""

    until: int
    error: FetchFailed | ProtocolError | None


class KeyRing:
    """The keys of peers. One per process."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._brakes: OrderedDict[str, _Brake] = OrderedDict()
        self._fetching: dict[str, asyncio.Task[OwnedKey]] = {}

    async def check(self, request: SignedRequest) -> Verified:
        """Read, look up and verify a request's signature; a key that does not hold is fetched anew once.

        Raises:
            Unauthorised: it is not signed, or not so that it holds.
            FetchFailed: the key cannot be had; `gone` when its owner was deleted.
            ProtocolError: the signature or the key's owner breaks the rules otherwise.
        """
        signature = signatures.read(request)
        if isinstance(signature, CavageSignature):
            return await self._verify(request, signature, signature.key_id)
        failure: ProtocolError = BadSignature("no label of the signature holds")
        for key_id in signature.key_ids[:LABELS_AT_MOST]:
            try:
                return await self._verify(request, signature, key_id)
            except ProtocolError as error:
                failure = error
        raise failure

    async def find(self, key_id: str) -> OwnedKey:
        """Find a key by its id; raises FetchFailed or ProtocolError."""
        now = self._reach.site.clock.now()
        held = self._held.get(key_id)
        if held is not None and held.until > now:
            self._held.move_to_end(key_id)
            return held.key
        refuse_ours(key_id, self._reach.site.origin)
        key = await self._find_stored(key_id)
        if key is not None:
            return self._hold(key)
        brake = self._brakes.get(key_id)
        if brake is not None and brake.until > now:
            if brake.error is not None:
                raise brake.error.with_traceback(None)
            raise Unauthorised("the key is not known, and was asked for just now")
        return await self._fetch_once(key_id)

    async def refresh(self, key_id: str) -> OwnedKey | None:
        """Fetch a key anew that did not hold; None when it is the same, cannot be had, or was fetched just now."""
        brake = self._brakes.get(key_id)
        if brake is not None and brake.until > self._reach.site.clock.now():
            return None
        old = self._held.get(key_id)
        try:
            new = await self._fetch_once(key_id)
        except (FetchFailed, ProtocolError):
            return None
        return None if old is not None and old.key.key == new.key else new

    def forget(self, key_id: str) -> None:
        """Look the key up again on next use."""
        self._held.pop(key_id, None)

    async def _verify(self, request: SignedRequest, signature: signatures.Signature, key_id: str) -> Verified:
        now = self._reach.site.clock.now()
        try:
            return signatures.verify(request, signature, await self.find(key_id), now=now)
        except BadSignature:
            key = await self.refresh(key_id)
            if key is None:
                raise
        return signatures.verify(request, signature, key, now=now)

    async def _find_stored(self, key_id: str) -> OwnedKey | None:
        async with self._reach.database.read() as reader:
            stored = await actors.find_key(reader, key_id)
            owner = await actors.find(reader, stored.key.actor_id) if stored is not None else None
        if stored is None or owner is None:
            return None
        if owner.local or owner.is_barred:
            raise Forbidden("the owner of the key may not speak here")
        if owner.gone_at is not None:
            # Only its own server can say that it is back.
            return None
        return OwnedKey(key_id, stored.owner_uri, load_public(stored.key.public_pem))

    async def _fetch_once(self, key_id: str) -> OwnedKey:
        """Fetch a key, once for all who wait for it."""
        task = self._fetching.get(key_id)
        if task is None:
            task = asyncio.create_task(self._fetch_and_remember(key_id))
            self._fetching[key_id] = task
            task.add_done_callback(lambda done: self._end_fetch(key_id, done))
        # One who gives up waiting must not take the answer from the others.
        return await asyncio.shield(task)

    def _end_fetch(self, key_id: str, task: "asyncio.Task[OwnedKey]") -> None:
        del self._fetching[key_id]
        if not task.cancelled():
            task.exception()  # so that nobody complains when all who waited are gone

    async def _fetch_and_remember(self, key_id: str) -> OwnedKey:
        try:
            key = await fetch_key(self._reach, key_id)
        except (FetchFailed, ProtocolError) as error:
            self._held.pop(key_id, None)
            self._remember_fetch(key_id, error)
            raise
        self._remember_fetch(key_id, None)
        return self._hold(key)

    def _remember_fetch(self, key_id: str, error: FetchFailed | ProtocolError | None) -> None:
        until = self._reach.site.clock.now() + BRAKE_SECONDS * MICROSECONDS
        self._brakes.pop(key_id, None)
        self._brakes[key_id] = _Brake(until, error)
        _shorten(self._brakes)

    def _hold(self, key: OwnedKey) -> OwnedKey:
        until = self._reach.site.clock.now() + BELIEVED_SECONDS * MICROSECONDS
        self._held.pop(key.key_id, None)
        self._held[key.key_id] = _Held(key, until)
        _shorten(self._held)
        return key


async def fetch_key(reach: Reach, key_id: str) -> OwnedKey:
    """Fetch a key and its owner, and store both once they name each other (statements 189, 190).

    The id may lead to the whole actor (a fragment of it), to a key's own document, or to a stub of the actor that holds
    little more than the key (GoToSocial's path ids).

    Raises:
        FetchFailed: the key or its owner cannot be had; `gone` when they were deleted.
        ProtocolError: they do not fit together.
    """
    refuse_ours(key_id, reach.site.origin)
    address = without_fragment(key_id)
    try:
        document = await fetch_document(reach, address)
    except FetchFailed as failure:
        if failure.gone:
            await forget_profile(reach, address)
        raise
    if not same_origin(document.url, key_id):
        raise Forbidden("the key's document came from another origin")
    claim = _claim(key_id, read_key_claims(document.value))
    if _shows_whole_actor(document, address):
        profile = await fetch_profile(reach, address, document)
    else:
        profile = await fetch_profile(reach, claim.owner)
    key = confirm_key(claim, profile.actor)
    owner = await store_profile(reach, profile, extra_keys=[key])
    if owner.is_barred:
        raise Forbidden("the owner of the key may not speak here")
    return key


def _shows_whole_actor(document: Document, address: str) -> bool:
    """Whether the key's address is its owner's own and shows all of it, so that it need not be fetched again."""
    try:
        return read_actor(document.value).id == address
    except Malformed:
        return False


def _claim(key_id: str, claims: tuple[KeyClaim, ...]) -> KeyClaim:
    for claim in claims:
        if claim.key_id == key_id:
            return claim
    raise Unauthorised("the key's document does not hold the key")


def _shorten(held: "OrderedDict[str, _Held] | OrderedDict[str, _Brake]") -> None:
    while len(held) > KEYS_AT_MOST:
        held.popitem(last=False)
