"""An instance with very many posts, made by SQL: nobody would wait for them to come in. It must not measure them."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from quart import Quart

from server.app import create_app
from server.config import Config, SiteConfig
from server.ids import Ids, first_at
from server.jobs.sqlite import SqliteQueue
from server.media.storage import MediaStorage
from server.passwords import hash_token
from server.services import Services
from server.site import Site
from server.store.database import SqliteDatabase
from server.store.reading.feeds import ENTRIES_AT_MOST
from tests.fakes import START, FakeClock
from tests.instance import empty_database
from tests.server.web.exhibition import QuietPeers

ACTORS = 100_000
FOLLOWED = 10_000
READER = 1
TOKEN = "a token of the reader"
DOMAIN = "pinxit.example"
# One a second, the newest just now.
_FIRST = "{newest} - ({posts} - n) * 1000000000"

_COUNT = "with recursive counter(n) as (select {first} union all select n + 1 from counter where n < {last})"
_ACTORS = """
insert into actors (id, uri, local, type, username, host, url, inbox, shared_inbox, followers_uri, locked, discoverable,
  indexable, also_known_as, created_at, fetched_at)
select n, 'https://' || host || '/users/u' || n, n <= 100, 'Person', 'u' || n, host, 'https://' || host || '/@u' || n,
  'https://' || host || '/users/u' || n || '/inbox', 'https://' || host || '/inbox',
  'https://' || host || '/users/u' || n || '/followers', 0, 1, 1, '[]', 0, 0
from (select n, case when n <= 100 then '{domain}' else 'h' || (n % 997) || '.example' end as host from counter)
"""
# Every fifth answers something, every twentieth is not for all; every hundredth is ours, with a picture.
_POSTS = """
insert into posts (id, uri, actor_id, local, type, url, in_reply_to_uri, content_html, sensitive, language, visibility,
  to_uris, cc_uris, generated, published_at, replies_count, likes_count, shares_count)
select {id}, 'https://h.example/p/' || n, author, author <= 100, 'Note', 'https://h.example/@u/' || n,
  case when n % 5 = 0 then 'https://elsewhere.example/' || n end,
  '<p>Number ' || n || ': a red boat on a quiet sea, seen from the hill behind the village in the evening.</p>',
  0, 'en', case n % 20 when 0 then 'followers' when 1 then 'unlisted' else 'public' end,
  '["https://www.w3.org/ns/activitystreams#Public"]', '[]', n % 2, {at} - ({posts} - n) * 1000000, 0, n % 7, n % 3
from (select n, case when n % 100 = 2 then 2 + (n / 100) % 99 else 101 + (n * 7919) % ({actors} - 101) end as author
  from counter)
"""
_MEDIA = """
insert into media (id, actor_id, post_id, position, media_type, remote_url, width, height, blurhash, alt, created_at)
select {id}, 2, {id}, 0, 'image/jpeg', 'https://h.example/m/' || n || '.jpg', 1024, 768, 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
  'a red boat', 0
from counter where n % 2 = 0
"""
_TAGS = "insert into hashtags (name, post_id) select 'boat', {id} from counter where n % 10 = 0"
_FOLLOWS = """
insert into follows (id, follower_id, followed_id, uri, state, created_at, accepted_at)
select 1000 + n, {reader}, 100 + n, 'https://{domain}/f/' || n, 'accepted', 0, 0 from counter
"""
_FEED = """
insert into feed_entries (kind, owner_id, entry_id, post_id, by_id)
select 0, {reader}, id, id, actor_id from posts
where actor_id between 101 and {followed_last} and in_reply_to_uri is null order by id desc limit {entries}
"""


@dataclass(frozen=True, slots=True)
class Library:
    """An instance to read in. Posts have the numbers 1 to `posts`."""

    app: Quart
    clock: FakeClock
    posts: int
    database: sqlite3.Connection

    def post_id(self, number: int) -> int:
        """The id of a post by its number."""
        return first_at(START) - (self.posts - number) * 1_000_000_000


def fill(path: Path, posts: int) -> None:
    """Make the database at `path`: as many posts, 100,000 actors, and one reader who follows 10,000 of them."""
    path.write_bytes(empty_database())
    named = {
        "domain": DOMAIN,
        "reader": READER,
        "actors": ACTORS,
        "posts": posts,
        "at": START,
        "id": _FIRST.format(newest=first_at(START), posts=posts),
        "followed_last": 100 + FOLLOWED,
        "entries": ENTRIES_AT_MOST,
    }
    with sqlite3.connect(path) as connection:
        connection.execute("pragma synchronous = off")
        connection.execute("pragma cache_size = -200000")
        for last, statement in (
            (ACTORS, _ACTORS),
            (posts, _POSTS),
            (posts, _MEDIA),
            (posts, _TAGS),
            (FOLLOWED, _FOLLOWS),
        ):
            into, rest = statement.format(**named).strip().split("select", 1)
            connection.execute(f"{into} {_COUNT.format(first=1, last=last)} select {rest}")
        connection.execute(_FEED.format(**named))
        connection.execute(
            "insert into accounts (actor_id, username, password_hash, role, created_at)"
            " values (?, 'u1', 'x', 'user', 0)",
            (READER,),
        )
        connection.execute(
            "insert into access_tokens (token_hash, actor_id, scopes, label, created_at) values (?, ?, 'read', 't', 0)",
            (hash_token(TOKEN), READER),
        )
    connection.close()


@asynccontextmanager
async def open_library(path: Path, posts: int) -> AsyncIterator[Library]:
    """Open what was filled, behind its real doors."""
    clock = FakeClock()
    database = await SqliteDatabase.open(path)
    ids = Ids(clock)
    config = Config(site=SiteConfig(domain=DOMAIN))
    site = Site(config, clock, ids, SqliteQueue(database, clock, ids), b"secret" * 6)
    services = Services(site=site, database=database, peers=QuietPeers(), storage=MediaStorage.in_memory())
    connection = sqlite3.connect(path)
    try:
        yield Library(create_app(services), clock, posts, connection)
    finally:
        connection.close()
        await database.close()
