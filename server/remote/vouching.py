"""Who vouches for an activity that somebody else brings: its own actor, by a signature inside it.

It must not decide what the actor may say; a request signed by the actor itself never comes here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec

from activitypub import ldsignature, proofs
from activitypub.errors import BadSignature, ProtocolError, Unauthorised
from activitypub.keys import OwnedKey
from activitypub.reading import Document, read_json
from activitypub.verified import Verified
from server.remote.keyring import KeyRing
from server.remote.seam import FetchFailed

Held = TypeVar("Held")


async def vouch(keys: KeyRing, body: bytes) -> tuple[Verified, bytes]:
    """Return who vouches for the activity in `body`, and the bytes that are vouched for.

    A proof (FEP-8b32) comes first: it covers every byte. Of a document with a Linked Data signature only the statements
    count that were signed, so these are returned in its place. Where both stand there, the one may hold when the other
    does not: a server on the way may have written the document anew. A key that does not hold is fetched anew once.

    Raises:
        Unauthorised: nobody vouches for it, or not so that it holds.
        FetchFailed: the key cannot be had.
        ProtocolError: it is malformed, or its key breaks the rules.
    """
    document = read_json(body)
    proven, signed = proofs.key_id_of(document), ldsignature.key_id_of(document)
    if proven is not None:
        try:
            return await _hold(keys, proven, lambda key: _check_proof(document, key)), body
        except (ProtocolError, FetchFailed):
            if signed is None:
                raise
    if signed is None:
        raise Unauthorised("the signer is not the actor, and nothing inside vouches for it")
    verified, statements = await _hold(keys, signed, lambda key: _check_ld_signature(document, key))
    return verified, msgspec.json.encode(statements)


async def _hold(keys: KeyRing, key_id: str, check: Callable[[OwnedKey], Awaitable[Held]]) -> Held:
    try:
        return await check(await keys.find(key_id))
    except BadSignature:
        key = await keys.refresh(key_id)
        if key is None:
            raise
    return await check(key)


async def _check_proof(document: Document, key: OwnedKey) -> Verified:
    return proofs.verify(document, key)


async def _check_ld_signature(document: Document, key: OwnedKey) -> tuple[Verified, Document]:
    """In a thread: at the size limit, writing it out canonically takes a tenth of a second."""
    return await asyncio.to_thread(ldsignature.verify, document, key)
