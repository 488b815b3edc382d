"""Owns `consents`: what somebody asked to do with another's post, and what was said to it. It must not decide that.

One row for each deed with a post: of a peer's with one of ours, of ours with a peer's, and, where a stamp proved it,
of a peer's with another peer's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.writing.posts import posts

# The states are those of a quote, so that one becomes the other.
ACCEPTED = "accepted"
PENDING = "pending"
REJECTED = "rejected"
REVOKED = "revoked"

consents = Table(
    "consents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("asker_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("asked_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("interacting_uri", Text, nullable=False),
    Column("request_uri", Text),
    Column("state", Text, nullable=False),
    Column("stamp_uri", Text),
    Column("wanted", Text),
    Column("created_at", Id, nullable=False),
    UniqueConstraint("interacting_uri", "kind", "post_id"),
)
Index("ix_consents_request", consents.c.request_uri, sqlite_where=text("request_uri IS NOT NULL"))
Index("ix_consents_stamp", consents.c.stamp_uri, sqlite_where=text("stamp_uri IS NOT NULL"))
_IS_PENDING = text("state = 'pending'")
Index("ix_consents_pending", consents.c.asked_id, consents.c.id, sqlite_where=_IS_PENDING)


@dataclass(frozen=True, slots=True)
class Consent:
    """That `asker_id` asked `asked_id` to do something with the post `post_id` by `interacting_uri`.

    `request_uri` is the question as an activity, None where none was needed; `stamp_uri` proves a yes; `wanted` is
    JSON: what is to be done once it may be.
    """

    id: int
    kind: str
    asker_id: int
    asked_id: int
    post_id: int
    interacting_uri: str
    request_uri: str | None
    state: str
    stamp_uri: str | None
    wanted: str | None
    created_at: int


# Who has so many questions open looks at the newest.
SHOWN_AT_MOST = 100

_insert = upsert(consents).on_conflict_do_nothing(index_elements=["interacting_uri", "kind", "post_id"])
_by_id = select(consents).where(consents.c.id == bindparam("wanted_id"))
_by_pair = select(consents).where(
    consents.c.interacting_uri == bindparam("deed"),
    consents.c.kind == bindparam("what"),
    consents.c.post_id == bindparam("post"),
)
_by_request = select(consents).where(consents.c.request_uri == bindparam("asked_by"))
_by_deed = select(consents).where(consents.c.interacting_uri == bindparam("deed")).limit(1)
_by_stamp = select(consents).where(consents.c.stamp_uri == bindparam("stamp"))
_by_asker = (
    select(consents)
    .where(consents.c.post_id == bindparam("post"), consents.c.kind == bindparam("what"))
    .where(consents.c.asker_id == bindparam("asker"))
    .order_by(consents.c.id.desc())
    .limit(1)
)
_waiting = (
    select(consents)
    .where(consents.c.asked_id == bindparam("owner"), _IS_PENDING)
    .order_by(consents.c.id.desc())
    .limit(bindparam("most"))
)
_page = (
    select(consents)
    .where(consents.c.asked_id == bindparam("owner"), _IS_PENDING, among(consents.c.kind, "kinds"))
    .where(or_(bindparam("post", type_=Id) == 0, consents.c.post_id == bindparam("post", type_=Id)))
)
_pages = paged(_page, consents.c.id)
_allowed = (
    select(consents)
    .where(consents.c.asked_id == bindparam("owner"), consents.c.state == literal(ACCEPTED))
    .where(consents.c.kind != literal("quote"), consents.c.asker_id != consents.c.asked_id)
    .order_by(consents.c.id.desc())
    .limit(bindparam("most"))
)
_decide = (
    update(consents)
    .where(consents.c.id == bindparam("wanted_id"))
    .values(state=bindparam("new_state"), stamp_uri=bindparam("new_stamp"))
)
_ask_again = update(consents).where(consents.c.id == bindparam("wanted_id")).values(request_uri=bindparam("asked_by"))
_keep_wanted = update(consents).where(consents.c.id == bindparam("wanted_id")).values(wanted=bindparam("what"))
_drop = delete(consents).where(consents.c.id == bindparam("wanted_id"))
_drop_of_post = delete(consents).where(consents.c.post_id == bindparam("post"))
_drop_deed = delete(consents).where(consents.c.interacting_uri == bindparam("deed"))


async def add(tx: Transaction, consent: Consent) -> bool:
    """Remember a question or an answer; false when there is one for this deed and post."""
    return await tx.run(_insert, **{name: getattr(consent, name) for name in consent.__slots__}) > 0


async def find(reader: Reader, consent_id: int) -> Consent | None:
    """Find one by our own id."""
    row = await reader.one(_by_id, wanted_id=consent_id)
    return Consent(*row) if row else None


async def find_pair(reader: Reader, kind: str, interacting_uri: str, post_id: int) -> Consent | None:
    """Find what was said to a deed with a post."""
    row = await reader.one(_by_pair, deed=interacting_uri, what=kind, post=post_id)
    return Consent(*row) if row else None


async def find_deed(reader: Reader, interacting_uri: str) -> Consent | None:
    """Find one for which a post or an activity was to be allowed."""
    row = await reader.one(_by_deed, deed=interacting_uri)
    return Consent(*row) if row else None


async def find_request(reader: Reader, request_uri: str) -> Consent | None:
    """Find what was asked by this activity."""
    row = await reader.one(_by_request, asked_by=request_uri)
    return Consent(*row) if row else None


async def find_stamp(reader: Reader, stamp_uri: str) -> Consent | None:
    """Find what a stamp allows."""
    row = await reader.one(_by_stamp, stamp=stamp_uri)
    return Consent(*row) if row else None


async def find_asked(reader: Reader, kind: str, asker_id: int, post_id: int) -> Consent | None:
    """Find the newest that somebody asked of a post."""
    row = await reader.one(_by_asker, what=kind, asker=asker_id, post=post_id)
    return Consent(*row) if row else None


async def list_waiting(reader: Reader, asked_id: int, limit: int = SHOWN_AT_MOST) -> list[Consent]:
    """Return what waits for somebody's answer, the newest first."""
    return [Consent(*row) for row in await reader.all(_waiting, owner=asked_id, most=limit)]


