"""Owns `media`: the pictures of posts. It must not touch the files; `server.media` does."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, Float, ForeignKey, Integer, Table, Text, bindparam, delete, insert, select, update

from server.store.actors import actors
from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata
from server.store.statements import among

media = Table(
    "media",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("post_id", Id, index=True),
    Column("position", Integer, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("remote_url", Text),
    Column("file_key", Text, index=True),
    Column("web_key", Text, index=True),
    Column("thumbnail_key", Text, index=True),
    Column("width", Integer),
    Column("height", Integer),
    Column("bytes", Integer),
    Column("blurhash", Text),
    Column("alt", Text, nullable=False),
    Column("focal_x", Float),
    Column("focal_y", Float),
    Column("digest_multibase", Text),
    Column("generation_id", Id, index=True),
    Column("created_at", Id, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Media:
    """A picture: ours has file keys (JPEG for the wire, WebP and thumbnail for our pages), a peer's a `remote_url`."""

    id: int
    actor_id: int
    post_id: int | None
    position: int
    media_type: str
    remote_url: str | None
    file_key: str | None
    web_key: str | None
    thumbnail_key: str | None
    width: int | None
    height: int | None
    bytes: int | None
    blurhash: str | None
    alt: str
    focal_x: float | None
    focal_y: float | None
    digest_multibase: str | None
    generation_id: int | None
    created_at: int


_by_id = select(media).where(media.c.id == bindparam("wanted"))
_by_posts = select(media).where(among(media.c.post_id, "wanted")).order_by(media.c.position, media.c.id)
_by_generation = select(media).where(media.c.generation_id == bindparam("wanted")).limit(1)
_by_file = (
    select(media)
    .where(media.c.actor_id == bindparam("actor"))
    .where((media.c.file_key == bindparam("key")) | (media.c.web_key == bindparam("key")))
    .order_by(media.c.id.desc())
    .limit(1)
)
_insert = insert(media)
_attach = (
    update(media)
    .where(media.c.id == bindparam("wanted"))
    .values(post_id=bindparam("post"), position=bindparam("place"))
)
_describe = update(media).where(media.c.id == bindparam("wanted")).values(alt=bindparam("new_alt"))
_drop_of_post = delete(media).where(media.c.post_id == bindparam("post"))
_uses = select(media.c.id).where(
    (media.c.file_key == bindparam("key"))
    | (media.c.web_key == bindparam("key"))
    | (media.c.thumbnail_key == bindparam("key"))
)


async def find(reader: Reader, media_id: int) -> Media | None:
    """Find a picture by our own id."""
    row = await reader.one(_by_id, wanted=media_id)
    return Media(*row) if row else None


async def find_by_generation(reader: Reader, generation_id: int) -> Media | None:
    """Find the picture that a generation made."""
    row = await reader.one(_by_generation, wanted=generation_id)
    return Media(*row) if row else None


async def find_by_file(reader: Reader, actor_id: int, key: str) -> Media | None:
    """Find the newest picture of an actor that has this file."""
    row = await reader.one(_by_file, actor=actor_id, key=key)
    return Media(*row) if row else None


async def list_of_posts(reader: Reader, post_ids: Sequence[int]) -> dict[int, list[Media]]:
    """Return the pictures of posts, in order, by post id."""
    found: dict[int, list[Media]] = {}
    for row in await reader.all(_by_posts, wanted=msgspec.json.encode(sorted(set(post_ids))).decode()):
        picture = Media(*row)
        found.setdefault(row[2], []).append(picture)
    return found


async def add(tx: Transaction, picture: Media) -> None:
    """Store a picture's facts."""
    await tx.run(_insert, **{name: getattr(picture, name) for name in picture.__slots__})


async def attach(tx: Transaction, media_id: int, post_id: int, *, position: int) -> None:
    """Make a picture part of a post."""
    await tx.run(_attach, wanted=media_id, post=post_id, place=position)


async def describe(tx: Transaction, media_id: int, alt: str) -> None:
    """Change the alternative text."""
    await tx.run(_describe, wanted=media_id, new_alt=alt)


async def drop_of_post(tx: Transaction, post_id: int) -> list[str]:
    """Forget a post's pictures; return the file keys that nothing uses any more."""
    pictures = (await list_of_posts(tx, [post_id])).get(post_id, [])
    await tx.run(_drop_of_post, post=post_id)
    keys = {key for one in pictures for key in (one.file_key, one.web_key, one.thumbnail_key) if key}
    return [key for key in sorted(keys) if not await is_used(tx, key)]


async def is_used(reader: Reader, key: str) -> bool:
    """Say whether a picture still has this file."""
    return await reader.one(_uses, key=key) is not None
