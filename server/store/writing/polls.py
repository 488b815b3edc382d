"""Owns `polls`, `poll_options` and `poll_votes`: questions of ours and of peers. It must not decide who may vote."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    distinct,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.actors import Actor, actors
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.writing.posts import posts

polls = Table(
    "polls",
    metadata,
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("multiple", Boolean, nullable=False),
    Column("hide_totals", Boolean, nullable=False),
    Column("expires_at", Id),
    # What a peer told; ours are counted from the votes.
    Column("voters_count", Integer),
    Column("checked_at", Id, nullable=False),
    Column("told_at", Id),
)

poll_options = Table(
    "poll_options",
    metadata,
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("votes_count", Integer, nullable=False),
)

poll_votes = Table(
    "poll_votes",
    metadata,
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), primary_key=True, index=True),
    Column("position", Integer, primary_key=True),
    Column("created_at", Id, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that a poll offers."""

    title: str
    votes_count: int


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll; it has the id of its post. `expires_at` None means never; `told_at` when its end was told."""

    post_id: int
    multiple: bool
    hide_totals: bool
    expires_at: int | None
    voters_count: int | None
    checked_at: int
    told_at: int | None
    options: tuple[Option, ...] = ()

    @property
    def votes_count(self) -> int:
        """All votes; with several allowed, more than there are voters."""
        return sum(option.votes_count for option in self.options)

    def is_over(self, now: int) -> bool:
        """Whether nobody can vote any more."""
        return self.expires_at is not None and self.expires_at <= now


_insert = insert(polls)
_insert_option = insert(poll_options)
_by_posts = select(polls).where(among(polls.c.post_id, "wanted"))
_options_of = (
    select(poll_options.c.post_id, poll_options.c.title, poll_options.c.votes_count)
    .where(among(poll_options.c.post_id, "wanted"))
    .order_by(poll_options.c.post_id, poll_options.c.position)
)
_choices = (
    select(poll_votes.c.post_id, poll_votes.c.position)
    .where(poll_votes.c.actor_id == bindparam("actor"), among(poll_votes.c.post_id, "wanted"))
    .order_by(poll_votes.c.post_id, poll_votes.c.position)
)
_vote = upsert(poll_votes).on_conflict_do_nothing()
_count_vote = (
    update(poll_options)
    .where(poll_options.c.post_id == bindparam("post"), poll_options.c.position == bindparam("place"))
    .values(votes_count=poll_options.c.votes_count + text("1"))
)
_count_voters = (
    select(func.count(distinct(poll_votes.c.actor_id)))
    .where(poll_votes.c.post_id == bindparam("post"))
    .scalar_subquery()
)
_recount_voters = update(polls).where(polls.c.post_id == bindparam("wanted")).values(voters_count=_count_voters)
_count_voter = (
    update(polls).where(polls.c.post_id == bindparam("wanted")).values(voters_count=polls.c.voters_count + text("1"))
)
_set_facts = (
    update(polls)
    .where(polls.c.post_id == bindparam("wanted"))
    .values(
        expires_at=bindparam("new_expires_at"),
        voters_count=bindparam("new_voters_count"),
        checked_at=bindparam("new_checked_at"),
    )
)
_set_count = (
    update(poll_options)
    .where(poll_options.c.post_id == bindparam("post"), poll_options.c.position == bindparam("place"))
    .values(votes_count=bindparam("counted"))
)
_mark_told = (
    update(polls)
    .where(polls.c.post_id == bindparam("wanted"), polls.c.told_at.is_(None))
    .values(told_at=bindparam("moment"))
)
_local_voters = (
    select(actors)
    .where(actors.c.local, actors.c.gone_at.is_(None))
    .where(actors.c.id.in_(select(poll_votes.c.actor_id).where(poll_votes.c.post_id == bindparam("post"))))
)
_drops = tuple(delete(one).where(one.c.post_id == bindparam("post")) for one in (poll_votes, poll_options, polls))


async def add(tx: Transaction, poll: Poll) -> None:
    """Store a poll with its options."""
    facts = {name: getattr(poll, name) for name in poll.__slots__ if name != "options"}
    await tx.run(_insert, **facts)
    rows = [
        {"post_id": poll.post_id, "position": position, "title": one.title, "votes_count": one.votes_count}
        for position, one in enumerate(poll.options)
    ]
    await tx.run_many(_insert_option, rows)


async def find(reader: Reader, post_id: int) -> Poll | None:
    """Find the poll of a post."""
    return (await list_of_posts(reader, [post_id])).get(post_id)


async def list_of_posts(reader: Reader, post_ids: Sequence[int]) -> dict[int, Poll]:
    """Return the polls among these posts, by post id."""
    wanted = _json(post_ids)
    found = await reader.all(_by_posts, wanted=wanted)
    if not found:
        return {}
    options: dict[int, list[Option]] = {}
    for post_id, title, votes_count in await reader.all(_options_of, wanted=wanted):
        options.setdefault(post_id, []).append(Option(title, votes_count))
    return {row[0]: replace(Poll(*row), options=tuple(options.get(row[0], ()))) for row in found}


async def list_choices(reader: Reader, actor_id: int, post_ids: Sequence[int]) -> dict[int, list[int]]:
    """Return what somebody voted for in these posts: positions of options, by post id."""
    found: dict[int, list[int]] = {}
    for post_id, position in await reader.all(_choices, actor=actor_id, wanted=_json(post_ids)):
        found.setdefault(post_id, []).append(position)
    return found


async def vote(tx: Transaction, post_id: int, actor_id: int, position: int, *, at: int) -> bool:
    """Count somebody's vote for an option, once; false when it was counted."""
    if not await tx.run(_vote, post_id=post_id, actor_id=actor_id, position=position, created_at=at):
        return False
    await tx.run(_count_vote, post=post_id, place=position)
    return True


async def recount_voters(tx: Transaction, post_id: int) -> None:
    """Count who voted in a poll of ours."""
    await tx.run(_recount_voters, wanted=post_id, post=post_id)


async def count_voter(tx: Transaction, post_id: int) -> None:
    """Count one voter more in a peer's poll, until it says so itself; where it does not tell, nobody is counted."""
    await tx.run(_count_voter, wanted=post_id)


async def take_over(tx: Transaction, poll: Poll) -> None:
    """Overwrite the end and the counts of a peer's poll, whose options are the same."""
    await tx.run(
        _set_facts,
        wanted=poll.post_id,
        new_expires_at=poll.expires_at,
        new_voters_count=poll.voters_count,
        new_checked_at=poll.checked_at,
    )
    counts = [
        {"post": poll.post_id, "place": position, "counted": one.votes_count}
        for position, one in enumerate(poll.options)
    ]
    await tx.run_many(_set_count, counts)


async def mark_told(tx: Transaction, post_id: int, *, at: int) -> bool:
    """Remember that the end was told; false when it was already."""
    return bool(await tx.run(_mark_told, wanted=post_id, moment=at))


async def list_local_voters(reader: Reader, post_id: int) -> list[Actor]:
    """Return who of our people voted."""
    return [Actor(*row) for row in await reader.all(_local_voters, post=post_id)]


async def drop_of_post(tx: Transaction, post_id: int) -> None:
    """Forget a poll with its votes."""
    for statement in _drops:
        await tx.run(statement, post=post_id)


def _json(ids: Sequence[int]) -> str:
    return msgspec.json.encode(sorted(set(ids))).decode()
