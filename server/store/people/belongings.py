"""Drops what one of our people kept and was told, some rows at a time. It must not touch posts, pictures or wishes."""

from sqlalchemy import Column, ColumnElement, Delete, Table, bindparam, delete, literal_column, select, tuple_

from server.store.clients.idempotency import idempotency_keys
from server.store.clients.oauth import oauth_codes
from server.store.clients.tokens import access_tokens, refresh_tokens
from server.store.database import Transaction
from server.store.network.inboxes import entries
from server.store.people.accounts import accounts, sessions
from server.store.people.endorsements import endorsements
from server.store.people.factors import authenticators, passkeys, recovery_codes
from server.store.people.imports import imports
from server.store.people.preferences import preferences
from server.store.people.private_notes import private_notes
from server.store.people.suggestions import dismissed_suggestions
from server.store.reading.bookmarks import bookmarks
from server.store.reading.feeds import HOME, LIST, feed_entries
from server.store.reading.filters import filters
from server.store.reading.markers import markers
from server.store.schema import Id
from server.store.telling.notice_policy import (
    notification_permissions,
    notification_policies,
    notification_requests,
)
from server.store.telling.notifications import notifications
from server.store.telling.push import push_subscriptions
from server.store.ties.domain_blocks import domain_blocks
from server.store.ties.follows import blocks, follows
from server.store.ties.lists import lists
from server.store.ties.muted_threads import muted_threads
from server.store.ties.mutes import mutes
from server.store.writing.collections import collections
from server.store.writing.consents import consents
from server.store.writing.conversations import conversations
from server.store.writing.pins import pins
from server.store.writing.promises import promised_posts
from server.store.writing.scheduled import scheduled_posts
from server.store.writing.tags import featured_tags, followed_tags

_ACTOR = bindparam("actor", type_=Id)


def _some(table: Table, *conditions: ColumnElement[bool]) -> Delete:
    """Delete some of the rows that fit, by their keys: SQLite's own `delete … limit` is seldom built in."""
    keys = list(table.primary_key)
    chosen = select(*keys).where(*conditions).limit(bindparam("most"))
    return delete(table).where((keys[0] if len(keys) == 1 else tuple_(*keys)).in_(chosen))


def _own(table: Table, column: str = "actor_id") -> Delete:
    owner: Column[int] = table.c[column]
    return _some(table, owner == _ACTOR)


# The account last: the others of them point to it. There are few: an account has some browsers, apps and keys.
_entries = tuple(
    delete(table).where(table.c.actor_id == _ACTOR)
    for table in (
        sessions,
        access_tokens,
        refresh_tokens,
        oauth_codes,
        passkeys,
        authenticators,
        recovery_codes,
        push_subscriptions,
        accounts,
    )
)
_lists_of = select(lists.c.id).where(lists.c.actor_id == _ACTOR)
# Feeds of lists before the lists.
_belongings = (
    _some(feed_entries, feed_entries.c.kind == literal_column(str(HOME)), feed_entries.c.owner_id == _ACTOR),
    _some(feed_entries, feed_entries.c.kind == literal_column(str(LIST)), feed_entries.c.owner_id.in_(_lists_of)),
    _own(follows, "follower_id"),
    _own(follows, "followed_id"),
    _own(consents, "asker_id"),
    *(
        _own(table)
        for table in (
            entries,
            notifications,
            notification_requests,
            notification_permissions,
            notification_policies,
            bookmarks,
            blocks,
            mutes,
            domain_blocks,
            muted_threads,
            conversations,
            lists,
            filters,
            markers,
            pins,
            featured_tags,
            followed_tags,
            collections,
            promised_posts,
            imports,
            scheduled_posts,
            private_notes,
            endorsements,
            dismissed_suggestions,
            idempotency_keys,
            preferences,
        )
    ),
)


async def drop_entries(tx: Transaction, actor_id: int) -> None:
    """Forget every way into an account, and the account: nobody is logged in from now on, in a browser or an app."""
    for statement in _entries:
        await tx.run(statement, actor=actor_id)


async def drop_some(tx: Transaction, actor_id: int, *, limit: int) -> bool:
    """Forget at most `limit` rows of what somebody kept or was told; false when there was nothing left."""
    left = limit
    for statement in _belongings:
        left -= await tx.run(statement, actor=actor_id, most=left)
        if left <= 0:
            return True
    return left < limit
