"""Exports and imports at the prompt."""

import stat
import zipfile

from tests.server.cli.shell import Shell


def test_all_that_belongs_to_somebody_is_written_for_the_operator_alone(shell: Shell) -> None:
    file = shell.home / "alice.zip"

    assert shell.type("user", "export", "alice", str(file)).code == 0

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as whole:
        assert {"actor.json", "outbox.json", "prompts.json", "following_accounts.csv"} <= set(whole.namelist())
    assert "there already" in shell.refused("user", "export", "alice", str(file))


def test_what_cannot_be_written_leaves_nothing_behind(shell: Shell) -> None:
    assert shell.refused("user", "export", "alice", str(shell.home / "nowhere" / "alice.zip"))
    assert "there is no account" in shell.refused("user", "export", "nobody", str(shell.home / "a.zip"))
    assert not list(shell.home.glob("*.zip*"))


def test_a_table_is_looked_at_and_brought(shell: Shell) -> None:
    shell.type("user", "create", "bob", "--password-file", shell.password_file())
    file = shell.home / "follows.csv"
    file.write_text("Account address\nbob@localhost:1\nnonsense here\n", encoding="utf-8")

    tried = shell.type("user", "import", "alice", str(file), "--kind", "following", "--dry-run")
    assert tried.out == "1 to change, 0 to take away, 0 as they are, 1 lines not read\n"
    assert "line 3: " in tried.err
    assert "the worker does it" in shell.type("user", "import", "alice", str(file), "--kind", "following").out
    (shell.home / "empty.csv").touch()
    assert "nothing to do" in shell.refused(
        "user", "import", "alice", str(shell.home / "empty.csv"), "--kind", "blocks"
    )
