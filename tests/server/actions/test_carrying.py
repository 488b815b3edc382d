"""Tables of other servers: what of them is read, what is refused, and what they would change."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.actions.carrying.begin import begin_import, plan_import
from server.actions.carrying.cells import FORMULA, unguard, write_lines
from server.actions.carrying.kept import KINDS
from server.actions.carrying.tables import BYTES_AT_MOST, ROWS_AT_MOST, SKIPPED_SHOWN, read_table
from server.actions.ties.block_domain import block_domain
from server.actions.ties.follow import follow
from server.config import Config, SiteConfig
from server.ids import Ids
from server.problems import Conflict, Invalid, Problem, TooLarge
from server.site import Site
from tests.fakes import FakeClock


def rows(ground, kind, text):
    return read_table(ground.site, kind, text.encode() if isinstance(text, str) else text).rows


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            'Account address,Show boosts,Notify on new posts,Languages\nbob@remote.example,false,true,"de, en"\n',
            [("bob@remote.example", "false", "true", "de, en")],
        ),
        # As Mastodon wrote it before it had headers.
        ("bob@remote.example\n@eve@Other.Example\n", None),
        # Columns in another order, a mark at the beginning, and Windows' line ends.
        (
            "\ufeffShow boosts,Account address\r\nfalse,bob@remote.example\r\n",
            [("bob@remote.example", "false", "false", "")],
        ),
        ("carol\n", [("carol@pinxit.example", "true", "false", "")]),
        ("bob@remote.example\nBOB@remote.example\n\n , \n", [("bob@remote.example", "true", "false", "")]),
        (
            'bob@remote.example,maybe,,"de, <script>, xx-YY, waytoolong"\n',
            [("bob@remote.example", "true", "false", "de, xx-YY")],
        ),
    ],
)
async def test_follows_are_read_in_every_shape_that_is_about(ground, text, found):
    wanted = found or [("bob@remote.example", "true", "false", ""), ("eve@other.example", "true", "false", "")]
    assert list(rows(ground, "following", text)) == wanted


async def test_the_other_kinds_are_read(ground):
    assert rows(ground, "mutes", "Account address,Hide notifications\nbob@remote.example,false\n") == (
        ("bob@remote.example", "false"),
    )
    assert rows(ground, "blocks", "bob@remote.example\n") == (("bob@remote.example",),)
    assert rows(ground, "domain_blocks", "#domain\nRude.Example\nbücher.example\n") == (
        ("rude.example",),
        ("xn--bcher-kva.example",),
    )
    assert rows(ground, "bookmarks", "https://remote.example/notes/1\n") == (("https://remote.example/notes/1",),)
    assert rows(ground, "lists", "Friends,bob@remote.example\n'=1+1,bob@remote.example\n") == (
        ("Friends", "bob@remote.example"),
        ("=1+1", "bob@remote.example"),
    )


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("following", "not an account at all"),
        ("following", "bob@"),
        ("following", "bob@127.0.0.1:x"),
        ("following", '=HYPERLINK("https://evil.example")'),
        ("domain_blocks", "https://rude.example/"),
        ("domain_blocks", "a b"),
        ("bookmarks", "javascript:alert(1)"),
        ("bookmarks", "https://remote.example/" + "a" * 3000),
        ("lists", ",bob@remote.example"),
        ("lists", "x" * 300 + ",bob@remote.example"),
    ],
)
async def test_a_line_that_says_nothing_is_passed_over_and_named(ground, kind, line):
    brought = read_table(ground.site, kind, f"{line}\n".encode())
    assert brought.rows == () and brought.skipped_count == 1 and brought.skipped[0].line == 1


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"PK\x03\x04" + b"0" * 100, Invalid),
        (b"\xff\xfe\x00", Invalid),
        (b"bob@remote.example\0", Invalid),
        (b'"never closed', Invalid),
        (b'"' + b"a" * 200_000 + b'"', Invalid),
        (b"a" * (BYTES_AT_MOST + 1), TooLarge),
        (b"a@b.example\n" * (ROWS_AT_MOST + 2), TooLarge),
    ],
)
async def test_what_is_no_table_or_a_bomb_is_refused(ground, data, error):
    with pytest.raises(error):
        read_table(ground.site, "following", data)


CONFIG = Config(site=SiteConfig(domain="pinxit.example"))
SITE = Site(CONFIG, FakeClock(), Ids(FakeClock()), None, b"no secret")  # type: ignore[arg-type]
CELLS = st.text(st.sampled_from("ab@.,;\"'=\n\r\t é\u202e\ud7ff<"), max_size=60)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.binary(max_size=200) | CELLS.map(str.encode))
def test_whatever_is_brought_is_read_or_refused_and_never_runs_in_a_spreadsheet(kind, data):
    try:
        brought = read_table(SITE, kind, data)
    except Problem:
        return
    for row in brought.rows:
        for cell in next(csv.reader([write_lines([row]).decode()])):
            assert not cell.startswith(FORMULA)


async def test_many_bad_lines_are_counted_and_some_are_named(ground):
    brought = read_table(ground.site, "blocks", b"?\n" * 1000)
    assert (brought.skipped_count, len(brought.skipped)) == (1000, SKIPPED_SHOWN)


async def test_a_line_of_very_many_cells_costs_little(ground):
    assert rows(ground, "blocks", "bob@remote.example" + "," * 500_000) == (("bob@remote.example",),)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum", "\tx", "plain", "it's", ""])
def test_a_cell_that_a_spreadsheet_would_run_is_text_and_comes_back(cell):
    line = write_lines([(cell,)]).decode().rstrip("\n").strip('"')
    assert not line.startswith(("=", "+", "-", "@", "\t"))
    assert unguard(line) == cell.strip() or cell.startswith("\t")


async def test_a_plan_says_what_would_come_and_go_and_changes_nothing(ground):
    async with ground.write() as tx:
        await block_domain(tx, ground.site, ground.alice, "here.example")
        await block_domain(tx, ground.site, ground.alice, "both.example")
    brought = read_table(ground.site, "domain_blocks", b"both.example\nnew.example\n")

    async def plan(*, overwrite):
        return await plan_import(ground.house.database, ground.alice, brought, overwrite=overwrite, now=1)

    merged, replaced = await plan(overwrite=False), await plan(overwrite=True)
    assert (merged.adds, merged.removes, merged.known) == ((("new.example",),), (), 1)
    assert replaced.removes == (("here.example",),)


async def test_choices_of_a_known_follow_are_a_change(ground):
    async with ground.write() as tx:
        await follow(tx, ground.site, ground.alice, ground.carol)
    for line, changes in (("carol,true,false,", 0), ("carol,false,false,", 1)):
        brought = read_table(ground.site, "following", line.encode())
        plan = await plan_import(ground.house.database, ground.alice, brought, overwrite=False, now=1)
        assert len(plan.adds) == changes


async def test_nothing_to_do_and_too_much_at_once_are_refused(ground):
    async def begin(text):
        brought = read_table(ground.site, "domain_blocks", text)
        plan = await plan_import(ground.house.database, ground.alice, brought, overwrite=False, now=1)
        async with ground.write() as tx:
            await begin_import(tx, ground.site, ground.alice, plan)

    with pytest.raises(Invalid):
        await begin(b"")
    for number in range(3):
        await begin(f"h{number}.example\n".encode())
    with pytest.raises(Conflict):
        await begin(b"one.more.example\n")
