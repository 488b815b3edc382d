"""Owns `peer_files`: which files of peers we keep a copy of, and which could not be had. It must not touch the files.

A copy stands under the address and the shape it was brought into; without keys the row says that it failed, and until
when it is not tried again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    func,
    select,
    text,
    union,
    union_all,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.reading.emoji_reactions import emoji_reactions
from server.store.schema import Id, metadata
from server.store.statements import among, host_in
from server.store.writing.media import media

peer_files = Table(
    "peer_files",
    metadata,
    Column("url", Text, primary_key=True),
    Column("shape", Text, primary_key=True),
    # Of whose actor it is; the file itself may lie with a host that serves files for many.
    Column("host", Text, nullable=False),
    Column("file_key", Text, index=True),
    Column("small_key", Text, index=True),
    Column("bytes", Integer, nullable=False),
    Column("fetched_at", Id, nullable=False),
    Column("used_at", Id, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("retry_at", Id),
    Column("error", Text),
)
_KEPT = text("file_key IS NOT NULL")
Index("ix_peer_files_age", peer_files.c.used_at, peer_files.c.bytes)
Index("ix_peer_files_kept", peer_files.c.host, peer_files.c.bytes, sqlite_where=_KEPT, postgresql_where=_KEPT)


@dataclass(frozen=True, slots=True)
class PeerFile:
    """A copy of a peer's file (`small_key` where its shape has two sizes), or the note that it could not be had."""

    url: str
    shape: str
    host: str
    file_key: str | None
    small_key: str | None
    bytes: int
    fetched_at: int
    used_at: int
    failures: int
    retry_at: int | None
    error: str | None

    @property
    def keys(self) -> tuple[str, ...]:
        """Of its files."""
        return tuple(dict.fromkeys(key for key in (self.file_key, self.small_key) if key))


@dataclass(frozen=True, slots=True)
class Held:
    """How many copies there are, and how large they are together."""

    files: int
    bytes: int


_COLUMNS = [column.name for column in peer_files.columns]
_find = select(peer_files).where(peer_files.c.url == bindparam("wanted"), peer_files.c.shape == bindparam("form"))
_put = upsert(peer_files)
_put = _put.on_conflict_do_update(
    index_elements=["url", "shape"],
    set_={name: _put.excluded[name] for name in _COLUMNS if name not in ("url", "shape")},
)
_touch = (
    update(peer_files)
    .where(peer_files.c.url == bindparam("wanted"), peer_files.c.shape == bindparam("form"))
    .values(used_at=bindparam("moment"))
)
_unused = (
    select(peer_files)
    .where(peer_files.c.used_at < bindparam("before"))
    .order_by(peer_files.c.used_at)
    .limit(bindparam("most"))
)


def _lies_in(host: ColumnElement[str]) -> ColumnElement[bool]:
    return (host == bindparam("wanted")) | (func.substr(host, -func.length(bindparam("below"))) == bindparam("below"))


def _shown_by_lodgers() -> CompoundSelect[tuple[str | None]]:
    """What people show whose address lies there and their name elsewhere: their copies bear the name's host alone."""
    home = host_in(actors.c.uri)
    lodgers = select(actors.c.id).where(actors.c.local.is_(False), home != actors.c.host, _lies_in(home))
    return union_all(
        select(media.c.remote_url).where(media.c.actor_id.in_(lodgers)),
        select(emoji_reactions.c.icon_url).where(emoji_reactions.c.actor_id.in_(lodgers)),
        select(actors.c.icon_url).where(actors.c.id.in_(lodgers)),
        select(actors.c.image_url).where(actors.c.id.in_(lodgers)),
    )


