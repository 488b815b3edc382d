"""Reads posts across tables for feeds. It must not change anything, nor judge by an address who may see a post.

Every query is a range of one index: what is left out on the way (deleted, of somebody gone, hidden from the viewer) is
looked up row by row, and nothing is sorted. `viewer_id` is 0 for strangers, `now` is for mutes that end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from sqlalchemy import (
    Boolean,
    ColumnElement,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import CompoundSelect, Select

from server.store.database import Reader
from server.store.paging import Pages, Stretch, paged, read_page
from server.store.people.actors import actors
from server.store.reading.feeds import HOME, LIST, feed_entries
from server.store.reading.reactions import ANNOUNCE, Reaction, reactions
from server.store.statements import Row, among
from server.store.ties.hidden import heard, hidden
from server.store.writing.media import media
from server.store.writing.posts import Post, hashtags, mentions, posts

Where = Literal["all", "local", "remote"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a feed: a post, or somebody's `boost` of it. `id` is the cursor."""

    id: int
    post: Post
    boost: Reaction | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and when."""

    id: int
    now: int


@dataclass(frozen=True, slots=True)
class TagFilter:
    """Which posts under hashtags: with one of `any`, with every one of `all`, with none of `none`."""

    any: tuple[str, ...]
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    where: Where = "all"
    only_media: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """Which of somebody's posts. The viewer may see those of `visibilities`, and those that name `viewer_uri`."""

    visibilities: tuple[str, ...] = ("public", "unlisted")
    viewer_uri: str = ""
    only_media: bool = False
    exclude_replies: bool = False
    exclude_reblogs: bool = False
    tagged: str = ""


STRANGER = Viewer(0, 0)
_LIVE = posts.c.deleted_at.is_(None)
_PUBLIC = posts.c.visibility == literal_column("'public'")
_PRESENT = and_(actors.c.gone_at.is_(None), actors.c.suspended_at.is_(None))
_HAS_MEDIA = or_(
    ~bindparam("only_media", type_=Boolean()), exists(select(media.c.id).where(media.c.post_id == posts.c.id))
)


def _merged(parts: Sequence[Select[Any]]) -> Pages:
    """Weave queries of one shape, each in the order of its own index, into one; the first column is the cursor."""
    woven: CompoundSelect[Any] = union_all(*parts).limit(bindparam("most"))
    # By its place: SQLite knows no other name for a column of a union.
    cursor: ColumnElement[int] = literal_column("1")
    return Pages(woven.order_by(cursor.desc()), woven.order_by(cursor))


def _between(cursor: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(cursor < bindparam("before"), cursor > bindparam("after"))


def _has_tag(name: ColumnElement[str]) -> ColumnElement[bool]:
    tag = hashtags.alias()
    found = select(tag.c.post_id).where(tag.c.post_id == posts.c.id, tag.c.name == name)
    return found.correlate_except(tag).exists()


# Home feeds and lists.
_feed = paged(
    select(feed_entries.c.entry_id, *reactions.columns, *posts.columns)
    .select_from(feed_entries)
    .join(posts, posts.c.id == feed_entries.c.post_id)
    .join(actors, actors.c.id == posts.c.actor_id)
    .outerjoin(reactions, reactions.c.id == feed_entries.c.entry_id)
    .where(feed_entries.c.kind == bindparam("kind"), feed_entries.c.owner_id == bindparam("owner"))
    .where(_LIVE, _PRESENT, ~hidden(posts.c.actor_id), ~hidden(feed_entries.c.by_id)),
    feed_entries.c.entry_id,
)


# What everybody sees: nothing that answers something, nothing boosted.
def _public(local: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*posts.columns)
        .join(actors, actors.c.id == posts.c.actor_id)
        .where(
            local,
            _PUBLIC,
            _LIVE,
            posts.c.in_reply_to_uri.is_(None),
            _PRESENT,
            heard(),
            ~hidden(posts.c.actor_id),
            _HAS_MEDIA,
        )
    )


_public_at = paged(_public(posts.c.local == bindparam("local")), posts.c.id)
_public_all = _merged([_public(half).where(_between(posts.c.id)) for half in (posts.c.local, ~posts.c.local)])

_tags_wanted = func.json_each(bindparam("with_all")).table_valued("value")
_tags_refused = func.json_each(bindparam("with_none")).table_valued("value")
_tagged = paged(
    select(*posts.columns)
    .select_from(hashtags)
    .join(posts, posts.c.id == hashtags.c.post_id)
    .join(actors, actors.c.id == posts.c.actor_id)
    .where(
        hashtags.c.name == bindparam("tag"), _PUBLIC, _LIVE, _PRESENT, heard(), ~hidden(posts.c.actor_id), _HAS_MEDIA
    )
    .where(~select(_tags_wanted.c.value).where(~_has_tag(_tags_wanted.c.value)).exists())
    .where(~select(_tags_refused.c.value).where(_has_tag(_tags_refused.c.value)).exists())
    .where(or_(bindparam("local", type_=Boolean()).is_(None), posts.c.local == bindparam("local", type_=Boolean()))),
    hashtags.c.post_id,
)

