"""Owns `interaction_policies`: who may like, answer and boost a post, where that is not everybody who sees it.

Who may quote one is in `quote_policies`. It must not judge anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.writing.posts import posts

PUBLIC = "public"
FOLLOWERS = "followers"
FOLLOWING = "following"
MENTIONED = "mentioned"
NOBODY = "nobody"
MANUAL = "manual"
# What our people may choose in one word; manual: nobody at once, everybody by the author's hand.
CHOICES = (PUBLIC, FOLLOWERS, NOBODY, MANUAL)
# Those that a client may name.
GROUPS = (PUBLIC, FOLLOWERS, FOLLOWING, MENTIONED)

interaction_policies = Table(
    "interaction_policies",
    metadata,
    Column("post_id", Id, ForeignKey(posts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("automatic", Text, nullable=False),
    Column("manual", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who may do something with a post at once, and who after its author agreed.

    Each is one of public (who sees it), followers (the author's), following (whom the author follows), mentioned (whom
    the post names), or somebody's address.
    """

    automatic: tuple[str, ...] = ()
    manual: tuple[str, ...] = ()


_put = upsert(interaction_policies)
_put = _put.on_conflict_do_update(
    index_elements=["post_id", "kind"], set_={"automatic": _put.excluded.automatic, "manual": _put.excluded.manual}
)
_find = select(interaction_policies.c.automatic, interaction_policies.c.manual).where(
    interaction_policies.c.post_id == bindparam("post"), interaction_policies.c.kind == bindparam("what")
)
_of_posts = select(
    interaction_policies.c.post_id,
    interaction_policies.c.kind,
    interaction_policies.c.automatic,
    interaction_policies.c.manual,
).where(among(interaction_policies.c.post_id, "wanted"))
_drop = delete(interaction_policies).where(
    interaction_policies.c.post_id == bindparam("post"), interaction_policies.c.kind == bindparam("what")
)
_drop_of_post = delete(interaction_policies).where(interaction_policies.c.post_id == bindparam("post"))


async def put(tx: Transaction, post_id: int, kind: str, allowed: Allowed | None) -> None:
    """Say who may do something with a post; None says nothing."""
    if allowed is None:
        await tx.run(_drop, post=post_id, what=kind)
        return
    await tx.run(_put, post_id=post_id, kind=kind, automatic=_json(allowed.automatic), manual=_json(allowed.manual))


async def find(reader: Reader, post_id: int, kind: str) -> Allowed | None:
    """Return who may do something with a post; None where its author said nothing."""
    row = await reader.one(_find, post=post_id, what=kind)
    return Allowed(*(msgspec.json.decode(part, type=tuple[str, ...]) for part in row)) if row else None


async def list_of_posts(reader: Reader, post_ids: Sequence[int]) -> dict[int, dict[str, Allowed]]:
    """Return what the authors of these posts said, by post id and kind."""
    found: dict[int, dict[str, Allowed]] = {}
    wanted = msgspec.json.encode(sorted(set(post_ids))).decode()
    for post_id, kind, *parts in await reader.all(_of_posts, wanted=wanted):
        words = (msgspec.json.decode(part, type=tuple[str, ...]) for part in parts)
        found.setdefault(post_id, {})[kind] = Allowed(*words)
    return found


async def drop_of_post(tx: Transaction, post_id: int) -> None:
    """Forget who may do what with a post."""
    await tx.run(_drop_of_post, post=post_id)


def _json(words: Sequence[str]) -> str:
    return msgspec.json.encode(list(words)).decode()