_of_domain = (
    select(peer_files)
    .where(
        _lies_in(peer_files.c.host) | _lies_in(host_in(peer_files.c.url)) | peer_files.c.url.in_(_shown_by_lodgers())
    )
    .limit(bindparam("most"))
)
_drop = delete(peer_files).where(peer_files.c.url == bindparam("wanted"), peer_files.c.shape == bindparam("form"))
_uses = (
    select(peer_files.c.url)
    .where((peer_files.c.file_key == bindparam("key")) | (peer_files.c.small_key == bindparam("key")))
    .limit(1)
)
_count_unused = select(func.count(), func.coalesce(func.sum(peer_files.c.bytes), 0)).where(
    peer_files.c.used_at < bindparam("before")
)
_ahead = func.sum(peer_files.c.bytes).over(order_by=peer_files.c.used_at, rows=(None, 0)) - peer_files.c.bytes
_some = (
    select(peer_files.c.bytes, _ahead.label("ahead")).where(peer_files.c.used_at >= bindparam("since")).subquery("some")
)
_count_oldest = select(func.count(), func.coalesce(func.sum(_some.c.bytes), 0)).where(
    _some.c.ahead < bindparam("excess")
)
_used = union(*(select(key).where(among(key, "keys")) for key in (peer_files.c.file_key, peer_files.c.small_key)))
_held = select(func.count(), func.coalesce(func.sum(peer_files.c.bytes), 0)).where(_KEPT)


async def find(reader: Reader, url: str, shape: str) -> PeerFile | None:
    """Find what is known of a peer's file in a shape."""
    row = await reader.one(_find, wanted=url, form=shape)
    return PeerFile(*row) if row else None


async def put(tx: Transaction, file: PeerFile) -> None:
    """Remember a copy, or that there is none, in place of what was known."""
    await tx.run(_put, **{name: getattr(file, name) for name in _COLUMNS})


async def touch(tx: Transaction, file: PeerFile, *, at: int) -> None:
    """Remember that somebody looked at it."""
    await tx.run(_touch, wanted=file.url, form=file.shape, moment=at)


async def list_unused(reader: Reader, *, before: int, limit: int) -> list[PeerFile]:
    """Return what nobody looked at since a moment, the longest ago first."""
    return [PeerFile(*row) for row in await reader.all(_unused, before=before, most=limit)]


async def count_unused(reader: Reader, *, before: int) -> Held:
    """Count what nobody looked at since a moment."""
    row = await reader.one(_count_unused, before=before)
    return Held(int(row[0]), int(row[1])) if row else Held(0, 0)


async def count_oldest(reader: Reader, *, since: int, excess: int) -> Held:
    """Count what would have to go, of what was looked at since a moment and the oldest first, to free so many bytes."""
    row = await reader.one(_count_oldest, since=since, excess=excess)
    return Held(int(row[0]), int(row[1])) if row else Held(0, 0)


async def list_of_domain(reader: Reader, domain: str, *, limit: int) -> list[PeerFile]:
    """Return files that lie in a domain or below it, or are of people whose name or address does."""
    rows = await reader.all(_of_domain, wanted=domain, below=f".{domain}", most=limit)
    return [PeerFile(*row) for row in rows]


async def drop(tx: Transaction, files: Sequence[PeerFile]) -> list[str]:
    """Forget files; return the keys that no other of them has."""
    for one in files:
        await tx.run(_drop, wanted=one.url, form=one.shape)
    keys = dict.fromkeys(key for one in files for key in one.keys)
    return [key for key in keys if not await is_used(tx, key)]


async def is_used(reader: Reader, key: str) -> bool:
    """Say whether a copy still has this file."""
    return await reader.one(_uses, key=key) is not None


async def find_used(reader: Reader, keys: Sequence[str]) -> set[str]:
    """Return those of the file keys that a copy has."""
    return {row[0] for row in await reader.all(_used, keys=msgspec.json.encode(list(keys)).decode())}


async def count(reader: Reader) -> Held:
    """Count the copies and their bytes; reads an index of them all."""
    row = await reader.one(_held)
    return Held(int(row[0]), int(row[1])) if row else Held(0, 0)
