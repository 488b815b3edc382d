"""No statement reads a whole table that grows: each finds its rows by an index, or is named here with its reason."""

import sqlite3

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.dml import Insert

from server.store.statements import Compiler
from tests.instance import empty_database
from tests.server.store.test_schema import STATEMENTS, _binds, _value

# Tables that stay short, and statements that are asked by an operator or once in a long while.
# `CONSTANT` is a row of sums, `line` is what a recursive query found of one thread, `some` what another found by an
# index.
SHORT = {"CONSTANT", "accounts", "domain_rules", "line", "some", "peers", "retired_keys", "settings", "stream_events"}
MAY_READ_ALL = {
    "actors._without_proof_key": "once at the start, over an index that holds our own people alone",
    "hiding._marked": "reads an index that holds those alone who are marked",
    "hiding._hosts": "an act of the operator's, once for a rule",
    "hiding._hosts_in": "the same",
    "hiding._split": "the same",
    "hiding._neighbours": "an operator who thinks about a list of allowed servers; each follow by an index",
    "hiding._mark_hostssuspended_at": "the same",
    "hiding._mark_hostssilenced_at": "the same",
    "hiding._unmark_hostssuspended_at": "the same, taken back",
    "hiding._unmark_hostssilenced_at": "the same, taken back",
    "generations._ahead": "reads an index that holds what is open alone",
    "deliveries._count": "the shell's `jobs`",
    "deliveries._count_waiting": "reads an index that holds what waits alone",
    "peer_files._held": "once for each copy that is made, which takes a second; an index alone",
    "peer_files._count_oldest": "the shell's dry run; its window runs over what an index found",
    "peer_files._of_domain": "an act of the operator's, once for a domain",
    "notice_groups._members": "its windows run over what an index found",
    "notifications._crowded": "once an hour, an index alone",
    "push._drop_dead": "once an hour, and one row for each app that wants to be woken",
    "sqlite._count": "the shell and the metrics; jobs leave their table when they are done",
    "worker._extend": "jobs leave their table when they are done; an index would cost each of them two writes",
    "worker._release": "the same, once at the end of a process",
}


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    path = tmp_path_factory.mktemp("plans") / "store.db"
    path.write_bytes(empty_database())
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        pytest.param(one.id, one.values[0], id=one.id)
        for one in STATEMENTS
        if one.id not in MAY_READ_ALL and not isinstance(one.values[0], Insert)
    ],
)
def test_a_statement_finds_its_rows_by_an_index(connection, name, statement):
    values = {bind: _value(bind, kind.type) for bind, kind in _binds(statement).items()}
    compiled = Compiler(sqlite.dialect(paramstyle="qmark")).compile(statement, values)
    if compiled.sql.lower().startswith("pragma"):
        return

    plan = [row[3] for row in connection.execute(f"explain query plan {compiled.sql}", compiled.arguments(values))]

    # `json_each`, which hands a list over, is a table of its own.
    scanned = {step.split()[1] for step in plan if step.startswith("SCAN ") and "VIRTUAL TABLE" not in step}
    assert scanned <= SHORT, plan


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("posts._orphans", "ix_posts_orphans"),
        ("posts._count_local", "ix_posts_living"),
        ("posts._wrote_to", "ix_posts_of_actor"),
        ("notifications._unread", "ix_notifications_unread"),
        ("notifications._read", "ix_notifications_unread"),
        ("generations._ahead", "ix_generations_open"),
        ("generations._open_of", "ix_generations_open"),
        ("generations._recent_seconds", "ix_generations_painted"),
        ("deliveries._of_batch", "ix_deliveries_batch"),
        ("deliveries._of_host", "ix_deliveries_host"),
        ("timelines._public_at.descending", "ix_posts_public"),
        ("timelines._public_all.descending", "ix_posts_public"),
        ("timelines._by_account.descending", "ix_reactions_by_actor"),
        ("spreading._post_to_homes", "ix_follows_followers"),
        ("spreading._post_to_lists", "ix_list_members_target_id"),
    ],
)
def test_a_hot_statement_reads_an_index_that_holds_little_else(connection, name, index):
    statement = next(one.values[0] for one in STATEMENTS if one.id == name)
    values = {bind: _value(bind, kind.type) for bind, kind in _binds(statement).items()}
    compiled = Compiler(sqlite.dialect(paramstyle="qmark")).compile(statement, values)

    plan = " ".join(
        row[3] for row in connection.execute(f"explain query plan {compiled.sql}", compiled.arguments(values))
    )

    assert index in plan


@pytest.mark.parametrize(
    "name",
    [
        f"timelines.{pages}.{end}"
        for pages in ("_feed", "_public_at", "_public_all", "_tagged", "_by_account", "_profile")
        for end in ("descending", "ascending")
    ],
)
def test_no_feed_is_sorted_before_it_is_read(connection, name):
    """What must be sorted must be read to its end, and feeds have no end."""
    statement = next(one.values[0] for one in STATEMENTS if one.id == name)
    values = {bind: _value(bind, kind.type) for bind, kind in _binds(statement).items()}
    compiled = Compiler(sqlite.dialect(paramstyle="qmark")).compile(statement, values)

    plan = [row[3] for row in connection.execute(f"explain query plan {compiled.sql}", compiled.arguments(values))]

    assert not [step for step in plan if "TEMP B-TREE" in step], plan