async def list_page(
    reader: Reader, asked_id: int, kinds: Sequence[str], stretch: Stretch, *, post_id: int = 0
) -> list[Consent]:
    """Return what waits for somebody's answer, of these kinds and about one post (0: any), the newest first."""
    wanted = msgspec.json.encode(list(kinds)).decode()
    rows = await read_page(reader, _pages, stretch, owner=asked_id, kinds=wanted, post=post_id)
    return [Consent(*row) for row in rows]


async def list_allowed(reader: Reader, asked_id: int, limit: int = SHOWN_AT_MOST) -> list[Consent]:
    """Return what somebody lets others do beside quoting, the newest first."""
    return [Consent(*row) for row in await reader.all(_allowed, owner=asked_id, most=limit)]


async def decide(tx: Transaction, consent_id: int, state: str, *, stamp_uri: str | None) -> None:
    """Say how a question was answered."""
    await tx.run(_decide, wanted_id=consent_id, new_state=state, new_stamp=stamp_uri)


async def ask_again(tx: Transaction, consent_id: int, request_uri: str) -> None:
    """Remember by which activity was asked last: it is that one that is answered."""
    await tx.run(_ask_again, wanted_id=consent_id, asked_by=request_uri)


async def keep_wanted(tx: Transaction, consent_id: int, wanted: str) -> None:
    """Remember what is to be done once it may be."""
    await tx.run(_keep_wanted, wanted_id=consent_id, what=wanted)


async def drop(tx: Transaction, consent_id: int) -> None:
    """Forget a question that was taken back."""
    await tx.run(_drop, wanted_id=consent_id)


async def drop_of_post(tx: Transaction, post_id: int) -> None:
    """Forget everything that was asked of a post."""
    await tx.run(_drop_of_post, post=post_id)


async def drop_deed(tx: Transaction, interacting_uri: str) -> None:
    """Forget everything that was asked for a post or an activity."""
    await tx.run(_drop_deed, deed=interacting_uri)
