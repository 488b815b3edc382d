"""Reads what a list of posts or people is shown with, for all of them at once. It must not change anything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import ColumnElement, bindparam, func, literal, select

from server.store.database import Reader
from server.store.people.actors import Actor, actors
from server.store.reading import told_counts
from server.store.reading.told_counts import ActorCounts
from server.store.statements import among
from server.store.ties.domain_blocks import covers, domain_blocks
from server.store.ties.follows import blocks, follows
from server.store.ties.mutes import mutes
from server.store.writing.posts import hashtags, mentions, posts

# Whose number everybody may know: what is said in private does not count.
_COUNTED = posts.c.visibility.in_([literal(one) for one in ("public", "unlisted", "followers")])


@dataclass(frozen=True, slots=True)
class Counts:
    """How much somebody wrote, who reads them and whom they read, as far as we know or are told."""

    posts: int = 0
    last_post_at: int | None = None
    followers: int = 0
    following: int = 0


@dataclass(frozen=True, slots=True)
class Ties:
    """What lies between a viewer and some others, as their ids: blocks either way, mutes, hosts, follows accepted."""

    blocked: frozenset[int] = frozenset()
    muted: frozenset[int] = frozenset()
    unwanted_host: frozenset[int] = frozenset()
    followed: frozenset[int] = frozenset()
    following_viewer: frozenset[int] = frozenset()

    @property
    def hidden(self) -> frozenset[int]:
        """Whom the viewer is not to meet in a feed."""
        return self.blocked | self.muted | self.unwanted_host


_posts_of = (
    select(posts.c.actor_id, func.count(), func.max(posts.c.published_at))
    .where(among(posts.c.actor_id, "wanted"), posts.c.deleted_at.is_(None), _COUNTED)
    .group_by(posts.c.actor_id)
)
_followers_of = (
    select(follows.c.followed_id, func.count())
    .where(among(follows.c.followed_id, "wanted"), follows.c.state == "accepted")
    .group_by(follows.c.followed_id)
)
_following_of = (
    select(follows.c.follower_id, func.count())
    .where(among(follows.c.follower_id, "wanted"), follows.c.state == "accepted")
    .group_by(follows.c.follower_id)
)
_by_uris = select(actors).where(among(actors.c.uri, "wanted"))
_mentioned = (
    select(mentions.c.post_id, *actors.columns)
    .join(actors, actors.c.uri == mentions.c.actor_uri)
    .where(among(mentions.c.post_id, "wanted"))
    .order_by(mentions.c.post_id, mentions.c.name)
)
_named = select(mentions.c.post_id, mentions.c.actor_uri).where(among(mentions.c.post_id, "wanted"))
_tags = (
    select(hashtags.c.post_id, hashtags.c.name)
    .where(among(hashtags.c.post_id, "wanted"))
    .order_by(hashtags.c.post_id, hashtags.c.name)
)
_authors = select(posts.c.id, posts.c.actor_id).where(among(posts.c.id, "wanted"))
_ME: ColumnElement[int] = bindparam("viewer")
_blocking = select(literal("blocked"), blocks.c.target_id).where(
    blocks.c.actor_id == _ME, among(blocks.c.target_id, "them")
)
_all_ties = _blocking.union_all(
    select(literal("blocked"), blocks.c.actor_id).where(blocks.c.target_id == _ME, among(blocks.c.actor_id, "them")),
    select(literal("muted"), mutes.c.target_id)
    .where(mutes.c.actor_id == _ME, among(mutes.c.target_id, "them"))
    .where(mutes.c.expires_at.is_(None) | (mutes.c.expires_at > bindparam("moment"))),
    select(literal("unwanted_host"), actors.c.id)
    .join(domain_blocks, covers(actors))
    .where(domain_blocks.c.actor_id == _ME, among(actors.c.id, "them")),
    select(literal("followed"), follows.c.followed_id).where(
        follows.c.follower_id == _ME, among(follows.c.followed_id, "them"), follows.c.state == "accepted"
    ),
    select(literal("following_viewer"), follows.c.follower_id).where(
        follows.c.followed_id == _ME, among(follows.c.follower_id, "them"), follows.c.state == "accepted"
    ),
)


async def count_of_actors(reader: Reader, actor_ids: Sequence[int]) -> dict[int, Counts]:
    """Return the numbers that stand on people's profiles, by actor id."""
    wanted = _json(actor_ids)
    written = {row[0]: (row[1], row[2]) for row in await reader.all(_posts_of, wanted=wanted)}
    followers = {row[0]: row[1] for row in await reader.all(_followers_of, wanted=wanted)}
    following = {row[0]: row[1] for row in await reader.all(_following_of, wanted=wanted)}
    told = await told_counts.list_of_actors(reader, actor_ids)
    known = {
        one: Counts(*written.get(one, (0, None)), followers.get(one, 0), following.get(one, 0))
        for one in set(actor_ids)
    }
    return {one: _with_told(counts, told[one]) if one in told else counts for one, counts in known.items()}


def _with_told(counts: Counts, told: ActorCounts) -> Counts:
    """Of a peer we know a part; its own server knows them all."""
    return replace(
        counts,
        posts=max(counts.posts, told.posts or 0),
        followers=max(counts.followers, told.followers or 0),
        following=max(counts.following, told.following or 0),
    )


async def find_actors(reader: Reader, uris: Sequence[str]) -> dict[str, Actor]:
    """Find actors by their ActivityPub ids."""
    rows = await reader.all(_by_uris, wanted=msgspec.json.encode(sorted(set(uris))).decode())
    return {row[1]: Actor(*row) for row in rows}


async def list_mentioned(reader: Reader, post_ids: Sequence[int]) -> dict[int, list[Actor]]:
    """Return whom these posts name, as far as we know them, by post id."""
    found: dict[int, list[Actor]] = {}
    for row in await reader.all(_mentioned, wanted=_json(post_ids)):
        found.setdefault(row[0], []).append(Actor(*row[1:]))
    return found


async def list_named_uris(reader: Reader, post_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the ids of all whom these posts name, by post id."""
    found: dict[int, list[str]] = {}
    for post_id, uri in await reader.all(_named, wanted=_json(post_ids)):
        found.setdefault(post_id, []).append(uri)
    return found


async def list_hashtags(reader: Reader, post_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the hashtags of these posts, by post id."""
    found: dict[int, list[str]] = {}
    for post_id, name in await reader.all(_tags, wanted=_json(post_ids)):
        found.setdefault(post_id, []).append(name)
    return found


async def find_authors(reader: Reader, post_ids: Sequence[int]) -> dict[int, int]:
    """Return who wrote these posts, by post id."""
    return {row[0]: row[1] for row in await reader.all(_authors, wanted=_json(post_ids))}


async def find_ties(reader: Reader, viewer_id: int, actor_ids: Sequence[int], *, now: int) -> Ties:
    """Return what lies between a viewer and these actors."""
    found: dict[str, set[int]] = {}
    for kind, one in await reader.all(_all_ties, viewer=viewer_id, them=_json(actor_ids), moment=now):
        found.setdefault(kind, set()).add(one)
    return Ties(**{kind: frozenset(ids) for kind, ids in found.items()})


def _json(ids: Sequence[int]) -> str:
    return msgspec.json.encode(sorted(set(ids))).decode()
