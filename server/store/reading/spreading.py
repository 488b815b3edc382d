"""Puts posts and boosts into the feeds that want them, each by one statement. It must not know of blocks and mutes.

The rules are Mastodon's (app/lib/feed_manager.rb), so that a feed here shows what its owner knows from elsewhere.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, literal, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.selectable import Select

from server.store.database import Transaction
from server.store.people.actors import actors
from server.store.reading.feeds import HOME, LIST, feed_entries
from server.store.reading.reactions import ANNOUNCE, reactions
from server.store.schema import Id
from server.store.ties.follows import follows
from server.store.ties.lists import list_members, lists
from server.store.writing.posts import hashtags, posts
from server.store.writing.tags import followed_tags

# Who boosts what stands among the newest forty shows nothing new.
NEWEST_ENTRIES = 40
# What a feed shows of somebody who was just followed: some weeks of most people.
BACKFILLED_POSTS = 100
BACKFILLED_BOOSTS = 50


@dataclass(frozen=True, slots=True)
class Arrival:
    """What comes: a post, or a boost of one by `by_id`. `parent_id` is the author of what a post answers."""

    entry_id: int
    post_id: int
    by_id: int
    parent_id: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A home feed or a list, and who reads it."""

    kind: int
    owner_id: int
    reader_id: int


_PARENT, _BY, _OWNER = (bindparam(name, type_=Id) for name in ("parent", "by", "owner"))


def _into(chosen: Select[Any]) -> Insert:
    """Put every chosen row into its feed, once."""
    names = [column.name for column in feed_entries.columns]
    return upsert(feed_entries).from_select(names, chosen).on_conflict_do_nothing()


def _entry(kind: int, owner: ColumnElement[Any]) -> list[ColumnElement[Any]]:
    """The columns of an entry whose ids are parameters."""
    return [literal(kind), owner, *(bindparam(name, type_=Id) for name in ("entry", "post", "by"))]


