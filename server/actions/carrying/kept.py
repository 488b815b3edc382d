"""Reads the lists that somebody keeps as rows of Mastodon's tables, some at a time. It must not write them anywhere.

The columns are those of Mastodon's app/models/export.rb, which every server that imports knows.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from server.store.database import Database, Reader
from server.store.paging import NEWEST, Stretch
from server.store.people.actors import Actor
from server.store.reading import bookmarks
from server.store.ties import domain_blocks, follows, lists, mutes

Kind = Literal["following", "blocks", "mutes", "domain_blocks", "bookmarks", "lists"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# What can be taken along, but not brought: who follows decides for themselves.
FOLLOWERS = "followers"
# The names that Mastodon gives to the files.
FILES = {
    "following": "following_accounts.csv",
    "followers": "followers.csv",
    "blocks": "blocked_accounts.csv",
    "mutes": "muted_accounts.csv",
    "domain_blocks": "blocked_domains.csv",
    "bookmarks": "bookmarks.csv",
    "lists": "lists.csv",
}
HEADERS: dict[str, tuple[str, ...]] = {
    "following": ("Account address", "Show boosts", "Notify on new posts", "Languages"),
    "followers": ("Account address",),
    "mutes": ("Account address", "Hide notifications"),
}
# Read in one go: some milliseconds.
PAGE = 500

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    rows: Sequence[Row]
    next: int | None


_Read = Callable[[Reader, Actor, int, int], Awaitable[_Page]]


async def read_kept(database: Database, actor: Actor, kind: str, *, now: int) -> AsyncIterator[Sequence[Row]]:
    """Yield the rows of one kind, newest first, without a header."""
    if kind == "lists":
        async for part in _read_lists(database, actor):
            yield part
        return
    before: int | None = NEWEST
    while before is not None:
        async with database.read() as reader:
            page = await _READS[kind](reader, actor, before, now)
        yield page.rows
        before = page.next


async def _following(reader: Reader, actor: Actor, before: int, now: int) -> _Page:
    found = await follows.list_following(reader, actor.id, before=before, limit=PAGE)
    rows = []
    for _, one in found:
        known = await follows.find(reader, actor.id, one.id)
        if known is not None:
            wanted = ", ".join(known.wanted_languages)
            rows.append((one.handle, _say(known.reblogs), _say(known.notify), wanted))
    return _Page(rows, _next([cursor for cursor, _ in found]))


async def _followers(reader: Reader, actor: Actor, before: int, now: int) -> _Page:
    found = await follows.list_followers(reader, actor.id, before=before, limit=PAGE)
    return _Page([(one.handle,) for _, one in found], _next([cursor for cursor, _ in found]))


async def _blocks(reader: Reader, actor: Actor, before: int, now: int) -> _Page:
    found = await follows.list_blocked(reader, actor.id, Stretch(before, limit=PAGE))
    return _Page([(one.handle,) for _, one in found], _next([cursor for cursor, _ in found]))


async def _mutes(reader: Reader, actor: Actor, before: int, now: int) -> _Page:
    found = await mutes.list_muted(reader, actor.id, Stretch(before, limit=PAGE), now=now)
    rows = [(one.handle, _say(mute.hides_notifications)) for mute, one in found]
    return _Page(rows, _next([mute.id for mute, _ in found]))


async def _domain_blocks(reader: Reader, actor: Actor, before: int, now: int) -> _Page:
    found = await domain_blocks.list_hosts(reader, actor.id, Stretch(before, limit=PAGE))
    return _Page([(host,) for _, host in found], _next([cursor for cursor, _ in found]))


async def _bookmarks(reader: Reader, actor: Actor, before: int, now: int) -> _Page:
    found = await bookmarks.list_of_actor(reader, actor.id, Stretch(before, limit=PAGE))
    return _Page([(post.uri,) for _, post in found], _next([cursor for cursor, _ in found]))


async def _read_lists(database: Database, actor: Actor) -> AsyncIterator[Sequence[Row]]:
    async with database.read() as reader:
        own = await lists.list_of_actor(reader, actor.id)
    for one in own:
        before: int | None = NEWEST
        while before is not None:
            async with database.read() as reader:
                found = await lists.list_members_of(reader, one.id, Stretch(before, limit=PAGE))
            yield [(one.title, member.handle) for _, member in found]
            before = _next([cursor for cursor, _ in found])


def _say(value: bool) -> str:
    return "true" if value else "false"


def _next(cursors: Sequence[int]) -> int | None:
    return cursors[-1] if len(cursors) == PAGE else None


_READS: dict[str, _Read] = {
    "following": _following,
    "followers": _followers,
    "blocks": _blocks,
    "mutes": _mutes,
    "domain_blocks": _domain_blocks,
    "bookmarks": _bookmarks,
}
