"""Reads how one of ours stands to many others at once. It must not change anything."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import bindparam, literal, select

from server.store.database import Reader
from server.store.people.actors import actors
from server.store.people.endorsements import endorsements
from server.store.people.private_notes import private_notes
from server.store.statements import among
from server.store.ties.domain_blocks import covers, domain_blocks
from server.store.ties.follows import Follow, blocks, follows
from server.store.ties.mutes import Mute, mutes


@dataclass(frozen=True, slots=True)
class Standing:
    """How `me` and one other stand to each other."""

    actor_id: int
    mine: Follow | None = None
    theirs: Follow | None = None
    blocking: bool = False
    blocked_by: bool = False
    mute: Mute | None = None
    domain_blocking: bool = False
    endorsed: bool = False
    note: str = ""


_known = select(actors.c.id).where(among(actors.c.id, "wanted"))
_mine = select(follows).where(follows.c.follower_id == bindparam("me"), among(follows.c.followed_id, "wanted"))
_theirs = select(follows).where(follows.c.followed_id == bindparam("me"), among(follows.c.follower_id, "wanted"))
_blocking = select(literal("blocking"), blocks.c.target_id).where(
    blocks.c.actor_id == bindparam("me"), among(blocks.c.target_id, "wanted")
)
_blocked_by = select(literal("blocked_by"), blocks.c.actor_id).where(
    blocks.c.target_id == bindparam("me"), among(blocks.c.actor_id, "wanted")
)
_at_host = (
    select(literal("domain_blocking"), actors.c.id)
    .join(domain_blocks, covers(actors))
    .where(domain_blocks.c.actor_id == bindparam("me"), among(actors.c.id, "wanted"))
)
_endorsed = select(literal("endorsed"), endorsements.c.target_id).where(
    endorsements.c.actor_id == bindparam("me"), among(endorsements.c.target_id, "wanted")
)
_plain = _blocking.union_all(_blocked_by, _at_host, _endorsed)
_mutes = select(mutes).where(
    mutes.c.actor_id == bindparam("me"),
    among(mutes.c.target_id, "wanted"),
    mutes.c.expires_at.is_(None) | (mutes.c.expires_at > bindparam("moment")),
)
_notes = select(private_notes.c.target_id, private_notes.c.text).where(
    private_notes.c.actor_id == bindparam("me"), among(private_notes.c.target_id, "wanted")
)


async def find_standings(reader: Reader, me: int, actor_ids: Sequence[int], *, now: int) -> list[Standing]:
    """Return how `me` stands to these actors, in their order, each once; those we do not know are left out."""
    wanted = msgspec.json.encode(sorted(set(actor_ids))).decode()
    known = {row[0] for row in await reader.all(_known, wanted=wanted)}
    mine = {row[2]: Follow(*row) for row in await reader.all(_mine, me=me, wanted=wanted)}
    theirs = {row[1]: Follow(*row) for row in await reader.all(_theirs, me=me, wanted=wanted)}
    muted = {row[2]: Mute(*row) for row in await reader.all(_mutes, me=me, wanted=wanted, moment=now)}
    notes = {row[0]: row[1] for row in await reader.all(_notes, me=me, wanted=wanted)}
    facts = {(row[0], row[1]) for row in await reader.all(_plain, me=me, wanted=wanted)}
    return [
        Standing(
            actor_id=one,
            mine=mine.get(one),
            theirs=theirs.get(one),
            blocking=("blocking", one) in facts,
            blocked_by=("blocked_by", one) in facts,
            mute=muted.get(one),
            domain_blocking=("domain_blocking", one) in facts,
            endorsed=("endorsed", one) in facts,
            note=notes.get(one, ""),
        )
        for one in dict.fromkeys(actor_ids)
        if one in known
    ]
