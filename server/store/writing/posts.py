"""Owns `posts`, `mentions` and `hashtags`: Notes of ours and of others. It must not decide who may see them."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among

posts = Table(
    "posts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("uri", Text, nullable=False, unique=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("local", Boolean, nullable=False),
    Column("type", Text, nullable=False),
    Column("url", Text),
    Column("in_reply_to_uri", Text),
    Column("in_reply_to_id", Id),
    Column("content_html", Text, nullable=False),
    Column("source", Text),
    Column("summary", Text),
    Column("sensitive", Boolean, nullable=False),
    Column("language", Text),
    Column("visibility", Text, nullable=False),
    Column("to_uris", Text, nullable=False),
    Column("cc_uris", Text, nullable=False),
    Column("generated", Boolean, nullable=False),
    Column("generation_id", Id),
    Column("published_at", Id, nullable=False),
    Column("updated_at", Id),
    Column("deleted_at", Id),
    Column("replies_count", Integer, nullable=False),
    Column("likes_count", Integer, nullable=False),
    Column("shares_count", Integer, nullable=False),
    # Who is meant by bto and bcc, as JSON; they may see it and nobody is told.
    Column("blind_uris", Text),
    # What a client wrote beyond what we have columns for, as a JSON object.
    Column("extra", Text),
)
Index("ix_posts_of_actor", posts.c.actor_id, posts.c.id)
# How much somebody wrote and when last, read from the index alone.
_ALIVE = text("deleted_at IS NULL")
Index(
    "ix_posts_counted",
    posts.c.actor_id,
    posts.c.visibility,
    posts.c.published_at,
    sqlite_where=_ALIVE,
    postgresql_where=_ALIVE,
)
# What public feeds show, each half in its order.
_SHOWN = text("visibility = 'public' AND deleted_at IS NULL AND in_reply_to_uri IS NULL")
# The two columns in the middle are always null: without them SQLite takes ix_posts_living, which holds much else.
Index(
    "ix_posts_public",
    *(posts.c[name] for name in ("local", "in_reply_to_uri", "deleted_at", "id")),
    sqlite_where=_SHOWN,
    postgresql_where=_SHOWN,
)
# Most posts are in none of these.
_ANSWERS = posts.c.in_reply_to_id.is_not(None)
Index("ix_posts_replies", posts.c.in_reply_to_id, posts.c.id, sqlite_where=_ANSWERS, postgresql_where=_ANSWERS)
_SHOWS = posts.c.generation_id.is_not(None)
Index("uq_posts_generation", posts.c.generation_id, unique=True, sqlite_where=_SHOWS, postgresql_where=_SHOWS)
_ORPHAN = text("in_reply_to_id IS NULL AND in_reply_to_uri IS NOT NULL")
Index("ix_posts_orphans", posts.c.in_reply_to_uri, sqlite_where=_ORPHAN, postgresql_where=_ORPHAN)
_LIVING = text("local = 1 AND deleted_at IS NULL")
Index("ix_posts_living", posts.c.local, posts.c.deleted_at, sqlite_where=_LIVING)

mentions = Table(
    "mentions",
    metadata,
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("actor_uri", Text, primary_key=True, index=True),
    Column("name", Text, nullable=False),
)

hashtags = Table(
    "hashtags",
    metadata,
    Column("name", Text, primary_key=True),
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), primary_key=True, index=True),
)


@dataclass(frozen=True, slots=True)
class Post:
    """A post, local or remote. `content_html` is sanitised; `source` is what our author wrote.

    `replies_count` counts living replies that anybody may see.
    """

    id: int
    uri: str
    actor_id: int
    local: bool
    type: str
    url: str | None
    in_reply_to_uri: str | None
    in_reply_to_id: int | None
    content_html: str
    source: str | None
    summary: str | None
    sensitive: bool
    language: str | None
    visibility: str
    to_uris: str
    cc_uris: str
    generated: bool
    generation_id: int | None
    published_at: int
    updated_at: int | None
    deleted_at: int | None
    replies_count: int
    likes_count: int
    shares_count: int
    blind_uris: str | None = None
    extra: str | None = None

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
        return tuple(msgspec.json.decode(self.blind_uris, type=list[str])) if self.blind_uris else ()

    @property
    def more(self) -> dict[str, object]:
        """What a client wrote beyond what we have columns for."""
        return msgspec.json.decode(self.extra, type=dict[str, object]) if self.extra else {}


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Somebody named in a post: their URI and the name written (`@user@host`)."""

    actor_uri: str
    name: str


# What anybody may see.
OPEN_VISIBILITIES = ("public", "unlisted")