def _follows(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    follow = follows.alias()
    found = select(follow.c.id).where(follow.c.follower_id == one, follow.c.followed_id == other)
    return found.where(follow.c.state == "accepted").correlate_except(follow).exists()


def _is_near_top(kind: int, owner: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether parameter `post` is among the newest of a feed."""
    same, newer = feed_entries.alias(), feed_entries.alias()
    fortieth = (
        select(newer.c.entry_id)
        .where(newer.c.kind == kind, newer.c.owner_id == owner)
        .order_by(newer.c.entry_id.desc())
        .limit(1)
        .offset(NEWEST_ENTRIES - 1)
        .correlate_except(newer)
        .scalar_subquery()
    )
    found = select(same.c.post_id).where(
        same.c.post_id == bindparam("post"), same.c.kind == kind, same.c.owner_id == owner
    )
    return found.where(same.c.entry_id >= func.coalesce(fortieth, 0)).exists()


def _is_exclusive(owner: ColumnElement[Any], by: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether `owner` has `by` on a list that takes its members out of the home feed."""
    found = select(lists.c.id).join(list_members, list_members.c.list_id == lists.c.id)
    return found.where(lists.c.actor_id == owner, lists.c.exclusive, list_members.c.target_id == by).exists()


def _wants_language() -> ColumnElement[bool]:
    language = bindparam("language", type_=posts.c.language.type)
    chosen = func.json_each(follows.c.languages).table_valued("value")
    is_chosen = select(chosen.c.value).where(chosen.c.value == language).exists()
    return or_(follows.c.languages.is_(None), language.is_(None), is_chosen)


def _on_list(parent: ColumnElement[Any]) -> ColumnElement[bool]:
    member = list_members.alias()
    return select(member.c.id).where(member.c.list_id == lists.c.id, member.c.target_id == parent).exists()


# Only our own people have feeds. A reply is shown to whom it answers and to who follows both.
_to_homes = (
    select(*_entry(HOME, follows.c.follower_id))
    .join(actors, actors.c.id == follows.c.follower_id)
    .where(follows.c.followed_id == _BY, follows.c.state == "accepted", actors.c.local)
    .where(~_is_exclusive(follows.c.follower_id, _BY))
)
_post_to_homes = _into(
    _to_homes.where(
        or_(
            _PARENT.is_(None),
            _PARENT == _BY,
            follows.c.follower_id == _PARENT,
            _follows(follows.c.follower_id, _PARENT),
        ),
        _wants_language(),
    )
)
_boost_to_homes = _into(_to_homes.where(follows.c.reblogs, ~_is_near_top(HOME, follows.c.follower_id)))
_to_lists = (
    select(*_entry(LIST, lists.c.id))
    .join(list_members, list_members.c.list_id == lists.c.id)
    .join(follows, and_(follows.c.follower_id == lists.c.actor_id, follows.c.followed_id == list_members.c.target_id))
    .where(list_members.c.target_id == _BY, follows.c.state == "accepted")
)
_post_to_lists = _into(
    _to_lists.where(
        or_(
            _PARENT.is_(None),
            _PARENT == _BY,
            lists.c.actor_id == _PARENT,
            and_(lists.c.replies_policy == "followed", _follows(lists.c.actor_id, _PARENT)),
            and_(lists.c.replies_policy == "list", _on_list(_PARENT)),
        ),
        _wants_language(),
    )
)
_boost_to_lists = _into(_to_lists.where(follows.c.reblogs, ~_is_near_top(LIST, lists.c.id)))
_to_tag_readers = _into(
    select(*_entry(HOME, followed_tags.c.actor_id))
    .join(hashtags, hashtags.c.name == followed_tags.c.name)
    .where(hashtags.c.post_id == bindparam("post", type_=Id))
)

_FEED = (bindparam("kind", type_=Id), _OWNER)
_SHOWN = (posts.c.deleted_at.is_(None), posts.c.visibility != "direct")
_parent = posts.alias()
_PARENT_AUTHOR = (
    select(_parent.c.actor_id).where(_parent.c.id == posts.c.in_reply_to_id).correlate_except(_parent).scalar_subquery()
)
_old_posts = _into(
    select(*_FEED, posts.c.id, posts.c.id, posts.c.actor_id)
    .where(posts.c.actor_id == _BY, *_SHOWN)
    .where(
        or_(
            posts.c.in_reply_to_uri.is_(None),
            _PARENT_AUTHOR == _BY,
            bindparam("reader", type_=Id) == _PARENT_AUTHOR,
            _follows(bindparam("reader", type_=Id), _PARENT_AUTHOR),
        )
    )
    .order_by(posts.c.id.desc())
    .limit(bindparam("most"))
)
_same = feed_entries.alias()
_IS_THERE = (
    select(_same.c.post_id)
    .where(_same.c.post_id == reactions.c.post_id, _same.c.kind == bindparam("kind"), _same.c.owner_id == _OWNER)
    .exists()
)
_old_boosts = _into(
    select(*_FEED, reactions.c.id, reactions.c.post_id, reactions.c.actor_id)
    .join(posts, posts.c.id == reactions.c.post_id)
    .where(reactions.c.actor_id == _BY, reactions.c.kind == ANNOUNCE, *_SHOWN, ~_IS_THERE)
    .where(or_(reactions.c.visibility.is_(None), reactions.c.visibility != "direct"))
    .order_by(reactions.c.id.desc())
    .limit(bindparam("most"))
)
_tagged = _into(
    select(literal(HOME), _OWNER, posts.c.id, posts.c.id, posts.c.actor_id)
    .join(hashtags, hashtags.c.post_id == posts.c.id)
    .where(hashtags.c.name == bindparam("tag"), posts.c.visibility == "public", posts.c.deleted_at.is_(None))
    .order_by(hashtags.c.post_id.desc())
    .limit(bindparam("most"))
)
_has_tag = select(hashtags.c.post_id).where(
    hashtags.c.post_id == feed_entries.c.post_id, hashtags.c.name == bindparam("tag")
)
_untag = delete(feed_entries).where(
    feed_entries.c.kind == HOME,
    feed_entries.c.owner_id == _OWNER,
    feed_entries.c.by_id != _OWNER,
    _has_tag.exists(),
    ~_follows(_OWNER, feed_entries.c.by_id),
)
_shared_lists = select(lists.c.id).where(lists.c.actor_id == _OWNER)
_leave_lists = delete(feed_entries).where(
    feed_entries.c.kind == LIST, feed_entries.c.owner_id.in_(_shared_lists), feed_entries.c.by_id == _BY
)


async def put_post(tx: Transaction, post: Arrival) -> int:
    """Put a post into the home feeds of its author's followers here, and into their lists; return into how many."""
    given = {"entry": post.entry_id, "post": post.post_id, "by": post.by_id}
    more = {"parent": post.parent_id, "language": post.language}
    at_home = await tx.run(_post_to_homes, **given, **more)
    return at_home + await tx.run(_post_to_lists, **given, **more)


async def put_boost(tx: Transaction, boost: Arrival) -> int:
    """Put a boost where it shows something new; return into how many feeds."""
    given = {"entry": boost.entry_id, "post": boost.post_id, "by": boost.by_id}
    return await tx.run(_boost_to_homes, **given) + await tx.run(_boost_to_lists, **given)


async def put_tagged(tx: Transaction, post: Arrival) -> int:
    """Put a stored post into the home feeds of those who follow one of its hashtags; return into how many."""
    return await tx.run(_to_tag_readers, entry=post.entry_id, post=post.post_id, by=post.by_id)


async def backfill(tx: Transaction, feed: Feed, by_id: int, *, boosts: bool = True) -> None:
    """Put the newest that we know of somebody into a feed."""
    given = {"kind": feed.kind, "owner": feed.owner_id, "by": by_id}
    await tx.run(_old_posts, **given, reader=feed.reader_id, most=BACKFILLED_POSTS)
    if boosts:
        await tx.run(_old_boosts, **given, most=BACKFILLED_BOOSTS)


async def backfill_tag(tx: Transaction, owner_id: int, name: str) -> None:
    """Put the newest that we know under a hashtag into a home feed."""
    await tx.run(_tagged, owner=owner_id, tag=name, most=BACKFILLED_POSTS)


async def drop_tag(tx: Transaction, owner_id: int, name: str) -> None:
    """Take out of a home feed what came for a hashtag alone."""
    await tx.run(_untag, owner=owner_id, tag=name)


async def leave_lists(tx: Transaction, owner_id: int, by_id: int) -> None:
    """Take what somebody brought out of all of an actor's lists."""
    await tx.run(_leave_lists, owner=owner_id, by=by_id)
