"""Lists what belongs to somebody, as parts of an archive, read while it is written. It must not open or pack files.

A part is a name and its content: pieces of bytes, or the key of a stored file. Parts are read in their order.
"""

from collections.abc import AsyncIterator

import msgspec

from activitypub.activities import Document, without_context
from activitypub.vocabulary import AS2
from server.actions.carrying.cells import write_lines
from server.actions.carrying.kept import FILES, HEADERS, read_kept
from server.actions.network.current_document import current_document
from server.actions.network.represent import represent_actor
from server.ids import iso
from server.site import Site
from server.store.database import Database
from server.store.network import activities
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import generations, media
from server.store.writing.generations import Generation

Part = tuple[str, str | AsyncIterator[bytes]]

# Read and written in one go: some 10 ms.
PAGE = 100
_OUTBOX_TYPES = ("Create", "Announce")


async def list_parts(database: Database, site: Site, actor: Actor) -> AsyncIterator[Part]:
    """Yield everything: profile, posts, wishes with how they were painted, tables, pictures."""
    yield "actor.json", _one(await _actor(database, site, actor))
    yield "outbox.json", _outbox(database, site, actor)
    yield "prompts.json", _array(_wishes(database, actor))
    for kind, name in FILES.items():
        yield name, write_table(database, actor, kind, now=site.clock.now())
    async for key in _files(database, site, actor):
        yield f"media/{key}", key


async def write_table(database: Database, actor: Actor, kind: str, *, now: int) -> AsyncIterator[bytes]:
    """Yield one of the tables as CSV."""
    if kind in HEADERS:
        yield write_lines([HEADERS[kind]])
    async for rows in read_kept(database, actor, kind, now=now):
        yield write_lines(rows)


async def _actor(database: Database, site: Site, actor: Actor) -> Document:
    async with database.read() as reader:
        actor = await actors.find(reader, actor.id) or actor
        key = await actors.find_signing_key(reader, actor.id)
        proof_key = await actors.find_proof_key(reader, actor.id)
        if key is None:
            return {"id": actor.uri, "type": actor.type, "preferredUsername": actor.username}
        return await represent_actor(reader, site, actor, key, proof_key)


async def _outbox(database: Database, site: Site, actor: Actor) -> AsyncIterator[bytes]:
    head = msgspec.json.encode({"@context": AS2, "id": f"{actor.uri}/outbox", "type": "OrderedCollection"})
    yield head[:-1] + b',"orderedItems":'
    async for piece in _array(_activities(database, site, actor)):
        yield piece
    yield b"}"


async def _activities(database: Database, site: Site, actor: Actor) -> AsyncIterator[object]:
    after = 0
    while True:
        async with database.read() as reader:
            found = await activities.list_own_outbox_after(reader, actor.uri, after=after, limit=PAGE)
            shown = [await current_document(reader, site, actor, one) for one in found if one.type in _OUTBOX_TYPES]
        for document in shown:
            if document is not None:
                yield without_context(document)
        if len(found) < PAGE:
            return
        after = found[-1].id


async def _wishes(database: Database, actor: Actor) -> AsyncIterator[object]:
    after = 0
    while True:
        async with database.read() as reader:
            found = await generations.list_after(reader, actor.id, after=after, limit=PAGE)
        for wish in found:
            # What is left of the wish of a deleted post has no words.
            if wish.prompt:
                yield _show_wish(wish)
        if len(found) < PAGE:
            return
        after = found[-1].id


def _show_wish(wish: Generation) -> Document:
    return {
        "prompt": wish.prompt,
        "negative": wish.negative,
        "seed": wish.seed,
        "steps": wish.steps,
        "guidance": wish.guidance,
        "width": wish.width,
        "height": wish.height,
        "model": wish.model,
        "state": wish.state,
        "caption": wish.caption,
        "alt": wish.alt,
        "created": iso(wish.created_at),
        "painted": msgspec.json.decode(wish.manifest) if wish.manifest else None,
    }


async def _files(database: Database, site: Site, actor: Actor) -> AsyncIterator[str]:
    """The keys of somebody's pictures, each once, as other servers fetch them; avatar and header first."""
    seen = set()
    for url in (actor.icon_url, actor.image_url):
        key = site.media_key(url) if url else None
        if key is not None and key not in seen:
            seen.add(key)
            yield key
    after = 0
    while True:
        async with database.read() as reader:
            found = await media.list_of_actor(reader, actor.id, after=after, limit=PAGE)
        for picture in found:
            if picture.file_key is not None and picture.file_key not in seen:
                seen.add(picture.file_key)
                yield picture.file_key
        if len(found) < PAGE:
            return
        after = found[-1].id


async def _one(value: object) -> AsyncIterator[bytes]:
    yield msgspec.json.format(msgspec.json.encode(value), indent=2)


async def _array(values: AsyncIterator[object]) -> AsyncIterator[bytes]:
    """Values as a JSON array, one a line."""
    begun = False
    async for value in values:
        yield (b",\n" if begun else b"[\n") + msgspec.json.encode(value)
        begun = True
    yield b"\n]" if begun else b"[]"
