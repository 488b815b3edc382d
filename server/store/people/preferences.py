"""Owns `preferences`: how somebody of ours wants to post and to read. It must not check what they choose."""

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, ForeignKey, Table, Text, bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata

# What begins a wish for a picture unless somebody chose otherwise.
PAINT_WORD = "/paint"

preferences = Table(
    "preferences",
    metadata,
    Column("actor_id", Id, ForeignKey(actors.c.id), primary_key=True),
    Column("visibility", Text),
    Column("sensitive", Boolean, nullable=False),
    Column("language", Text),
    Column("quote_policy", Text, nullable=False),
    Column("expand_media", Text, nullable=False),
    Column("expand_spoilers", Boolean, nullable=False),
    Column("autoplay_gifs", Boolean, nullable=False),
    Column("paint_word", Text),
    Column("note", Text),
    Column("fields", Text, nullable=False),
    Column("attribution_domains", Text, nullable=False),
    Column("reply_policy", Text, nullable=False, server_default="public"),
)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What somebody chose.

    `visibility`: of new posts, None for the instance's choice. `quote_policy`: public, followers, nobody or
    manual (who asks); `reply_policy`: public, followers or nobody.
    `expand_media`: default, show_all or hide_all. `paint_word`: the word that makes a post a wish for a picture, None
    where there is none. `note`, `fields` (JSON, pairs of name and value): the profile as its owner wrote it.
    """

    actor_id: int
    visibility: str | None = None
    sensitive: bool = False
    language: str | None = None
    quote_policy: str = "public"
    expand_media: str = "default"
    expand_spoilers: bool = False
    autoplay_gifs: bool = False
    paint_word: str | None = "/paint"
    note: str | None = None
    fields: str = "[]"
    attribution_domains: str = "[]"
    reply_policy: str = "public"


_find = select(preferences).where(preferences.c.actor_id == bindparam("actor"))
_put = upsert(preferences)
_put = _put.on_conflict_do_update(
    index_elements=["actor_id"],
    set_={column.name: _put.excluded[column.name] for column in preferences.columns if column.name != "actor_id"},
)


async def find(reader: Reader, actor_id: int) -> Preferences:
    """Return what somebody chose; the defaults where they chose nothing."""
    row = await reader.one(_find, actor=actor_id)
    return Preferences(*row) if row else Preferences(actor_id)


async def put(tx: Transaction, chosen: Preferences) -> None:
    """Remember what somebody chose."""
    await tx.run(_put, **{name: getattr(chosen, name) for name in chosen.__slots__})
