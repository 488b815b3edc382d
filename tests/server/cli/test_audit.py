"""What an operator types is written down, by whom and with what came of it; never a secret."""

import getpass
import re

from tests.server.cli.shell import Shell


def test_acts_are_listed_newest_first_with_who_did_what(shell: Shell) -> None:
    shell.type("user", "create", "ben", "--password-file", shell.password_file("a secret passphrase"))
    shell.type("domain", "block", "bad.example", "--comment", "spam")
    shell.type("user", "silence", "ben")
    shell.type("domain", "mode", "allow-list")

    lines = shell.type("audit").out.splitlines()

    assert [re.split(r"  +", line)[2] for line in lines[:4]] == [
        "federation.mode",
        "account.silence",
        "domain.set",
        "account.create",
    ]
    assert all(f"shell {getpass.getuser()}" in line for line in lines)
    assert "bad.example  - -> suspend" in lines[2]
    assert "secret" not in "".join(lines)


def test_only_what_was_done_since_a_day_is_listed(shell: Shell) -> None:
    shell.type("domain", "block", "bad.example")
    assert shell.type("audit", "--since", "2020-01-01").out
    assert shell.type("audit", "--since", "2999-01-01").out == ""
    assert shell.type("audit", "--since", "yesterday").code == 2


def test_somebody_is_suspended_by_name_here_and_elsewhere(shell: Shell) -> None:
    shell.type("user", "create", "ben", "--password-file", shell.password_file())
    assert shell.type("user", "suspend", "ben").out.startswith("Suspended @ben@")
    assert "suspended already" in shell.refused("user", "suspend", "ben")
    assert shell.type("user", "unsuspend", "ben").code == 0
    assert "nobody called" in shell.refused("user", "suspend", "carol@elsewhere.example")


def test_the_allowed_are_listed_taken_over_and_given_out(shell: Shell, tmp_path) -> None:
    path = tmp_path / "allowed.csv"
    path.write_text("#domain\ngood.example\nfine.example\n")
    assert "Changed 2 of 2" in shell.type("domain", "import", str(path), "--allowed").out
    shell.type("domain", "allow", "nice.example")
    shell.type("domain", "mode", "allow-list")
    shell.type("domain", "block", "bad.example")

    assert shell.type("domain", "export", "--allowed").out == "#domain\nfine.example\ngood.example\nnice.example\n"
    assert "bad.example" in shell.type("domain", "export").out and "*" not in shell.type("domain", "export").out
    assert "already" in shell.type("domain", "mode", "allow-list").out
