"""The records, the statements and the migrations all say the same as the tables."""

import importlib
import pkgutil
import sqlite3
from dataclasses import fields, is_dataclass

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.dml import Insert, UpdateBase
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.sql.selectable import CompoundSelect, Select
from sqlalchemy.types import NullType

import server.jobs.sqlite
import server.jobs.table
import server.jobs.worker
import server.store
from server.store import migration, revision
from server.store.paging import Pages
from server.store.schema import metadata
from server.store.statements import Compiler
from tests.instance import empty_database

MODULES = [
    *(importlib.import_module(one.name) for one in pkgutil.walk_packages(server.store.__path__, "server.store.")),
    server.jobs.sqlite,
    server.jobs.worker,
]
# Each table and the record of one of its rows, where it has one.
RECORDS = {
    "accounts": server.store.people.accounts.Account,
    "audit": server.store.network.audit.Act,
    "domain_rules": server.store.network.domain_rules.Rule,
    "peer_files": server.store.network.peer_files.PeerFile,
    "access_tokens": server.store.clients.tokens.AccessToken,
    "activities": server.store.network.activities.Activity,
    "actor_keys": server.store.people.actors.ActorKey,
    "actors": server.store.people.actors.Actor,
    "app_tokens": server.store.clients.tokens.AppToken,
    "collections": server.store.writing.collections.Collection,
    "consents": server.store.writing.consents.Consent,
    "conversations": server.store.writing.conversations.Conversation,
    "custom_emojis": server.store.writing.emojis.CustomEmoji,
    "deliveries": server.store.network.deliveries.Delivery,
    "emoji_reactions": server.store.reading.emoji_reactions.EmojiReaction,
    "featured_tags": server.store.writing.tags.FeaturedTag,
    "feed_entries": server.store.reading.feeds.FeedEntry,
    "filter_keywords": server.store.reading.filters.Keyword,
    "filter_posts": server.store.reading.filters.FilteredPost,
    "filters": server.store.reading.filters.Filter,
    "follows": server.store.ties.follows.Follow,
    "generations": server.store.writing.generations.Generation,
    "import_rows": server.store.people.imports.ImportRow,
    "imports": server.store.people.imports.Import,
    "jobs": server.jobs.table.JobRow,
    "lists": server.store.ties.lists.List,
    "markers": server.store.reading.markers.Marker,
    "media": server.store.writing.media.Media,
    "mutes": server.store.ties.mutes.Mute,
    "notification_policies": server.store.telling.notice_policy.Policy,
    "notification_requests": server.store.telling.notice_policy.Request,
    "notifications": server.store.telling.notifications.Notification,
    "oauth_clients": server.store.clients.oauth.Client,
    "oauth_codes": server.store.clients.oauth.Code,
    "peers": server.store.network.peers.Peer,
    "posts": server.store.writing.posts.Post,
    "promised_posts": server.store.writing.promises.Promise,
    "preferences": server.store.people.preferences.Preferences,
    "push_subscriptions": server.store.telling.push.Subscription,
    "reactions": server.store.reading.reactions.Reaction,
    "reports": server.store.telling.reports.Report,
    "refresh_tokens": server.store.clients.tokens.RefreshToken,
    "revisions": server.store.writing.revisions.Revision,
    "stream_events": server.store.reading.stream_events.StreamEvent,
    "retired_keys": server.store.people.retired_keys.RetiredKey,
    "scheduled_posts": server.store.writing.scheduled.ScheduledPost,
}
WITHOUT_RECORD = {
    "interaction_policies",
    "collection_items",
    "inbox_entries",
    "dismissed_suggestions",
    "domain_blocks",
    "endorsements",
    "followed_tags",
    "list_members",
    "private_notes",
    "authenticators",
    "passkeys",
    "recovery_codes",
    "spent_challenges",
    "bookmarks",
    "idempotency_keys",
    "muted_threads",
    "pins",
    "poll_options",
    "poll_votes",
    "polls",
    "quote_policies",
    "quotes",
    "blocks",
    "hashtags",
    "looked_up",
    "mentions",
    "walks",
    "actor_counts",
    "post_contexts",
    "post_counts",
    "conversation_posts",
    "notification_permissions",
    "previews",
    "sessions",
    "settings",
}


def _statements():
    """Every statement that a module of the store keeps, also those in a table of statements."""
    for module in MODULES:
        for name, value in vars(module).items():
            found = value.items() if isinstance(value, dict) else [("", value)]
            if isinstance(value, Pages):
                found = [(".descending", value.descending), (".ascending", value.ascending)]
            for key, one in found:
                if isinstance(one, (Select, CompoundSelect, UpdateBase)) or _is_whole_text(one):
                    yield pytest.param(one, id=f"{module.__name__.rpartition('.')[2]}.{name}{key}")


def _is_whole_text(one):
    """A statement in words, not the condition of an index."""
    return isinstance(one, TextClause) and one.text.lower().startswith(
        ("select ", "pragma ", "update ", "delete ", "insert ")
    )


STATEMENTS = list(_statements())


@pytest.fixture
def connection(tmp_path):
    path = tmp_path / "store.db"
    path.write_bytes(empty_database())
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("pragma foreign_keys = on")
    yield connection
    connection.close()


def test_every_table_is_known_to_these_tests():
    assert set(metadata.tables) == set(RECORDS) | WITHOUT_RECORD


