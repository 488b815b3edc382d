"""Owns `quotes` and `quote_policies`: which post shows which other one, and who may. It must not judge that."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, ForeignKey, Index, Table, Text, bindparam, delete, func, literal, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.writing.posts import Post, posts

ACCEPTED = "accepted"
PENDING = "pending"
REJECTED = "rejected"
REVOKED = "revoked"

# Who may quote a post.
PUBLIC = "public"
FOLLOWERS = "followers"
NOBODY = "nobody"
# Who asks: nobody at once, everybody by the author's hand.
MANUAL = "manual"
POLICIES = (PUBLIC, FOLLOWERS, NOBODY, MANUAL)

quotes = Table(
    "quotes",
    metadata,
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("quoted_uri", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("stamp_uri", Text),
)

quote_policies = Table(
    "quote_policies",
    metadata,
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("automatic", Text, nullable=False),
    Column("manual", Text, nullable=False),
)
Index("ix_quotes_state", quotes.c.quoted_uri, quotes.c.state, quotes.c.post_id)


@dataclass(frozen=True, slots=True)
class Quote:
    """That a post quotes another; `quoted_id` is None while we do not have that one.

    `stamp_uri` is what a peer's post names as proof that it may: a claim, which may be false.
    """

    post_id: int
    quoted_uri: str
    state: str
    created_at: int
    stamp_uri: str | None = None
    quoted_id: int | None = None


@dataclass(frozen=True, slots=True)
class QuotePolicy:
    """Who may quote a post at once, and who after its author agreed: public, followers or nobody."""

    automatic: str = NOBODY
    manual: str = NOBODY


_insert = upsert(quotes).on_conflict_do_nothing(index_elements=["post_id"])
_by_posts = (
    select(quotes, posts.c.id)
    .outerjoin(posts, posts.c.uri == quotes.c.quoted_uri)
    .where(among(quotes.c.post_id, "wanted"))
)
_set_state = update(quotes).where(quotes.c.post_id == bindparam("wanted")).values(state=bindparam("new_state"))
_claim = update(quotes).where(quotes.c.post_id == bindparam("wanted")).values(stamp_uri=bindparam("stamp"))
_drop = delete(quotes).where(quotes.c.post_id == bindparam("post"))
_drop_policy = delete(quote_policies).where(quote_policies.c.post_id == bindparam("post"))
_quoted = posts.alias("quoted")
_counted = (
    select(_quoted.c.id, func.count())
    .join(quotes, quotes.c.quoted_uri == _quoted.c.uri)
    .where(among(_quoted.c.id, "wanted"), quotes.c.state == literal(ACCEPTED))
    .group_by(_quoted.c.id)
)
_listed = (
    select(posts)
    .join(quotes, quotes.c.post_id == posts.c.id)
    .where(quotes.c.quoted_uri == bindparam("quoted"), quotes.c.state == literal(ACCEPTED))
    .where(posts.c.deleted_at.is_(None))
)
_pages = paged(_listed, posts.c.id)
_of_author = (
    select(posts)
    .join(quotes, quotes.c.post_id == posts.c.id)
    .join(_quoted, _quoted.c.uri == quotes.c.quoted_uri)
    .where(_quoted.c.actor_id == bindparam("owner"), quotes.c.state == literal(ACCEPTED))
    .where(posts.c.deleted_at.is_(None), posts.c.actor_id != _quoted.c.actor_id)
    .order_by(posts.c.id.desc())
    .limit(bindparam("most"))
)
_waiting = select(quotes.c.post_id).where(
    quotes.c.quoted_uri == bindparam("quoted"), quotes.c.state == literal(PENDING)
)
_put = upsert(quote_policies)
_put = _put.on_conflict_do_update(
    index_elements=["post_id"], set_={"automatic": _put.excluded.automatic, "manual": _put.excluded.manual}
)
_policies = select(quote_policies.c.post_id, quote_policies.c.automatic, quote_policies.c.manual).where(
    among(quote_policies.c.post_id, "wanted")
)


async def add(
    tx: Transaction, *, post_id: int, quoted_uri: str, state: str, at: int, stamp_uri: str | None = None
) -> None:
    """Remember what a post quotes; one post quotes one other."""
    await tx.run(_insert, post_id=post_id, quoted_uri=quoted_uri, state=state, created_at=at, stamp_uri=stamp_uri)


async def find(reader: Reader, post_id: int) -> Quote | None:
    """Find what a post quotes."""
    return (await list_of_posts(reader, [post_id])).get(post_id)


async def list_of_posts(reader: Reader, post_ids: Sequence[int]) -> dict[int, Quote]:
    """Return what these posts quote, by post id."""
    return {row[0]: Quote(*row) for row in await reader.all(_by_posts, wanted=_json(post_ids))}


async def count_of_posts(reader: Reader, post_ids: Sequence[int]) -> dict[int, int]:
    """Count who quotes these posts with their authors' consent, by post id."""
    return {row[0]: row[1] for row in await reader.all(_counted, wanted=_json(post_ids))}


async def list_quoting(reader: Reader, quoted_uri: str, stretch: Stretch) -> list[Post]:
    """Return the posts that quote one with its author's consent, the newest first."""
    return [Post(*row) for row in await read_page(reader, _pages, stretch, quoted=quoted_uri)]


async def list_of_author(reader: Reader, author_id: int, *, limit: int) -> list[Post]:
    """Return what others wrote that quotes somebody's posts, the newest first."""
    return [Post(*row) for row in await reader.all(_of_author, owner=author_id, most=limit)]


async def list_waiting(reader: Reader, quoted_uri: str) -> list[int]:
    """Return the posts whose quote of one waits for it, or for its author."""
    return [row[0] for row in await reader.all(_waiting, quoted=quoted_uri)]


async def claim(tx: Transaction, post_id: int, stamp_uri: str | None) -> None:
    """Remember which stamp a quote names from now on."""
    await tx.run(_claim, wanted=post_id, stamp=stamp_uri)


async def set_state(tx: Transaction, post_id: int, state: str) -> None:
    """Say what became of a quote."""
    await tx.run(_set_state, wanted=post_id, new_state=state)


async def put_policy(tx: Transaction, post_id: int, policy: QuotePolicy) -> None:
    """Say who may quote a post."""
    await tx.run(_put, post_id=post_id, automatic=policy.automatic, manual=policy.manual)


async def list_policies(reader: Reader, post_ids: Sequence[int]) -> dict[int, QuotePolicy]:
    """Return who may quote these posts, by post id; nothing where its author said nothing."""
    return {row[0]: QuotePolicy(row[1], row[2]) for row in await reader.all(_policies, wanted=_json(post_ids))}


async def find_policy(reader: Reader, post_id: int) -> QuotePolicy | None:
    """Return who may quote a post; None where its author said nothing."""
    return (await list_policies(reader, [post_id])).get(post_id)


async def drop_of_post(tx: Transaction, post_id: int) -> None:
    """Forget what a post quotes and who may quote it."""
    await tx.run(_drop, post=post_id)
    await tx.run(_drop_policy, post=post_id)


def _json(ids: Sequence[int]) -> str:
    return msgspec.json.encode(sorted(set(ids))).decode()
