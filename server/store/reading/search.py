"""Owns the full-text tables `search_posts` and `search_actors`. It must not show what its viewer may not find.

Found are public posts of authors who want to be found (`indexable`), and what the viewer wrote, is named in, likes,
boosted or keeps. The words of a post are written with it; those of an actor follow by triggers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import DDL, and_, bindparam, column, delete, event, exists, func, insert, or_, select, table
from sqlalchemy.types import Text

from server.html import plain_text
from server.store.database import Reader, Transaction
from server.store.people.actors import Actor, actors
from server.store.reading.bookmarks import bookmarks
from server.store.reading.reactions import reactions
from server.store.schema import Id
from server.store.statements import among
from server.store.ties.follows import follows
from server.store.ties.hidden import heard, hidden
from server.store.writing.media import media
from server.store.writing.posts import Post, mentions, posts

# The migration has the same lines: a table of its own kind is made by hand.
FOR_POSTS = (
    "create virtual table if not exists search_posts using fts5(body, tokenize = 'unicode61 remove_diacritics 2')",
)
FOR_ACTORS = (
    "create virtual table if not exists search_actors using fts5(username, name, content = 'actors',"
    " content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')",
    "create trigger if not exists search_actors_added after insert on actors begin"
    " insert into search_actors(rowid, username, name) values (new.id, new.username, new.name); end",
    "create trigger if not exists search_actors_renamed after update of username, name on actors"
    " when old.username is not new.username or old.name is not new.name begin"
    " insert into search_actors(search_actors, rowid, username, name)"
    " values ('delete', old.id, old.username, old.name);"
    " insert into search_actors(rowid, username, name) values (new.id, new.username, new.name); end",
    "create trigger if not exists search_actors_dropped after delete on actors begin"
    " insert into search_actors(search_actors, rowid, username, name)"
    " values ('delete', old.id, old.username, old.name); end",
)
for _owner, _lines in ((posts, FOR_POSTS), (actors, FOR_ACTORS)):
    for _line in _lines:
        event.listen(_owner, "after_create", DDL(_line).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]

# Of common words the newest are enough; each costs some ten microseconds to judge.
CANDIDATES = 2000
JUDGED_AT_ONCE = 200
WORDS_AT_MOST = 16
# One letter begins the names of thousands: whom one follows is not picked from among them.
SHORTEST_OF_MANY = 2

_bodies = table("search_posts", column("rowid", Id), column("body", Text()))
_names = table("search_actors", column("rowid", Id), column("search_actors", Text()))


@dataclass(frozen=True, slots=True)
class Finder:
    """Who looks for something, and when."""

    id: int
    uri: str
    now: int


_forget = delete(_bodies).where(_bodies.c.rowid == bindparam("wanted", type_=Id))
_remember = insert(_bodies).values(rowid=bindparam("wanted", type_=Id), body=bindparam("words", type_=Text()))
_alts = select(func.group_concat(media.c.alt, " ")).where(media.c.post_id == bindparam("wanted"))
_matching = (
    select(_bodies.c.rowid)
    .where(_bodies.c.body.match(bindparam("match", type_=Text())))
    .where(_bodies.c.rowid < bindparam("before", type_=Id), _bodies.c.rowid > bindparam("after", type_=Id))
    .order_by(_bodies.c.rowid.desc())
    .limit(bindparam("most"))
)
_VIEWER = bindparam("viewer", type_=Id)
_MINE = or_(
    posts.c.actor_id == _VIEWER,
    exists(
        select(mentions.c.post_id).where(mentions.c.post_id == posts.c.id, mentions.c.actor_uri == bindparam("uri"))
    ),
    exists(select(reactions.c.id).where(reactions.c.post_id == posts.c.id, reactions.c.actor_id == _VIEWER)),
    exists(select(bookmarks.c.id).where(bookmarks.c.post_id == posts.c.id, bookmarks.c.actor_id == _VIEWER)),
)
_judged = (
    select(posts)
    .join(actors, actors.c.id == posts.c.actor_id)
    .where(among(posts.c.id, "wanted"), posts.c.deleted_at.is_(None))
    .where(actors.c.gone_at.is_(None), actors.c.suspended_at.is_(None), ~hidden(posts.c.actor_id))
    .where(or_(and_(posts.c.visibility == "public", actors.c.indexable, heard()), _MINE))
    .where(or_(bindparam("author", type_=Id) == 0, posts.c.actor_id == bindparam("author", type_=Id)))
)
_follows = exists(
    select(follows.c.id).where(
        follows.c.follower_id == _VIEWER, follows.c.followed_id == actors.c.id, follows.c.state == "accepted"
    )
)
_named = (
    select(_names.c.rowid)
    .where(_names.c.search_actors.match(bindparam("match", type_=Text())))
    # In the order of the index: by their rank all of a short beginning's would be weighed.
    .order_by(_names.c.rowid)
    .limit(bindparam("most"))
)
_mine_named = _named.where(
    exists(
        select(follows.c.id).where(
            follows.c.follower_id == _VIEWER, follows.c.followed_id == _names.c.rowid, follows.c.state == "accepted"
        )
    )
)
_people = (
    select(actors)
    .where(among(actors.c.id, "wanted"), actors.c.gone_at.is_(None), actors.c.suspended_at.is_(None))
    .where(actors.c.moved_to.is_(None), actors.c.type != "Application", heard(), ~hidden(actors.c.id))
    .where(or_(_follows, ~bindparam("following", type_=actors.c.local.type)))
    .where(actors.c.host.startswith(bindparam("host", type_=Text())))
    .order_by((func.lower(actors.c.username) == bindparam("name", type_=Text())).desc(), _follows.desc())
    .order_by(actors.c.local.desc(), func.lower(actors.c.username), actors.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("skipped", type_=Id))
)


async def remember(tx: Transaction, post: Post) -> None:
    """Have a post that is stored with its pictures found by its words, and by those that describe them."""
    row = await tx.one(_alts, wanted=post.id)
    words = " ".join(part for part in (post.summary, plain_text(post.content_html), row[0] if row else None) if part)
    if words:
        await tx.run(_remember, wanted=post.id, words=words)


async def forget(tx: Transaction, post_id: int) -> None:
    """Have a post found no more."""
    await tx.run(_forget, wanted=post_id)


async def find_posts(
    reader: Reader, text: str, finder: Finder, *, author_id: int = 0, before: int = (1 << 63) - 1, limit: int = 20
) -> list[Post]:
    """Return posts with all these words below an id, newest first; `"…"` is a phrase, `-word` must not be there."""
    match = write_match(text)
    if match is None:
        return []
    rows = await reader.all(_matching, match=match, before=before, after=0, most=CANDIDATES)
    candidates = [row[0] for row in rows]
    found: list[Post] = []
    for start in range(0, len(candidates), JUDGED_AT_ONCE):
        chosen = _json(candidates[start : start + JUDGED_AT_ONCE])
        judged = await reader.all(
            _judged, wanted=chosen, viewer=finder.id, moment=finder.now, uri=finder.uri, author=author_id
        )
        found += sorted((Post(*row) for row in judged), key=lambda post: post.id, reverse=True)
        if len(found) >= limit:
            break
    return found[:limit]


async def find_people(
    reader: Reader, text: str, finder: Finder, *, following: bool = False, limit: int = 20, offset: int = 0
) -> list[Actor]:
    """Return who is called so, by the beginning of their name or handle; those whom the finder follows come first."""
    name, _, host = text.strip().lstrip("@").partition("@")
    match = write_match(name, beginning=True)
    if match is None:
        return []
    rows = await reader.all(_named, match=match, most=JUDGED_AT_ONCE)
    if finder.id and len(name) >= SHORTEST_OF_MANY:
        rows += await reader.all(_mine_named, match=match, viewer=finder.id, most=JUDGED_AT_ONCE)
    found = await reader.all(
        _people,
        wanted=_json([row[0] for row in rows]),
        viewer=finder.id,
        moment=finder.now,
        following=following,
        name=name.lower(),
        host=host.lower(),
        most=limit,
        skipped=offset,
    )
    return [Actor(*row) for row in found]


def write_match(text: str, *, beginning: bool = False) -> str | None:
    """Write what somebody typed as FTS5 reads it, every word quoted; None where there is no word to look for."""
    wanted: list[str] = []
    refused: list[str] = []
    for number, part in enumerate(text.replace("\0", " ").split('"')):
        # Between quotation marks is every second part.
        for word in [part] if number % 2 else part.split():
            bare = word.lstrip("-")
            if any(letter.isalnum() for letter in bare):
                (refused if word.startswith("-") and not number % 2 else wanted).append(f'"{bare}"')
    if not wanted:
        return None
    chosen = " ".join(wanted[:WORDS_AT_MOST]) + ("*" if beginning else "")
    return " NOT ".join([f"({chosen})" if refused else chosen, *refused[:WORDS_AT_MOST]])


def _json(ids: Sequence[int]) -> str:
    return msgspec.json.encode(ids).decode()
