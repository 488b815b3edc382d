"""Owns `collections` and `collection_items`: the collections that our people keep. It must not decide who sees them."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata

collections = Table(
    "collections",
    metadata,
    Column("id", Id, primary_key=True),
    Column("uri", Text, nullable=False, unique=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("ordered", Boolean, nullable=False),
    # Name, summary and whatever else its owner wrote, as a JSON object.
    Column("extra", Text, nullable=False),
    Column("to_uris", Text, nullable=False),
    Column("cc_uris", Text, nullable=False),
    Column("blind_uris", Text, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("updated_at", Id),
    Column("deleted_at", Id),
)
items = Table(
    "collection_items",
    metadata,
    Column("id", Id, primary_key=True),
    Column("collection_id", Id, ForeignKey(collections.c.id, ondelete="CASCADE"), nullable=False),
    Column("object_uri", Text, nullable=False),
    UniqueConstraint("collection_id", "object_uri"),
)
Index("ix_collection_items_page", items.c.collection_id, items.c.id)


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of somebody of ours."""

    id: int
    uri: str
    actor_id: int
    ordered: bool
    extra: str
    to_uris: str
    cc_uris: str
    blind_uris: str
    created_at: int
    updated_at: int | None
    deleted_at: int | None

    @property
    def type(self) -> str:
        """Its ActivityStreams type."""
        return "OrderedCollection" if self.ordered else "Collection"

    @property
    def to(self) -> tuple[str, ...]:
        """Primary audience, as URIs."""
        return tuple(msgspec.json.decode(self.to_uris, type=list[str]))

    @property
    def cc(self) -> tuple[str, ...]:
        """Secondary audience, as URIs."""
        return tuple(msgspec.json.decode(self.cc_uris, type=list[str]))

    @property
    def blind(self) -> tuple[str, ...]:
        """Those addressed without the others' knowledge, as URIs."""
        return tuple(msgspec.json.decode(self.blind_uris, type=list[str]))

    @property
    def more(self) -> dict[str, object]:
        """What its owner wrote about it."""
        return msgspec.json.decode(self.extra, type=dict[str, object])


NEWEST = (1 << 63) - 1

_by_id = select(collections).where(collections.c.id == bindparam("wanted"))
_by_uri = select(collections).where(collections.c.uri == bindparam("wanted"))
_insert = insert(collections)
_edit = (
    update(collections)
    .where(collections.c.id == bindparam("wanted"))
    .values(extra=bindparam("new_extra"), updated_at=bindparam("moment"))
)
_bury = (
    update(collections)
    .where(collections.c.id == bindparam("wanted"))
    .values(extra="{}", deleted_at=bindparam("moment"))
)
_insert_item = upsert(items).on_conflict_do_nothing(index_elements=["collection_id", "object_uri"])
_drop_item = delete(items).where(
    items.c.collection_id == bindparam("collection"), items.c.object_uri == bindparam("wanted")
)
_drop_items = delete(items).where(items.c.collection_id == bindparam("collection"))
_page = (
    select(items.c.id, items.c.object_uri)
    .where(items.c.collection_id == bindparam("collection"), items.c.id < bindparam("before"))
    .order_by(items.c.id.desc())
    .limit(bindparam("most"))
)
_page_after = (
    select(items.c.id, items.c.object_uri)
    .where(items.c.collection_id == bindparam("collection"), items.c.id > bindparam("after"))
    .order_by(items.c.id)
    .limit(bindparam("most"))
)
_count_of_actor = (
    select(func.count())
    .select_from(collections)
    .where(collections.c.actor_id == bindparam("actor"), collections.c.deleted_at.is_(None))
)
_count = select(func.count()).select_from(items).where(items.c.collection_id == bindparam("collection"))


async def find(reader: Reader, collection_id: int) -> Collection | None:
    """Find a collection by our own id; deleted ones too."""
    row = await reader.one(_by_id, wanted=collection_id)
    return Collection(*row) if row else None


async def find_by_uri(reader: Reader, uri: str) -> Collection | None:
    """Find a collection by its ActivityPub id; deleted ones too."""
    row = await reader.one(_by_uri, wanted=uri)
    return Collection(*row) if row else None


async def add(tx: Transaction, collection: Collection) -> None:
    """Store a new collection."""
    await tx.run(_insert, **{name: getattr(collection, name) for name in collection.__slots__})


async def edit(tx: Transaction, collection_id: int, *, extra: str, at: int) -> None:
    """Overwrite what its owner wrote about it."""
    await tx.run(_edit, wanted=collection_id, new_extra=extra, moment=at)


async def bury(tx: Transaction, collection_id: int, *, at: int) -> None:
    """Empty a collection and leave its tombstone."""
    await tx.run(_drop_items, collection=collection_id)
    await tx.run(_bury, wanted=collection_id, moment=at)


async def put(tx: Transaction, collection_id: int, object_uri: str, *, id: int) -> bool:
    """Put a thing into a collection; false when it was there."""
    return bool(await tx.run(_insert_item, id=id, collection_id=collection_id, object_uri=object_uri))


async def take(tx: Transaction, collection_id: int, object_uri: str) -> bool:
    """Take a thing out of a collection; false when it was not there."""
    return bool(await tx.run(_drop_item, collection=collection_id, wanted=object_uri))


async def list_items(
    reader: Reader, collection_id: int, *, before: int = NEWEST, limit: int = 40
) -> list[tuple[int, str]]:
    """Return (cursor, URI) of what is in a collection, newest first, below cursor `before`."""
    rows = await reader.all(_page, collection=collection_id, before=before, most=limit)
    return [(row[0], row[1]) for row in rows]


async def list_items_after(reader: Reader, collection_id: int, *, after: int, limit: int = 40) -> list[tuple[int, str]]:
    """Return (cursor, URI) of what is in a collection, oldest first, above cursor `after`."""
    rows = await reader.all(_page_after, collection=collection_id, after=after, most=limit)
    return [(row[0], row[1]) for row in rows]


async def count_items(reader: Reader, collection_id: int) -> int:
    """Count what is in a collection."""
    row = await reader.one(_count, collection=collection_id)
    return int(row[0]) if row else 0


async def count_of_actor(reader: Reader, actor_id: int) -> int:
    """Count the collections that somebody keeps."""
    row = await reader.one(_count_of_actor, actor=actor_id)
    return int(row[0]) if row else 0
