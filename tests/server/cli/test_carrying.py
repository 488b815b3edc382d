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