_by_id = select(posts).where(posts.c.id == bindparam("wanted"))
_by_ids = select(posts).where(among(posts.c.id, "wanted"))
_by_uri = select(posts).where(posts.c.uri == bindparam("wanted"))
_by_generation = select(posts).where(posts.c.generation_id == bindparam("wanted"))
_insert = upsert(posts).on_conflict_do_nothing(index_elements=["uri"])
_edit = (
    update(posts)
    .where(posts.c.id == bindparam("wanted"))
    .values(
        type=bindparam("new_type"),
        content_html=bindparam("new_content_html"),
        source=bindparam("new_source"),
        summary=bindparam("new_summary"),
        sensitive=bindparam("new_sensitive"),
        language=bindparam("new_language"),
        updated_at=bindparam("new_updated_at"),
        to_uris=bindparam("new_to_uris"),
        cc_uris=bindparam("new_cc_uris"),
        blind_uris=bindparam("new_blind_uris"),
        extra=bindparam("new_extra"),
        generated=bindparam("new_generated"),
        generation_id=bindparam("new_generation_id"),
    )
)
_bury = (
    update(posts)
    .where(posts.c.id == bindparam("wanted"))
    .values(content_html="", source=None, summary=None, extra=None, deleted_at=bindparam("moment"))
)
_SEEN_BY = {f"new_{name}": name for name in ("visibility", "to_uris", "cc_uris", "blind_uris", "in_reply_to_id")}
_this = update(posts).where(posts.c.id == bindparam("wanted"))
_readdress = _this.values({name: bindparam(bound) for bound, name in _SEEN_BY.items()})
_release_generation = _this.values(generation_id=None)
_counts = {
    name: update(posts).where(posts.c.id == bindparam("wanted")).values({name: posts.c[name] + bindparam("change")})
    for name in ("replies_count", "likes_count", "shares_count")
}
_replies = (
    select(posts)
    .where(posts.c.in_reply_to_id == bindparam("parent"), posts.c.deleted_at.is_(None), posts.c.id > bindparam("after"))
    .order_by(posts.c.id)
    .limit(bindparam("most"))
)
_OPEN = posts.c.visibility.in_([literal(one) for one in OPEN_VISIBILITIES])
_open_replies = _replies.where(_OPEN)
_count_open_replies = (
    select(func.count())
    .select_from(posts)
    .where(posts.c.in_reply_to_id == bindparam("parent"), posts.c.deleted_at.is_(None), _OPEN)
)
_orphans = (
    update(posts)
    .where(
        posts.c.in_reply_to_uri == bindparam("wanted"), posts.c.in_reply_to_id.is_(None), posts.c.deleted_at.is_(None)
    )
    .values(in_reply_to_id=bindparam("parent"))
)
_recount_replies = (
    update(posts).where(posts.c.id == bindparam("wanted")).values(replies_count=_count_open_replies.scalar_subquery())
)
_count_local = select(func.count()).select_from(posts).where(posts.c.local, posts.c.deleted_at.is_(None))
_wrote_to = (
    select(posts.c.id)
    .join(mentions, mentions.c.post_id == posts.c.id)
    .where(posts.c.actor_id == bindparam("author"), posts.c.id >= bindparam("first"), posts.c.generation_id.is_(None))
    .where(mentions.c.actor_uri == bindparam("named"))
    .limit(1)
)
_add_mention = upsert(mentions).on_conflict_do_nothing()
_add_hashtag = upsert(hashtags).on_conflict_do_nothing()
_drop_mentions = delete(mentions).where(mentions.c.post_id == bindparam("wanted"))
_drop_hashtags = delete(hashtags).where(hashtags.c.post_id == bindparam("wanted"))
_mentions_of = (
    select(mentions.c.actor_uri, mentions.c.name).where(mentions.c.post_id == bindparam("wanted")).order_by("name")
)
_hashtags_of = select(hashtags.c.name).where(hashtags.c.post_id == bindparam("wanted")).order_by("name")


async def find(reader: Reader, post_id: int) -> Post | None:
    """Find a post by our own id; deleted ones too (`deleted_at`)."""
    row = await reader.one(_by_id, wanted=post_id)
    return Post(*row) if row else None


async def find_many(reader: Reader, post_ids: Sequence[int]) -> dict[int, Post]:
    """Find posts by our own ids."""
    rows = await reader.all(_by_ids, wanted=msgspec.json.encode(sorted(set(post_ids))).decode())
    return {row[0]: Post(*row) for row in rows}


async def find_by_uri(reader: Reader, uri: str) -> Post | None:
    """Find a post by its ActivityPub id; deleted ones too."""
    row = await reader.one(_by_uri, wanted=uri)
    return Post(*row) if row else None


async def find_by_generation(reader: Reader, generation_id: int) -> Post | None:
    """Find the post that shows a generation's picture."""
    row = await reader.one(_by_generation, wanted=generation_id)
    return Post(*row) if row else None


async def add(tx: Transaction, post: Post, *, mentioned: Sequence[Mentioned] = (), tags: Sequence[str] = ()) -> bool:
    """Store a post once by its uri; false when it was there. Replies that came before it find their parent."""
    if not await tx.run(_insert, **{name: getattr(post, name) for name in post.__slots__}):
        return False
    await _store_tags(tx, post.id, mentioned, tags)
    await _count_in_parent(tx, post, +1)
    if await tx.run(_orphans, wanted=post.uri, parent=post.id):
        await tx.run(_recount_replies, wanted=post.id, parent=post.id)
    return True


