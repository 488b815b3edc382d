"""Brings a database to this program's version, with Alembic. It must not run while the instance serves."""

from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine

MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade(path: Path) -> list[str]:
    """Apply what is missing to the SQLite file at `path`, making it if need be; return the revisions applied."""
    engine = create_engine(f"sqlite:///{path}")
    try:
        before = _revision(engine)
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        script = ScriptDirectory.from_config(_config())
        return [one.revision for one in script.iterate_revisions("head", before)][::-1]
    finally:
        engine.dispose()


def is_current(path: Path) -> bool:
    """Whether the SQLite file at `path` is there and at this program's version."""
    if not path.exists():
        return False
    engine = create_engine(f"sqlite:///{path}")
    try:
        return _revision(engine) == ScriptDirectory.from_config(_config()).get_current_head()
    finally:
        engine.dispose()


def _config() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
