"""Finds posts and profiles of peers to which nobody here has a tie, and drops them. It must not touch what is ours.

Whatever names an actor or a post in its own table is a tie: a test holds the lists below to the tables.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Column, ColumnElement, Table, bindparam, delete, exists, literal, or_, select

from server.store.database import Reader, Transaction
from server.store.network.walks import looked_up
from server.store.people.actors import actors
from server.store.people.endorsements import endorsements
from server.store.people.private_notes import private_notes
from server.store.people.suggestions import dismissed_suggestions
from server.store.reading import search
from server.store.reading.bookmarks import bookmarks
from server.store.reading.emoji_reactions import emoji_reactions
from server.store.reading.feeds import feed_entries
from server.store.reading.filters import filter_posts
from server.store.reading.reactions import reactions
from server.store.schema import Id
from server.store.statements import among
from server.store.telling.notice_policy import notification_permissions, notification_requests
from server.store.telling.notifications import notifications
from server.store.telling.reports import reports
from server.store.ties.follows import blocks, follows
from server.store.ties.lists import list_members
from server.store.ties.mutes import mutes
from server.store.writing import posts as writing
from server.store.writing.consents import consents
from server.store.writing.conversations import conversation_posts
from server.store.writing.generations import generations
from server.store.writing.media import media
from server.store.writing.pins import pins
from server.store.writing.polls import poll_votes
from server.store.writing.posts import mentions, posts
from server.store.writing.quotes import quotes
from server.store.writing.tags import featured_tags

# Columns that keep an actor, whoever it is that the row belongs to.
TIES_OF_ACTORS: tuple[Column[int], ...] = (
    posts.c.actor_id,
    media.c.actor_id,
    reactions.c.actor_id,
    emoji_reactions.c.actor_id,
    poll_votes.c.actor_id,
    pins.c.actor_id,
    follows.c.follower_id,
    follows.c.followed_id,
    blocks.c.actor_id,
    blocks.c.target_id,
    mutes.c.target_id,
    list_members.c.target_id,
    endorsements.c.target_id,
    private_notes.c.target_id,
    dismissed_suggestions.c.target_id,
    notifications.c.from_id,
    notification_requests.c.from_id,
    notification_permissions.c.from_id,
    reports.c.actor_id,
    reports.c.target_id,
    generations.c.commissioned_by,
    consents.c.asker_id,
    consents.c.asked_id,
)
# Columns that keep a post: somebody here is told of it, finds it in a feed, kept, answered, filters or quotes it.
TIES_OF_POSTS: tuple[Column[int], ...] = (
    bookmarks.c.post_id,
    notifications.c.post_id,
    feed_entries.c.post_id,
    conversation_posts.c.post_id,
    filter_posts.c.post_id,
    consents.c.post_id,
)


def _names(columns: Sequence[Column[int]], wanted: Column[int]) -> list[ColumnElement[bool]]:
    return [exists(select(literal(1)).select_from(one.table).where(one == wanted)) for one in columns]


def _by_us(table: Table) -> ColumnElement[bool]:
    """Whether somebody of ours did something of this kind to the post."""
    doer = actors.alias()
    mine = select(literal(1)).select_from(table.join(doer, doer.c.id == table.c.actor_id))
    return exists(mine.where(table.c.post_id == posts.c.id, doer.c.local))


_other = posts.alias()
_named = actors.alias()
_is_followed = exists(select(literal(1)).select_from(follows).where(follows.c.followed_id == posts.c.actor_id))
# While a report waits, what it is about may be looked at.
_is_reported = exists(
    select(literal(1))
    .select_from(reports)
    .where(reports.c.target_id == posts.c.actor_id, reports.c.resolved_at.is_(None))
)
# A thread is let go from its leaves, so that what somebody here answered keeps what it answers.
_is_asked = exists(
    select(literal(1))
    .select_from(generations)
    .where(generations.c.in_reply_to_id == posts.c.id, generations.c.commissioned_by.is_not(None))
)
_is_answered = exists(select(literal(1)).select_from(_other).where(_other.c.in_reply_to_id == posts.c.id))
_answers_us = exists(
    select(literal(1)).select_from(_other).where(_other.c.id == posts.c.in_reply_to_id, _other.c.local)
)
_names_us = exists(
    select(literal(1))
    .select_from(mentions.join(_named, _named.c.uri == mentions.c.actor_uri))
    .where(mentions.c.post_id == posts.c.id, _named.c.local)
)
_is_quoted = exists(select(literal(1)).select_from(quotes).where(quotes.c.quoted_uri == posts.c.uri))
_quotes_us = exists(
    select(literal(1))
    .select_from(quotes.join(_other, _other.c.uri == quotes.c.quoted_uri))
    .where(quotes.c.post_id == posts.c.id, _other.c.local)
)
_came_lately = exists(
    select(literal(1))
    .select_from(looked_up)
    .where(looked_up.c.post_id == posts.c.id, looked_up.c.looked_up_at >= bindparam("since", type_=Id))
)
_tied_post = or_(
    *_names(TIES_OF_POSTS, posts.c.id),
    *(_by_us(table) for table in (reactions, emoji_reactions, poll_votes)),
    *(
        _is_followed,
        _is_reported,
        _is_asked,
        _is_answered,
        _answers_us,
        _names_us,
        _is_quoted,
        _quotes_us,
        _came_lately,
    ),
)
_is_addressed = exists(
    select(literal(1))
    .select_from(mentions.join(_other, _other.c.id == mentions.c.post_id))
    .where(mentions.c.actor_uri == actors.c.uri, _other.c.local)
)
_post_window = (
    select(posts.c.id)
    .where(posts.c.id > bindparam("after"), posts.c.id < bindparam("end"))
    .order_by(posts.c.id)
    .limit(bindparam("most"))
)
# An emptied post stays as the knowledge that it was deleted: anybody may have kept its Create, and bring it again.
_untied_posts = select(posts).where(
    among(posts.c.id, "wanted"), posts.c.local.is_(False), posts.c.deleted_at.is_(None), ~_tied_post
)
_actor_window = (
    select(actors.c.id)
    .where(actors.c.id > bindparam("after"), actors.c.id < bindparam("end"))
    .order_by(actors.c.id)
    .limit(bindparam("most"))
)
# What the operator hides stays, as does the knowledge that somebody was deleted: both would be learnt anew as living.
_untied_actors = (
    select(actors.c.id)
    .where(among(actors.c.id, "wanted"), actors.c.local.is_(False), actors.c.fetched_at < bindparam("before"))
    .where(or_(actors.c.suspended_at.is_(None), actors.c.suspended_at == actors.c.suspended_there_at))
    .where(actors.c.silenced_at.is_(None), actors.c.gone_at.is_(None))
    .where(~or_(*_names(TIES_OF_ACTORS, actors.c.id), _is_addressed))
)
_drop_reactions = delete(reactions).where(reactions.c.post_id == bindparam("wanted"))
_drop_media = delete(media).where(media.c.post_id == bindparam("wanted"))
_drop_post = delete(posts).where(posts.c.id == bindparam("wanted"), posts.c.local.is_(False))
_drop_tags = delete(featured_tags).where(featured_tags.c.actor_id == bindparam("wanted"))
_drop_actor = delete(actors).where(actors.c.id == bindparam("wanted"), actors.c.local.is_(False))


async def list_posts(reader: Reader, *, after: int, end: int, limit: int) -> list[int]:
    """Return the ids of posts between two ids, in their order."""
    return [row[0] for row in await reader.all(_post_window, after=after, end=end, most=limit)]


async def find_untied_posts(reader: Reader, post_ids: Sequence[int], *, since: int) -> list[writing.Post]:
    """Return those of the posts that nobody here has a tie to, and that were not looked up after `since`."""
    rows = await reader.all(_untied_posts, wanted=msgspec.json.encode(list(post_ids)).decode(), since=since)
    return [writing.Post(*row) for row in rows]


async def erase(tx: Transaction, post: writing.Post) -> None:
    """Drop a peer's post without a trace, as if it had never come; it may come again."""
    await writing.uncount(tx, post)
    await search.forget(tx, post.id)
    for statement in (_drop_reactions, _drop_media, _drop_post):
        await tx.run(statement, wanted=post.id)


async def list_actors(reader: Reader, *, after: int, end: int, limit: int) -> list[int]:
    """Return the ids of actors between two ids, in their order."""
    return [row[0] for row in await reader.all(_actor_window, after=after, end=end, most=limit)]


async def find_untied_actors(reader: Reader, actor_ids: Sequence[int], *, before: int) -> list[int]:
    """Return those of the actors, not fetched since `before`, that nobody here has a tie to."""
    rows = await reader.all(_untied_actors, wanted=msgspec.json.encode(list(actor_ids)).decode(), before=before)
    return [row[0] for row in rows]


async def drop_actor(tx: Transaction, actor_id: int) -> None:
    """Drop a peer's actor with its keys and the hashtags of its profile; whoever meets it again fetches it again."""
    await tx.run(_drop_tags, wanted=actor_id)
    await tx.run(_drop_actor, wanted=actor_id)
