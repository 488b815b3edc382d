"""Opens everything an instance needs, once, and closes it again. It must not serve or work."""

import contextlib
import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

from obstore.exceptions import BaseError

from server.actions.people.proof_keys import complete_proof_keys
from server.config import Config, ConfigError
from server.ids import Ids, SystemClock
from server.jobs.sqlite import SqliteQueue
from server.media.storage import MediaStorage
from server.remote.peers import HttpPeers
from server.services import Services
from server.site import Site
from server.store import revision
from server.store.database import Database, SqliteDatabase
from server.store.people import actors

KEY_NAME = "secret.key"
KEY_BYTES = 32


def database_path(folder: Path, config: Config) -> Path:
    """Return where the embedded database lies."""
    return folder / config.database.path


def check_writable(path: Path) -> None:
    """Raise ConfigError when the database at `path` may not be written, nor what SQLite keeps beside it.

    A command typed as root leaves files that the server's own user cannot open.
    """
    for place in (path.parent, path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        if place.exists() and not os.access(place, os.W_OK):
            raise ConfigError(f"{place} may not be written; it must belong to the user who runs Pinxit")


def check_database(path: Path) -> None:
    """Raise ConfigError when the database at `path` may not be written, or is not at this version."""
    check_writable(path)
    if not revision.is_current(path):
        raise ConfigError(f"{path} is not at this program's version; run 'pinxit migrate'")


@contextlib.asynccontextmanager
async def open_services(folder: Path, config: Config) -> AsyncIterator[Services]:
    """Open the instance in `folder`.

    Raises:
        ConfigError: the secret is missing, the database may not be written or is not at this version, or there is no
            such storage.
    """
    secret = read_secret(folder)
    path = database_path(folder, config)
    check_database(path)
    storage = _open_storage(folder, config)
    clock = SystemClock()
    ids = Ids(clock)
    async with contextlib.AsyncExitStack() as stack:
        database = await SqliteDatabase.open(path, readers=config.database.readers)
        stack.push_async_callback(database.close)
        queue = SqliteQueue(database, clock, ids, lease_seconds=config.jobs.lease_seconds)
        site = Site(config, clock, ids, queue, secret)
        peers = HttpPeers(config.federation, site.origin, clock)
        stack.push_async_callback(peers.close)
        await _complete_keys(database, site)
        yield Services(site=site, database=database, peers=peers, storage=storage)


async def _complete_keys(database: Database, site: Site) -> None:
    """Older versions made actors without a key for proofs."""
    async with database.read() as reader:
        if not await actors.list_without_proof_key(reader):
            return
    async with database.write() as tx:
        await complete_proof_keys(tx, site)


def _open_storage(folder: Path, config: Config) -> MediaStorage:
    try:
        return MediaStorage.open(config.media.storage, folder)
    except (BaseError, ValueError) as error:
        reason = str(error).strip().splitlines()[0]
        raise ConfigError(f"media.storage {config.media.storage!r}: {reason}") from None


def write_secret(folder: Path) -> None:
    """Make the secret that signs cookies and forms, readable by the owner alone; an existing one stays."""
    path = folder / KEY_NAME
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))


def read_secret(folder: Path) -> bytes:
    """Return the secret. Raises ConfigError when it is missing or too short."""
    path = folder / KEY_NAME
    try:
        secret = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; 'pinxit init' makes it") from None
    if len(secret) < KEY_BYTES:
        raise ConfigError(f"{path} is shorter than {KEY_BYTES} bytes")
    return secret
