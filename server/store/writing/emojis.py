"""Owns `custom_emojis`: pictures for words between colons, ours and those of peers, by host and name.

It must not judge what a name may be, nor touch files.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, Index, Table, Text, UniqueConstraint, bindparam, delete, func, select, text
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata
from server.store.statements import among

# The largest instances have five thousand; a host that brings more wants to fill our disk (T53).
MAX_OF_HOST = 10_000
# The host under which ours are kept: our name may change its spelling, theirs cannot be empty.
OURS = ""

custom_emojis = Table(
    "custom_emojis",
    metadata,
    Column("id", Id, primary_key=True),
    Column("host", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("icon_url", Text),
    Column("file_key", Text),
    Column("category", Text),
    Column("updated_at", Id, nullable=False),
    UniqueConstraint("host", "name"),
)
_FILED = text("file_key IS NOT NULL")
Index("ix_custom_emojis_file", custom_emojis.c.file_key, sqlite_where=_FILED, postgresql_where=_FILED)


@dataclass(frozen=True, slots=True)
class CustomEmoji:
    """A custom emoji: of ours `file_key` says where its picture is, of a peer's `icon_url` does.

    `host` is that of the people who write it (`OURS` for our own).
    """

    id: int
    host: str
    name: str
    icon_url: str | None
    file_key: str | None
    category: str | None
    updated_at: int


_COLUMNS = [column.name for column in custom_emojis.columns]
_put = upsert(custom_emojis)
_put = _put.on_conflict_do_update(
    index_elements=["host", "name"],
    set_={name: _put.excluded[name] for name in ("icon_url", "file_key", "category", "updated_at")},
)
_by_id = select(custom_emojis).where(custom_emojis.c.id == bindparam("wanted"))
_of_host = (
    select(custom_emojis)
    .where(custom_emojis.c.host == bindparam("host"))
    .order_by(custom_emojis.c.name)
    .limit(bindparam("most"))
)
_named = select(custom_emojis).where(among(custom_emojis.c.host, "hosts"), among(custom_emojis.c.name, "names"))
_count = select(func.count()).select_from(custom_emojis).where(custom_emojis.c.host == bindparam("host"))
_drop = delete(custom_emojis).where(
    custom_emojis.c.host == bindparam("host"), custom_emojis.c.name == bindparam("name")
)
_used = select(custom_emojis.c.file_key).where(among(custom_emojis.c.file_key, "wanted"))
_uses = select(custom_emojis.c.id).where(custom_emojis.c.file_key == bindparam("key")).limit(1)


async def put(tx: Transaction, emoji: CustomEmoji) -> None:
    """Store an emoji, over one of its host and name; the id of that stays."""
    await tx.run(_put, **{name: getattr(emoji, name) for name in _COLUMNS})


async def keep(tx: Transaction, host: str, found: Sequence[CustomEmoji], *, overwrite: bool) -> None:
    """Store the emoji of a peer's; with `overwrite` over older ones of the same name, as long as there is room."""
    known = await find_named(tx, host, [one.name for one in found])
    fresh = [one for one in found if one.name not in known]
    room = MAX_OF_HOST - await count(tx, host) if fresh else 0
    for one in fresh[: max(room, 0)]:
        await put(tx, one)
    for one in found if overwrite else ():
        before = known.get(one.name)
        if before is not None and one.icon_url != before.icon_url and one.updated_at > before.updated_at:
            await put(tx, one)


async def find(reader: Reader, emoji_id: int) -> CustomEmoji | None:
    """Find an emoji by our own id."""
    row = await reader.one(_by_id, wanted=emoji_id)
    return CustomEmoji(*row) if row else None


async def find_named(reader: Reader, host: str, names: Collection[str]) -> dict[str, CustomEmoji]:
    """Return those of a host that have one of these names, by name."""
    found = await find_many(reader, [host], names) if names else []
    return {one.name: one for one in found}


async def find_many(reader: Reader, hosts: Collection[str], names: Collection[str]) -> list[CustomEmoji]:
    """Return those of any of the hosts that have any of the names."""
    wanted = {"hosts": sorted(set(hosts)), "names": sorted(set(names))}
    texts = {name: msgspec.json.encode(value).decode() for name, value in wanted.items()}
    return [CustomEmoji(*row) for row in await reader.all(_named, **texts)]


async def list_of_host(reader: Reader, host: str, *, limit: int) -> list[CustomEmoji]:
    """Return the emoji of a host, by name."""
    return [CustomEmoji(*row) for row in await reader.all(_of_host, host=host, most=limit)]


async def count(reader: Reader, host: str) -> int:
    """Count the emoji of a host."""
    row = await reader.one(_count, host=host)
    return int(row[0]) if row else 0


async def drop(tx: Transaction, host: str, name: str) -> bool:
    """Forget an emoji; false when there was none."""
    return bool(await tx.run(_drop, host=host, name=name))


async def find_used(reader: Reader, keys: Sequence[str]) -> set[str]:
    """Return those of the files that an emoji has."""
    return {row[0] for row in await reader.all(_used, wanted=msgspec.json.encode(list(keys)).decode())}


async def is_used(reader: Reader, key: str) -> bool:
    """Whether an emoji has this file."""
    return await reader.one(_uses, key=key) is not None
