"""Brings a database to this program's version, with Alembic. It must not run while the instance serves."""

from dataclasses import replace
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry

from server.store.network import audit
from server.store.network.audit import Act

MIGRATIONS = Path(__file__).with_name("migrations")


class MigrationFailed(Exception):
    """The database could not be read or brought forward; it is as it was."""


def upgrade(path: Path, *, act: Act | None = None) -> list[str]:
    """Apply what is missing to the SQLite file at `path`, making it if need be; return the revisions applied.

    All of it is one transaction: a process that is killed meanwhile leaves the file as it was. Where anything is
    applied, `act` is written down in it, with the versions before and after.

    Raises:
        MigrationFailed: the file cannot be opened, or holds something else.
    """
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _leave_transactions_to_us)
    event.listen(engine, "begin", _begin)
    try:
        before = _revision(engine)
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            applied = _list_applied(before)
            if act is not None and applied:
                audit.add_by(connection, replace(act, before=before, after=applied[-1]))
        return applied
    except DatabaseError as error:
        raise MigrationFailed(f"{path}: {error.orig}") from error
    finally:
        engine.dispose()


def _list_applied(before: str | None) -> list[str]:
    script = ScriptDirectory.from_config(_config())
    return [one.revision for one in script.iterate_revisions("head", before)][::-1]


def _leave_transactions_to_us(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Python's driver begins no transaction before `create table`, so each would be committed by itself."""
    connection.isolation_level = None


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("begin immediate")


def _config() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
