"""`pinxit domain`: rules typed, listed, lifted, and taken over from other servers' lists."""

from pathlib import Path

from tests.server.cli.shell import Shell

LIST = """#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
bad.example,suspend,true,true,"spam, all day",false
loud.example,silence,false,false,,false
"""


def test_a_rule_is_made_listed_and_lifted(shell: Shell) -> None:
    assert "bad.example: suspend" in shell.type("domain", "block", "BAD.example.", "--comment", "spam").out
    assert "spam" in shell.type("domain", "list").out
    shell.type("domain", "lift", "bad.example")
    assert shell.type("domain", "list").out.strip() == ""


def test_a_rule_that_does_nothing_is_refused(shell: Shell) -> None:
    assert "would do nothing" in shell.refused("domain", "set", "a.example")


def test_a_list_is_tried_then_taken_over_and_given_out_again(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "blocks.csv"
    path.write_text(LIST)
    assert "Would change 2 of 2" in shell.type("domain", "import", str(path), "--dry-run").out
    assert shell.type("domain", "list").out.strip() == ""

    assert "Changed 2 of 2" in shell.type("domain", "import", str(path)).out
    assert "Changed 0 of 2" in shell.type("domain", "import", str(path)).out
    assert shell.type("domain", "export").out == LIST


def test_an_import_makes_no_rule_milder(shell: Shell, tmp_path: Path) -> None:
    shell.type("domain", "block", "loud.example")
    path = tmp_path / "blocks.csv"
    path.write_text(LIST)
    assert "Changed 1 of 2" in shell.type("domain", "import", str(path)).out
    assert "loud.example,suspend" in shell.type("domain", "export").out


ODD = """#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
odd.example,banish,,,,
maybe.example,suspend,perhaps,,,

b****.example,suspend,true,true,,true
localhost:1,suspend,true,true,,false
https://path.example/x,suspend,,,,
*,suspend,,,,
*.wild.example,silence,,,,
MÜNCHEN.example.,limit,FALSE,f,,
"""


def test_lines_that_cannot_be_taken_are_named_and_the_others_are_taken(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "blocks.csv"
    path.write_text(ODD)
    tried = shell.type("domain", "import", str(path), "--dry-run")
    assert [line.split(":")[0] for line in tried.err.splitlines()] == [f"line {n}" for n in (2, 3, 5, 6, 7, 8)]
    assert "banish" in tried.err and "perhaps" in tried.err and "This server lies there itself" in tried.err

    done = shell.type("domain", "import", str(path))

    assert done.err == tried.err and "Changed 2 of 2; left out 6 lines" in done.out
    names = [line.split()[0] for line in shell.type("domain", "list").out.splitlines()]
    assert names == ["wild.example", "xn--mnchen-3ya.example"]


def test_a_later_line_makes_an_earlier_one_no_milder(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "blocks.csv"
    path.write_text("domain,severity\nbad.example,suspend\nBAD.example,silence\n")
    shell.type("domain", "import", str(path))
    assert "bad.example,suspend" in shell.type("domain", "export").out


def test_the_columns_may_come_in_any_order(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "blocks.csv"
    path.write_text("#severity,#domain\nsuspend,one.example\n,two.example\n")
    assert "Changed 2 of 2" in shell.type("domain", "import", str(path)).out


def test_a_file_that_is_no_list_is_refused_in_one_line(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "blocks.csv"
    for content, words in (
        (b"\xff\xfe", "no text in UTF-8"),
        (b"a" * 200_000, "field larger"),
        (b"a" * 9_000_000, "bytes"),
    ):
        path.write_bytes(content)
        assert words in shell.refused("domain", "import", str(path))


def test_a_list_of_allowed_servers_is_tried_and_then_in_force(shell: Shell) -> None:
    tried = shell.type("domain", "mode", "allow-list", "--dry-run").out
    assert "Would leave out 0 known servers with 0 people; 0 with follows" in tried
    assert shell.type("domain", "mode", "open", "--dry-run").out == "Federation is open already; nothing would change\n"

    answer = shell.type("domain", "mode", "allow-list")
    assert answer.out == "Federation is allow-list\n" and "speaks with nobody" in answer.err
    shell.type("domain", "allow", "good.example")
    assert shell.type("domain", "mode", "allow-list").err == ""


def test_the_list_begins_with_the_mode_and_shows_no_rule_that_nobody_gave(shell: Shell) -> None:
    shell.type("domain", "allow", "good.example")
    shell.type("domain", "mode", "allow-list")
    head, rule = shell.type("domain", "list").out.splitlines()
    assert head.startswith("Mode allow-list") and rule.startswith("good.example")
    shell.type("domain", "mode", "open")
    assert len(shell.type("domain", "list").out.splitlines()) == 1
