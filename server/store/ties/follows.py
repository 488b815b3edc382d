"""Owns `follows` and `blocks`: who follows and who blocks whom. It must not decide whether a follow is accepted."""

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
    false,
    func,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import Actor, actors
from server.store.schema import Id, metadata

follows = Table(
    "follows",
    metadata,
    Column("id", Id, primary_key=True),
    Column("follower_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("followed_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("uri", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("accepted_at", Id),
    Column("reblogs", Boolean, nullable=False, server_default=true()),
    Column("notify", Boolean, nullable=False, server_default=false()),
    Column("languages", Text),
    UniqueConstraint("follower_id", "followed_id"),
)
Index("ix_follows_followers", follows.c.followed_id, follows.c.state, follows.c.id)
# Asked for each new post; few want to be told.
Index("ix_follows_watchers", follows.c.followed_id, sqlite_where=text("notify = 1"))
Index("ix_follows_following", follows.c.follower_id, follows.c.state, follows.c.id)

blocks = Table(
    "blocks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("target_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("uri", Text, nullable=False, index=True),
    Column("created_at", Id, nullable=False),
    UniqueConstraint("actor_id", "target_id"),
)


@dataclass(frozen=True, slots=True)
class Follow:
    """A follow; `state` is `pending` or `accepted`, `uri` the id of its newest Follow activity.

    `reblogs`: boosts are wanted too; `notify`: each new post is told; `languages`: JSON, None where all are wanted.
    """

    id: int
    follower_id: int
    followed_id: int
    uri: str
    state: str
    created_at: int
    accepted_at: int | None
    reblogs: bool = True
    notify: bool = False
    languages: str | None = None

    @property
    def wanted_languages(self) -> tuple[str, ...]:
        """The languages that the follower reads of this person; none where all are wanted."""
        return tuple(msgspec.json.decode(self.languages, type=list[str])) if self.languages else ()


@dataclass(frozen=True, slots=True)
class Inbox:
    """Where one follower reads: `cursor` is the follow's id."""

    cursor: int
    inbox: str
    shared_inbox: str | None


_between = select(follows).where(
    follows.c.follower_id == bindparam("follower"), follows.c.followed_id == bindparam("followed")
)
_by_uri = select(follows).where(follows.c.uri == bindparam("wanted")).limit(1)
_insert = upsert(follows)
_put = _insert.on_conflict_do_update(index_elements=["follower_id", "followed_id"], set_={"uri": _insert.excluded.uri})
_accept = (
    update(follows)
    .where(follows.c.follower_id == bindparam("follower"), follows.c.followed_id == bindparam("followed"))
    .where(follows.c.state == "pending")
    .values(state="accepted", accepted_at=bindparam("moment"))
)
_choose = (
    update(follows)
    .where(follows.c.follower_id == bindparam("follower"), follows.c.followed_id == bindparam("followed"))
    .values(reblogs=bindparam("want_reblogs"), notify=bindparam("want_notify"), languages=bindparam("want_languages"))
)
_drop = delete(follows).where(
    follows.c.follower_id == bindparam("follower"), follows.c.followed_id == bindparam("followed")
)
_drop_all = delete(follows).where(
    (follows.c.follower_id == bindparam("actor")) | (follows.c.followed_id == bindparam("actor"))
)
_followers = (
    select(follows.c.id, *actors.columns)
    .join(actors, actors.c.id == follows.c.follower_id)
    .where(follows.c.followed_id == bindparam("actor"), follows.c.state == bindparam("state"))
    .where(follows.c.id < bindparam("before"))
    .order_by(follows.c.id.desc())
    .limit(bindparam("most"))
)
_following = (
    select(follows.c.id, *actors.columns)
    .join(actors, actors.c.id == follows.c.followed_id)
    .where(follows.c.follower_id == bindparam("actor"), follows.c.state == bindparam("state"))
    .where(follows.c.id < bindparam("before"))
    .order_by(follows.c.id.desc())
    .limit(bindparam("most"))
)
_count_followers = (
    select(func.count())
    .select_from(follows)
    .where(follows.c.followed_id == bindparam("actor"), follows.c.state == bindparam("state"))
)
_count_following = (
    select(func.count())
    .select_from(follows)
    .where(follows.c.follower_id == bindparam("actor"), follows.c.state == bindparam("state"))
)
_inboxes = (
    select(follows.c.id, actors.c.inbox, actors.c.shared_inbox)
    .join(actors, actors.c.id == follows.c.follower_id)
    .where(
        follows.c.followed_id == bindparam("actor"), follows.c.state == "accepted", follows.c.id > bindparam("after")
    )
    .where(actors.c.local.is_(False), actors.c.gone_at.is_(None), actors.c.suspended_at.is_(None))
    .order_by(follows.c.id)
    .limit(bindparam("most"))
)
_remote_followers = (
    select(actors.c.uri)
    .join(follows, follows.c.follower_id == actors.c.id)
    .where(follows.c.followed_id == bindparam("actor"), follows.c.state == "accepted", actors.c.local.is_(False))
)
_local_followers = (
    select(actors.c.uri)
    .join(follows, follows.c.follower_id == actors.c.id)
    .where(follows.c.followed_id == bindparam("actor"), follows.c.state == "accepted", actors.c.local)
)
_tied = select(*actors.columns).where(
    actors.c.local,
    actors.c.id.in_(
        union_all(
            select(follows.c.follower_id).where(follows.c.followed_id == bindparam("actor", type_=Id)),
            select(follows.c.followed_id).where(follows.c.follower_id == bindparam("actor", type_=Id)),
        )
    ),
)
_any_local_follower = (
    select(follows.c.id)
    .join(actors, actors.c.id == follows.c.follower_id)
    .where(follows.c.followed_id == bindparam("actor"), follows.c.state == "accepted", actors.c.local)
    .limit(1)
)
_watchers = (
    select(*actors.columns)
    .join(follows, follows.c.follower_id == actors.c.id)
    .where(follows.c.followed_id == bindparam("actor"), follows.c.notify == text("1"), actors.c.local)
    .where(follows.c.state == "accepted")
)
_block = upsert(blocks).on_conflict_do_nothing(index_elements=["actor_id", "target_id"])
_unblock = delete(blocks).where(blocks.c.actor_id == bindparam("actor"), blocks.c.target_id == bindparam("target"))
_blocked = select(blocks.c.id).where(blocks.c.actor_id == bindparam("actor"), blocks.c.target_id == bindparam("target"))
_either_blocked = (
    select(blocks.c.id).where(blocks.c.actor_id == bindparam("one"), blocks.c.target_id == bindparam("other"))
).union_all(select(blocks.c.id).where(blocks.c.actor_id == bindparam("other"), blocks.c.target_id == bindparam("one")))
_list_blocked = paged(
    select(blocks.c.id, *actors.columns)
    .join(actors, actors.c.id == blocks.c.target_id)
    .where(blocks.c.actor_id == bindparam("actor")),
    blocks.c.id,
)
_list_waiting = paged(
    select(follows.c.id, *actors.columns)
    .join(actors, actors.c.id == follows.c.follower_id)
    .where(follows.c.followed_id == bindparam("actor"), follows.c.state == "pending"),
    follows.c.id,
)
_block_uri = select(blocks.c.uri).where(
    blocks.c.actor_id == bindparam("actor"), blocks.c.target_id == bindparam("target")
)
_block_by_uri = select(blocks.c.actor_id, blocks.c.target_id).where(blocks.c.uri == bindparam("wanted")).limit(1)
NEWEST = (1 << 63) - 1


async def find(reader: Reader, follower_id: int, followed_id: int) -> Follow | None:
    """Find whether one follows another, pending or accepted."""
    row = await reader.one(_between, follower=follower_id, followed=followed_id)
    return Follow(*row) if row else None


async def find_by_uri(reader: Reader, uri: str) -> Follow | None:
    """Find a follow by the id of its activity."""
    row = await reader.one(_by_uri, wanted=uri)
    return Follow(*row) if row else None


async def follows_accepted(reader: Reader, follower_id: int, followed_id: int) -> bool:
    """Say whether one follows another and was accepted."""
    follow = await find(reader, follower_id, followed_id)
    return follow is not None and follow.state == "accepted"


async def put(tx: Transaction, follow: Follow) -> None:
    """Store a follow; a repeated one only takes the new activity id."""
    await tx.run(_put, **{name: getattr(follow, name) for name in follow.__slots__})


async def accept(tx: Transaction, follower_id: int, followed_id: int, *, at: int) -> bool:
    """Turn a pending follow into an accepted one; false when none was pending."""
    return bool(await tx.run(_accept, follower=follower_id, followed=followed_id, moment=at))


async def choose(tx: Transaction, follow: Follow) -> None:
    """Set what the follower wants of the followed: boosts, notices, languages."""
    await tx.run(
        _choose,
        follower=follow.follower_id,
        followed=follow.followed_id,
        want_reblogs=follow.reblogs,
        want_notify=follow.notify,
        want_languages=follow.languages,
    )


async def drop(tx: Transaction, follower_id: int, followed_id: int) -> bool:
    """End a follow; false when there was none."""
    return bool(await tx.run(_drop, follower=follower_id, followed=followed_id))


async def drop_all(tx: Transaction, actor_id: int) -> None:
    """End every follow from and to an actor."""
    await tx.run(_drop_all, actor=actor_id)


async def list_followers(
    reader: Reader, actor_id: int, *, state: str = "accepted", before: int = NEWEST, limit: int = 40
) -> list[tuple[int, Actor]]:
    """Return (cursor, follower), newest first, below cursor `before`."""
    rows = await reader.all(_followers, actor=actor_id, state=state, before=before, most=limit)
    return [(row[0], Actor(*row[1:])) for row in rows]


async def list_following(
    reader: Reader, actor_id: int, *, state: str = "accepted", before: int = NEWEST, limit: int = 40
) -> list[tuple[int, Actor]]:
    """Return (cursor, followed), newest first, below cursor `before`."""
    rows = await reader.all(_following, actor=actor_id, state=state, before=before, most=limit)
    return [(row[0], Actor(*row[1:])) for row in rows]


async def count_followers(reader: Reader, actor_id: int, *, state: str = "accepted") -> int:
    """Count an actor's followers."""
    row = await reader.one(_count_followers, actor=actor_id, state=state)
    return int(row[0]) if row else 0


async def count_following(reader: Reader, actor_id: int, *, state: str = "accepted") -> int:
    """Count whom an actor follows."""
    row = await reader.one(_count_following, actor=actor_id, state=state)
    return int(row[0]) if row else 0


async def list_inboxes(reader: Reader, actor_id: int, *, after: int = 0, limit: int = 1000) -> list[Inbox]:
    """Return where the accepted remote followers of an actor read, by cursor above `after`."""
    return [Inbox(*row) for row in await reader.all(_inboxes, actor=actor_id, after=after, most=limit)]


async def list_remote_followers(reader: Reader, actor_id: int) -> list[str]:
    """Return the addresses of all on other servers who follow somebody; some 10 ms for ten thousand."""
    return [row[0] for row in await reader.all(_remote_followers, actor=actor_id)]


async def list_local_followers(reader: Reader, actor_id: int) -> list[str]:
    """Return the addresses of all of our people who follow somebody and were let in."""
    return [row[0] for row in await reader.all(_local_followers, actor=actor_id)]


async def list_tied(reader: Reader, actor_id: int) -> list[Actor]:
    """Return all of our people who follow somebody or are followed by them, let in or not."""
    return [Actor(*row) for row in await reader.all(_tied, actor=actor_id)]


async def has_local_follower(reader: Reader, actor_id: int) -> bool:
    """Say whether one of our people follows this actor."""
    return await reader.one(_any_local_follower, actor=actor_id) is not None


async def list_watchers(reader: Reader, actor_id: int) -> list[Actor]:
    """Return those of our people who want to be told of each new post of somebody."""
    return [Actor(*row) for row in await reader.all(_watchers, actor=actor_id)]


async def block(tx: Transaction, *, id: int, actor_id: int, target_id: int, uri: str, at: int) -> None:
    """Remember that one blocks another."""
    await tx.run(_block, id=id, actor_id=actor_id, target_id=target_id, uri=uri, created_at=at)


async def unblock(tx: Transaction, actor_id: int, target_id: int) -> None:
    """Forget a block."""
    await tx.run(_unblock, actor=actor_id, target=target_id)


async def is_blocked(reader: Reader, *, by: int, actor_id: int) -> bool:
    """Say whether `by` blocks `actor_id`."""
    return await reader.one(_blocked, actor=by, target=actor_id) is not None


async def is_either_blocked(reader: Reader, one_id: int, other_id: int) -> bool:
    """Say whether one of two blocks the other."""
    return await reader.one(_either_blocked, one=one_id, other=other_id) is not None


async def list_blocked(reader: Reader, actor_id: int, stretch: Stretch) -> list[tuple[int, Actor]]:
    """Return (cursor, blocked), newest first."""
    return [(row[0], Actor(*row[1:])) for row in await read_page(reader, _list_blocked, stretch, actor=actor_id)]


async def list_waiting(reader: Reader, actor_id: int, stretch: Stretch) -> list[tuple[int, Actor]]:
    """Return (cursor, who asks to follow), newest first."""
    return [(row[0], Actor(*row[1:])) for row in await read_page(reader, _list_waiting, stretch, actor=actor_id)]


async def find_block_by_uri(reader: Reader, uri: str) -> tuple[int, int] | None:
    """Find (who blocks, who is blocked) by the id of the Block."""
    row = await reader.one(_block_by_uri, wanted=uri)
    return (row[0], row[1]) if row else None


async def find_block_uri(reader: Reader, actor_id: int, target_id: int) -> str | None:
    """Find the id of the Block by which one blocks another."""
    row = await reader.one(_block_uri, actor=actor_id, target=target_id)
    return str(row[0]) if row else None