# One person's posts, and what they boosted.
_parent = posts.alias()
_answers_other = and_(
    posts.c.in_reply_to_uri.is_not(None),
    ~select(_parent.c.id)
    .where(_parent.c.id == posts.c.in_reply_to_id, _parent.c.actor_id == posts.c.actor_id)
    .correlate_except(_parent)
    .exists(),
)
_NAMED = exists(
    select(mentions.c.post_id).where(mentions.c.post_id == posts.c.id, mentions.c.actor_uri == bindparam("viewer_uri"))
)
_written = (
    select(
        posts.c.id.label("entry_id"),
        *[null().label(f"reaction_{one.name}") for one in reactions.columns],
        *posts.columns,
    )
    .where(posts.c.actor_id == bindparam("actor"), _LIVE, _between(posts.c.id))
    .where(or_(among(posts.c.visibility, "visibilities"), _NAMED), _HAS_MEDIA)
    .where(or_(bindparam("replies", type_=Boolean()), ~_answers_other))
    .where(or_(bindparam("tag") == "", _has_tag(bindparam("tag"))))
)
_boosted = (
    select(reactions.c.id, *reactions.columns, *posts.columns)
    .join(posts, posts.c.id == reactions.c.post_id)
    .join(actors, actors.c.id == posts.c.actor_id)
    .where(reactions.c.actor_id == bindparam("actor"), reactions.c.kind == ANNOUNCE, _between(reactions.c.id))
    .where(bindparam("boosts", type_=Boolean()), _LIVE, _PRESENT, ~hidden(posts.c.actor_id))
    .where(or_(reactions.c.visibility.is_(None), among(reactions.c.visibility, "visibilities")))
)
_by_account = _merged([_written, _boosted])
_profile = paged(select(*posts.columns).where(posts.c.actor_id == bindparam("actor"), _LIVE), posts.c.id)
_REACTION = slice(1, 1 + len(reactions.columns))


async def read_home(reader: Reader, actor_id: int, stretch: Stretch, *, now: int) -> list[Entry]:
    """Return what somebody of ours and those whom they follow posted and boosted, newest first."""
    return await _read_feed(reader, HOME, actor_id, Viewer(actor_id, now), stretch)


async def read_list(reader: Reader, list_id: int, stretch: Stretch, viewer: Viewer) -> list[Entry]:
    """Return what stands on a list, newest first. The caller has asked whose it is."""
    return await _read_feed(reader, LIST, list_id, viewer, stretch)


async def read_public(
    reader: Reader, stretch: Stretch, *, where: Where = "all", only_media: bool = False, viewer: Viewer = STRANGER
) -> list[Post]:
    """Return the public posts that answer nothing, newest first."""
    given = {"only_media": only_media, "viewer": viewer.id, "moment": viewer.now}
    if where == "all":
        return _posts(await read_page(reader, _public_all, stretch, **given))
    return _posts(await read_page(reader, _public_at, stretch, local=where == "local", **given))


async def read_tag(reader: Reader, wanted: TagFilter, stretch: Stretch, *, viewer: Viewer = STRANGER) -> list[Post]:
    """Return the public posts under hashtags, newest first; answers too."""
    found: dict[int, Post] = {}
    for name in dict.fromkeys(name.lower() for name in wanted.any):
        rows = await read_page(
            reader,
            _tagged,
            stretch,
            tag=name,
            with_all=_json([one.lower() for one in wanted.all]),
            with_none=_json([one.lower() for one in wanted.none]),
            local=None if wanted.where == "all" else wanted.where == "local",
            only_media=wanted.only_media,
            viewer=viewer.id,
            moment=viewer.now,
        )
        found |= {row[0]: Post(*row) for row in rows}
    # Each tag gave its own page: the page of all of them is at the end that was asked for.
    newest = sorted(found.values(), key=lambda post: post.id, reverse=True)
    return newest[-stretch.limit :] if stretch.ascending else newest[: stretch.limit]


async def read_account(
    reader: Reader, actor_id: int, wanted: AccountFilter, stretch: Stretch, *, viewer: Viewer = STRANGER
) -> list[Entry]:
    """Return what somebody posted and boosted, newest first."""
    rows = await read_page(
        reader,
        _by_account,
        stretch,
        actor=actor_id,
        visibilities=_json(wanted.visibilities),
        viewer_uri=wanted.viewer_uri,
        only_media=wanted.only_media,
        replies=not wanted.exclude_replies,
        boosts=not (wanted.exclude_reblogs or wanted.only_media or wanted.tagged),
        tag=wanted.tagged.lower(),
        viewer=viewer.id,
        moment=viewer.now,
    )
    return [_entry(row) for row in rows]


async def read_own_profile(reader: Reader, actor_id: int, stretch: Stretch) -> list[Post]:
    """Return all of an actor's posts, newest first; for the author and accepted followers to be filtered."""
    return _posts(await read_page(reader, _profile, stretch, actor=actor_id))


async def _read_feed(reader: Reader, kind: int, owner_id: int, viewer: Viewer, stretch: Stretch) -> list[Entry]:
    rows = await read_page(reader, _feed, stretch, kind=kind, owner=owner_id, viewer=viewer.id, moment=viewer.now)
    return [_entry(row) for row in rows]


def _entry(row: Row) -> Entry:
    boost = None if row[1] is None else Reaction(*row[_REACTION])
    return Entry(row[0], Post(*row[_REACTION.stop :]), boost)


def _posts(rows: Sequence[Row]) -> list[Post]:
    return [Post(*row) for row in rows]


def _json(names: Sequence[str]) -> str:
    return msgspec.json.encode(names).decode()