async def edit(tx: Transaction, post: Post, *, mentioned: Sequence[Mentioned] = (), tags: Sequence[str] = ()) -> None:
    """Overwrite what an author may change; the type too: a post that asks something from now on is a Question."""
    await tx.run(
        _edit,
        wanted=post.id,
        new_type=post.type,
        new_content_html=post.content_html,
        new_source=post.source,
        new_summary=post.summary,
        new_sensitive=post.sensitive,
        new_language=post.language,
        new_updated_at=post.updated_at,
        new_to_uris=post.to_uris,
        new_cc_uris=post.cc_uris,
        new_blind_uris=post.blind_uris,
        new_extra=post.extra,
        new_generated=post.generated,
        new_generation_id=post.generation_id,
    )
    await tx.run(_drop_mentions, wanted=post.id)
    await tx.run(_drop_hashtags, wanted=post.id)
    await _store_tags(tx, post.id, mentioned, tags)


async def _store_tags(tx: Transaction, post_id: int, mentioned: Sequence[Mentioned], tags: Sequence[str]) -> None:
    await tx.run_many(
        _add_mention, [{"post_id": post_id, "actor_uri": one.actor_uri, "name": one.name} for one in mentioned]
    )
    await tx.run_many(_add_hashtag, [{"post_id": post_id, "name": tag.lower()} for tag in tags])


async def _count_in_parent(tx: Transaction, reply: Post, change: int) -> None:
    """The number stands on a page for everybody, so it tells of no reply that not everybody may see."""
    if reply.in_reply_to_id is not None and reply.visibility in OPEN_VISIBILITIES:
        await tx.run(_counts["replies_count"], wanted=reply.in_reply_to_id, change=change)


async def readdress(tx: Transaction, post: Post) -> None:
    """Show a post to others than before; what it answers may be said anew too."""
    if (before := await find(tx, post.id)) is not None:
        await _count_in_parent(tx, before, -1)
    await tx.run(_readdress, wanted=post.id, **{bound: getattr(post, name) for bound, name in _SEEN_BY.items()})
    await _count_in_parent(tx, post, +1)


async def uncount(tx: Transaction, post: Post) -> None:
    """A living reply goes: its parent counts one less."""
    if post.deleted_at is None:
        await _count_in_parent(tx, post, -1)


async def bury(tx: Transaction, post_id: int, *, at: int) -> None:
    """Empty a post and leave its tombstone; nothing happens when it is buried already."""
    post = await find(tx, post_id)
    if post is None or post.deleted_at is not None:
        return
    await uncount(tx, post)
    await tx.run(_bury, wanted=post_id, moment=at)
    await tx.run(_drop_mentions, wanted=post_id)
    await tx.run(_drop_hashtags, wanted=post_id)


async def release_generation(tx: Transaction, post_id: int) -> None:
    """Part a post from the wish for its picture, so that another post may show that."""
    await tx.run(_release_generation, wanted=post_id)


async def count_like(tx: Transaction, post_id: int, change: int) -> None:
    """Add `change` to a post's number of likes."""
    await tx.run(_counts["likes_count"], wanted=post_id, change=change)


async def count_share(tx: Transaction, post_id: int, change: int) -> None:
    """Add `change` to a post's number of boosts."""
    await tx.run(_counts["shares_count"], wanted=post_id, change=change)


async def list_replies(reader: Reader, post_id: int, *, after: int = 0, limit: int = 40) -> list[Post]:
    """Return a post's direct replies, oldest first, above id `after`."""
    return [Post(*row) for row in await reader.all(_replies, parent=post_id, after=after, most=limit)]


async def list_open_replies(reader: Reader, post_id: int, *, after: int = 0, limit: int = 40) -> list[Post]:
    """Return those direct replies that anybody may see, oldest first, above id `after`."""
    return [Post(*row) for row in await reader.all(_open_replies, parent=post_id, after=after, most=limit)]


async def count_open_replies(reader: Reader, post_id: int) -> int:
    """Count the direct replies that anybody may see."""
    row = await reader.one(_count_open_replies, parent=post_id)
    return int(row[0]) if row else 0


async def wrote_to(reader: Reader, author_id: int, actor_uri: str, *, first_id: int) -> bool:
    """Say whether an author named somebody in a post without a generated picture, at or above id `first_id`."""
    return await reader.one(_wrote_to, author=author_id, named=actor_uri, first=first_id) is not None


async def count_local(reader: Reader) -> int:
    """Count our people's posts."""
    row = await reader.one(_count_local)
    return int(row[0]) if row else 0


async def list_mentions(reader: Reader, post_id: int) -> list[Mentioned]:
    """Return who a post names."""
    return [Mentioned(*row) for row in await reader.all(_mentions_of, wanted=post_id)]


async def list_hashtags(reader: Reader, post_id: int) -> list[str]:
    """Return a post's hashtags in lower case, without the sign."""
    return [row[0] for row in await reader.all(_hashtags_of, wanted=post_id)]
