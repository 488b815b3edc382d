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


def test_a_line_that_cannot_be_read_is_named_and_nothing_changes(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "blocks.csv"
    path.write_text(LIST + "odd.example,banish,,,,\n")
    assert "line 4" in shell.refused("domain", "import", str(path))
    assert shell.type("domain", "list").out.strip() == ""


def test_a_list_of_allowed_servers_is_tried_and_then_in_force(shell: Shell) -> None:
    tried = shell.type("domain", "mode", "allow-list", "--dry-run").out
    assert "Would leave out 0 known servers with 0 people" in tried
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
