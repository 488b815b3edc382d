"""Aliases and moves at the prompt."""

from tests.server.cli.shell import Shell

HERE = "localhost:1"


def test_an_alias_is_added_listed_and_removed(shell: Shell) -> None:
    shell.type("user", "create", "bob", "--password-file", shell.password_file())

    assert shell.type("user", "alias", "add", "alice", f"bob@{HERE}").code == 0
    assert shell.type("user", "alias", "list", "alice").out == f"http://{HERE}/users/bob  @bob@{HERE}\n"
    assert "alias already" in shell.refused("user", "alias", "add", "alice", f"bob@{HERE}")
    assert shell.type("user", "alias", "remove", "alice", f"http://{HERE}/users/bob").code == 0
    assert shell.type("user", "alias", "list", "alice").out == ""


def test_a_move_is_told_and_taken_back(shell: Shell) -> None:
    shell.type("user", "create", "bob", "--password-file", shell.password_file())

    assert "as an alias first" in shell.refused("user", "move", "alice", f"bob@{HERE}", "--yes")
    shell.type("user", "alias", "add", "bob", f"alice@{HERE}")
    assert shell.type("user", "move", "alice", f"bob@{HERE}").code == 1
    assert "has moved to @bob" in shell.type("user", "move", "alice", f"bob@{HERE}", "--yes").out
    assert "moved already" in shell.refused("user", "move", "alice", f"bob@{HERE}", "--yes")
    assert "lives here again" in shell.type("user", "move", "alice", "--cancel").out
    assert "not moved" in shell.refused("user", "move", "alice", "--cancel")
    back, away, *_ = shell.type("audit").out.splitlines()
    assert f"account.move-cancel   @alice@{HERE}  http://{HERE}/users/bob -> -" in back
    assert f"account.move          @alice@{HERE}  - -> http://{HERE}/users/bob" in away


def test_what_leads_nowhere_is_refused_in_one_line(shell: Shell) -> None:
    assert "--cancel" in shell.refused("user", "move", "alice")
    assert "--cancel" in shell.refused("user", "move", "alice", f"bob@{HERE}", "--cancel")
    assert shell.refused("user", "alias", "add", "alice", f"nobody@{HERE}")
    assert shell.refused("user", "alias", "add", "alice", "nonsense")
    assert "there is no account" in shell.refused("user", "alias", "list", "nobody")


def test_an_account_is_deleted_once_its_name_was_typed_and_never_made_again(shell: Shell) -> None:
    assert shell.type("user", "delete", "alice").code == 1
    assert "Deleted @alice" in shell.type("user", "delete", "alice", "--yes").out
    assert "there is no account" in shell.refused("user", "delete", "alice", "--yes")
    assert "taken" in shell.refused("user", "create", "alice", "--password-file", shell.password_file())


def test_who_alone_administers_the_instance_stays(shell: Shell) -> None:
    shell.type("user", "create", "carol", "--admin")

    assert "Nobody else administers" in shell.refused("user", "delete", "carol", "--yes")

    shell.type("user", "create", "dave", "--admin")
    assert "Deleted @carol" in shell.type("user", "delete", "carol", "--yes").out