@pytest.mark.parametrize("table", RECORDS)
def test_a_record_has_the_columns_of_its_table_in_their_order(table):
    record = RECORDS[table]

    assert is_dataclass(record)
    assert [field.name for field in fields(record)] == [column.name for column in metadata.tables[table].columns]


@pytest.mark.parametrize("table", RECORDS)
def test_what_may_be_null_may_be_none_and_nothing_else(table):
    columns = metadata.tables[table].columns

    for field in fields(RECORDS[table]):
        assert ("None" in str(field.type)) == columns[field.name].nullable, field.name


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_statement_runs(connection, statement):
    values = {name: _value(name, bind.type) for name, bind in _binds(statement).items()}
    compiled = Compiler(sqlite.dialect(paramstyle="qmark")).compile(statement, values)
    connection.execute("begin")
    # Rows of nobody may be written here, as nothing is committed.
    connection.execute("pragma defer_foreign_keys = on")

    rows = connection.execute(compiled.sql, compiled.arguments(values)).fetchall()

    assert len(compiled.convert(rows)) == len(rows)
    connection.execute("rollback")


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_statement_binds_what_comes_from_outside(statement):
    """No value is written into the text of a statement but those that we wrote there ourselves."""
    text = str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark")))

    assert "POSTCOMPILE" not in text


def _binds(statement: ClauseElement) -> dict:
    if isinstance(statement, Insert) and not statement._values and statement.select is None:
        columns = [column.name for column in statement.table.columns]
        compiled = statement.compile(dialect=sqlite.dialect(paramstyle="qmark"), column_keys=columns)
    else:
        compiled = statement.compile(dialect=sqlite.dialect(paramstyle="qmark"))
    return {name: bind for name, bind in compiled.binds.items() if bind.required or bind.value is None}


def _value(name, kind):
    if isinstance(kind, NullType):
        # A limit, or a list that is handed over as JSON.
        return 1 if name == "most" else "[]"
    if name == "match":
        return '"boat"'
    return {int: 1, str: "[]", bytes: b"", bool: True, float: 0.5}[kind.python_type]


# The index by handle is over an expression, which SQLAlchemy does not read back; the next test compares its text.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection", "ignore:autogenerate skipping")
def test_the_migrations_make_exactly_the_tables(tmp_path):
    """Whoever changes a table and forgets the migration is told here what Alembic would write."""
    path = tmp_path / "store.db"
    path.write_bytes(empty_database())
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        compared = {"compare_type": True, "compare_server_default": True, "include_object": _is_told_by_metadata}
        context = MigrationContext.configure(connection, opts=compared)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def _is_told_by_metadata(_item, name, kind, *_):
    """Full-text tables, and the tables that SQLite makes below each, are made by hand."""
    return kind != "table" or not name.startswith("search_")


def test_the_migrations_make_exactly_the_full_text_tables(tmp_path):
    path, fresh = tmp_path / "store.db", tmp_path / "fresh.db"
    path.write_bytes(empty_database())
    engine = create_engine(f"sqlite:///{fresh}")
    metadata.create_all(engine)
    engine.dispose()

    assert _made_by_hand(path) == _made_by_hand(fresh)


def _made_by_hand(path):
    connection = sqlite3.connect(path)
    rows = connection.execute("select name, sql from sqlite_master where name like 'search%' and sql is not null")
    found = {name: sql.replace('"', "") for name, sql in rows}
    connection.close()
    return found


def test_the_migrations_make_exactly_the_indexes(tmp_path):
    """Also the conditions and directions, which Alembic does not compare."""
    path, fresh = tmp_path / "store.db", tmp_path / "fresh.db"
    path.write_bytes(empty_database())
    engine = create_engine(f"sqlite:///{fresh}")
    metadata.create_all(engine)
    engine.dispose()

    assert _indexes(path) == _indexes(fresh)


def _indexes(path):
    connection = sqlite3.connect(path)
    rows = connection.execute("select name, sql from sqlite_master where type = 'index' and sql is not null").fetchall()
    connection.close()
    return {name: " ".join(sql.replace('"', "").lower().split()) for name, sql in rows}


def test_every_table_has_a_key_to_find_its_rows_by(tmp_path):
    path = tmp_path / "store.db"
    path.write_bytes(empty_database())
    engine = create_engine(f"sqlite:///{path}")
    tables = inspect(engine)
    assert all(tables.get_pk_constraint(name)["constrained_columns"] for name in metadata.tables)
    engine.dispose()


def test_upgrading_twice_changes_nothing_and_says_so(tmp_path):
    path = tmp_path / "store.db"

    assert not revision.is_current(path)
    assert migration.upgrade(path)[0] == "0001"
    assert revision.is_current(path)
    assert migration.upgrade(path) == []


def test_the_newest_revision_is_known_without_alembic():
    scripts = ScriptDirectory(str(migration.MIGRATIONS))
    assert scripts.get_current_head() == revision.NEWEST


def test_a_file_that_is_no_database_is_not_current(tmp_path):
    path = tmp_path / "store.db"
    path.write_bytes(b"not a database" * 100)
    assert revision.read_revision(path) is None


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_table_can_be_made_in_postgresql(table):
    """Only types that mean the same on both engines are used."""
    kinds = {str(column.type.compile(postgresql.dialect())) for column in metadata.tables[table].columns}

    assert kinds <= {"BIGINT", "INTEGER", "TEXT", "BYTEA", "BOOLEAN", "FLOAT"}
