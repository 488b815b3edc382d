"""An instance of ours for tests: real database, queue and HTTP, one person called alice, and a clock held by hand."""

import contextlib
import sqlite3
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import sqlalchemy
from aiohttp.abc import AbstractResolver

from activitypub.keys import private_pem, public_pem
from server.config import Config, FederationConfig, SiteConfig
from server.ids import Ids
from server.jobs.sqlite import SqliteQueue
from server.media.storage import MediaStorage
from server.remote.peers import HttpPeers
from server.services import Services
from server.site import INSTANCE_NAME, Site
from server.store.database import SqliteDatabase
from server.store.network import deliveries, peers
from server.store.people import actors
from server.store.people.actors import Actor, ActorKey
from server.store.reading import feeds, reactions, search, stream_events
from server.store.schema import metadata
from server.store.telling import notifications
from server.store.ties import follows
from server.store.writing import generations, media, posts
from tests.fakes import START, FakeClock, key_of

TABLES = (
    actors,
    deliveries,
    feeds,
    follows,
    generations,
    media,
    notifications,
    peers,
    posts,
    reactions,
    search,
    stream_events,
)


@cache
def empty_database() -> bytes:
    """A database file with every table and no row; made once, as laying a table costs a write to the disk."""
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.connect() as connection:
        metadata.create_all(connection)
        connection.commit()
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        data = raw.serialize()
    engine.dispose()
    return data


@cache
def usual_trust() -> ssl.SSLContext:
    """The authorities of the system, read once."""
    return ssl.create_default_context()


@contextlib.asynccontextmanager
async def open_house(
    folder: Path,
    *,
    clock: FakeClock | None = None,
    tls: ssl.SSLContext | None = None,
    resolver: AbstractResolver | None = None,
    federation: FederationConfig | None = None,
) -> AsyncIterator[Services]:
    """Open a fresh instance in `folder` on http://localhost:1, which may reach loopback."""
    clock = clock or FakeClock()
    (folder / "house.db").write_bytes(empty_database())
    settings = federation or FederationConfig(allow_http=True, allow_private_addresses=True)
    ids = Ids(clock)
    database = await SqliteDatabase.open(folder / "house.db", readers=2)
    config = Config(site=SiteConfig(domain="localhost:1"), federation=settings)
    site = Site(config, clock, ids, SqliteQueue(database, clock, ids), b"secret" * 6)
    outside = HttpPeers(settings, site.origin, clock, tls=tls or usual_trust(), resolver=resolver)
    services = Services(site=site, database=database, peers=outside, storage=MediaStorage.in_memory())
    try:
        await add_local(services, INSTANCE_NAME, uri=site.instance_uri, type="Application")
        await add_local(services, "alice")
        yield services
    finally:
        await outside.close()
        await database.close()


async def add_local(services: Services, name: str, *, uri: str | None = None, type: str = "Person") -> Actor:
    """Add somebody of ours, with a key."""
    site = services.site
    uri = uri or site.actor_uri(name)
    actor = replace(
        remote_actor(uri, site.ids.new(), name),
        local=True,
        type=type,
        host=site.domain,
        shared_inbox=site.shared_inbox,
        created_at=site.clock.now(),
    )
    key = key_of(name)
    row = ActorKey(f"{uri}#main-key", actor.id, "rsa", public_pem(key), private_pem(key), site.clock.now())
    async with services.database.write(durable=False) as tx:
        await actors.add(tx, actor)
        await actors.replace_keys(tx, actor.id, [row])
    return actor


def remote_actor(
    uri: str, actor_id: int, name: str, *, shared_inbox: str | None = None, fetched_at: int = START
) -> Actor:
    """A row for an actor at `uri`, all of its addresses below that."""
    return Actor(
        id=actor_id,
        uri=uri,
        local=False,
        type="Person",
        username=name,
        host=uri.split("/")[2],
        name=None,
        summary_html=None,
        url=uri,
        inbox=f"{uri}/inbox",
        shared_inbox=shared_inbox,
        outbox=f"{uri}/outbox",
        followers_uri=f"{uri}/followers",
        following_uri=f"{uri}/following",
        featured_uri=None,
        icon_url=None,
        image_url=None,
        locked=False,
        discoverable=True,
        indexable=True,
        moved_to=None,
        also_known_as="[]",
        created_at=START,
        fetched_at=fetched_at,
        gone_at=None,
        suspended_at=None,
    )


async def alice_of(services: Services) -> Actor:
    """The one person of the house."""
    async with services.database.read() as reader:
        found = await actors.find_by_uri(reader, services.site.actor_uri("alice"))
    assert found is not None
    return found
