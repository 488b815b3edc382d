"""Owns `media`: pictures, of posts or for one. It must not touch the files; `server.media` does.

A row without a file and without a peer's address is the place of a picture that is still being painted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    text,
    union,
    update,
)

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
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
    # IPTC's word for the origin of an uploaded picture that says it was generated.
    Column("source", Text),
    Column("scheduled_id", Id),
)
_LOOSE = text("post_id IS NULL AND generation_id IS NULL AND scheduled_id IS NULL")
Index("ix_media_loose", media.c.created_at, sqlite_where=_LOOSE, postgresql_where=_LOOSE)


@dataclass(frozen=True, slots=True)
class Media:
    """A picture: ours has file keys (JPEG for the wire, WebP and thumbnail for our pages), a peer's a `remote_url`.

    `source` is IPTC's word where an uploaded one says of itself that it was generated; `scheduled_id` is the post of
    later that it waits for.
    """

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
    source: str | None = None
    scheduled_id: int | None = None

    @property
    def is_there(self) -> bool:
        """Whether it can be looked at; false while it is being painted."""
        return self.file_key is not None or self.remote_url is not None

    @property
    def is_generated(self) -> bool:
        """Whether it was made by a generator, ours or another."""
        return self.generation_id is not None or self.source is not None


_by_id = select(media).where(media.c.id == bindparam("wanted"))
_by_ids = select(media).where(among(media.c.id, "wanted"))
_by_posts = select(media).where(among(media.c.post_id, "wanted")).order_by(media.c.position, media.c.id)
_place = select(media).where(media.c.generation_id == bindparam("wanted")).limit(1)
_by_generation = _place.where(media.c.file_key.is_not(None))
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
_focus = update(media).where(media.c.id == bindparam("wanted")).values(focal_x=bindparam("x"), focal_y=bindparam("y"))
_detach = (
    update(media)
    .where(media.c.id == bindparam("wanted"))
    .values(post_id=None, position=0, created_at=bindparam("moment"))
)
_FACTS = ("media_type", "file_key", "web_key", "thumbnail_key", "width", "height", "bytes", "blurhash", "alt")
_fill = (
    update(media)
    .where(media.c.id == bindparam("wanted"))
    .values({name: bindparam(f"new_{name}") for name in (*_FACTS, "digest_multibase")})
)
_hold = update(media).where(among(media.c.id, "wanted")).values(scheduled_id=bindparam("scheduled"))
_release = update(media).where(media.c.id == bindparam("wanted"), media.c.post_id.is_(None)).values(scheduled_id=None)
_loose = select(media).where(_LOOSE, media.c.created_at < bindparam("moment")).limit(bindparam("most"))
_of_actor = (
    select(media)
    .where(media.c.actor_id == bindparam("actor"), media.c.id > bindparam("after"))
    .order_by(media.c.id)
    .limit(bindparam("most"))
)
_drop = delete(media).where(media.c.id == bindparam("wanted"))
_drop_of_post = delete(media).where(media.c.post_id == bindparam("post"))
_used = union(
    *(select(key).where(among(key, "keys")) for key in (media.c.file_key, media.c.web_key, media.c.thumbnail_key))
)
_uses = select(media.c.id).where(
    (media.c.file_key == bindparam("key"))
    | (media.c.web_key == bindparam("key"))
    | (media.c.thumbnail_key == bindparam("key"))
)


async def find(reader: Reader, media_id: int) -> Media | None:
    """Find a picture by our own id."""
    row = await reader.one(_by_id, wanted=media_id)
    return Media(*row) if row else None


async def find_many(reader: Reader, media_ids: Sequence[int]) -> dict[int, Media]:
    """Find pictures by our own ids."""
    rows = await reader.all(_by_ids, wanted=msgspec.json.encode(sorted(set(media_ids))).decode())
    return {row[0]: Media(*row) for row in rows}


async def find_by_generation(reader: Reader, generation_id: int) -> Media | None:
    """Find the picture that a generation made; None while it is being painted."""
    row = await reader.one(_by_generation, wanted=generation_id)
    return Media(*row) if row else None


async def find_place(reader: Reader, generation_id: int) -> Media | None:
    """Find the place of a generation's picture, whether it is painted or not."""
    row = await reader.one(_place, wanted=generation_id)
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


async def detach(tx: Transaction, media_id: int, *, at: int) -> None:
    """Take a picture out of its post; it is like one uploaded at this moment."""
    await tx.run(_detach, wanted=media_id, moment=at)


async def describe(tx: Transaction, media_id: int, alt: str) -> None:
    """Change the alternative text."""
    await tx.run(_describe, wanted=media_id, new_alt=alt)


async def focus(tx: Transaction, media_id: int, x: float, y: float) -> None:
    """Set the point that stays in sight, from -1 to 1 in both directions."""
    await tx.run(_focus, wanted=media_id, x=x, y=y)


async def fill(tx: Transaction, picture: Media) -> None:
    """Put the painted picture into its place."""
    facts = {f"new_{name}": getattr(picture, name) for name in (*_FACTS, "digest_multibase")}
    await tx.run(_fill, wanted=picture.id, **facts)


async def hold(tx: Transaction, media_ids: Sequence[int], scheduled_id: int) -> None:
    """Keep pictures for a post of later."""
    await tx.run(_hold, wanted=msgspec.json.encode(sorted(set(media_ids))).decode(), scheduled=scheduled_id)


async def release(tx: Transaction, media_id: int) -> None:
    """Let a picture go that was kept for a post of later."""
    await tx.run(_release, wanted=media_id)


async def list_loose(reader: Reader, *, before: int, limit: int) -> list[Media]:
    """Return uploads of before a moment that no post has."""
    return [Media(*row) for row in await reader.all(_loose, moment=before, most=limit)]


async def list_of_actor(reader: Reader, actor_id: int, *, after: int = 0, limit: int) -> list[Media]:
    """Return somebody's pictures with an id above `after`, in posts or not, oldest first."""
    return [Media(*row) for row in await reader.all(_of_actor, actor=actor_id, after=after, most=limit)]


async def drop(tx: Transaction, picture: Media) -> list[str]:
    """Forget a picture; return the file keys that nothing uses any more."""
    await tx.run(_drop, wanted=picture.id)
    keys = {key for key in (picture.file_key, picture.web_key, picture.thumbnail_key) if key}
    return [key for key in sorted(keys) if not await is_used(tx, key)]


async def drop_of_post(tx: Transaction, post_id: int) -> list[str]:
    """Forget a post's pictures; return the file keys that nothing uses any more."""
    pictures = (await list_of_posts(tx, [post_id])).get(post_id, [])
    await tx.run(_drop_of_post, post=post_id)
    keys = {key for one in pictures for key in (one.file_key, one.web_key, one.thumbnail_key) if key}
    return [key for key in sorted(keys) if not await is_used(tx, key)]


async def find_used(reader: Reader, keys: Sequence[str]) -> set[str]:
    """Return those of the file keys that a picture has."""
    return {row[0] for row in await reader.all(_used, keys=msgspec.json.encode(list(keys)).decode())}


async def is_used(reader: Reader, key: str) -> bool:
    """Say whether a picture still has this file."""
    return await reader.one(_uses, key=key) is not None
