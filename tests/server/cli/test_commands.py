"""The command line as a user types it: what it prints, and the one clear line with exit code 2 when it refuses."""

import contextlib
import os
import re
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.cli.shell import Shell

NOBODY = 65_534


def test_every_command_is_listed_with_its_duty(bare: Shell) -> None:
    listed = bare.type("--help").out

    for name in ("init", "serve", "web", "work", "migrate", "user", "generate", "follow", "jobs", "doctor", "post"):
        assert re.search(rf"^  {name} +\S", listed, re.MULTILINE), name


def test_init_makes_a_private_folder_and_says_what_comes_next(bare: Shell) -> None:
    answer = bare.type("init", "--domain", "art.example")

    assert answer.code == 0
    assert "art.example" in answer.out and "user create" in answer.out
    assert stat.S_IMODE(bare.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((bare.folder / "secret.key").stat().st_mode) == 0o600


def test_init_a_second_time_is_refused_and_changes_nothing(shell: Shell) -> None:
    before = (shell.folder / "pinxit.toml").read_text()

    assert "is there already" in shell.refused("init", "--domain", "other.example")
    assert (shell.folder / "pinxit.toml").read_text() == before


@pytest.mark.parametrize("domain", ["https://art.example", "art.example/", "Art.Example", "me@art.example", ""])
def test_init_refuses_what_is_no_domain_and_leaves_nothing_behind(domain: str, bare: Shell) -> None:
    assert "site.domain" in bare.refused("init", "--domain", domain)
    assert not bare.folder.exists()


def test_init_with_a_port_names_the_option_that_allows_it(bare: Shell) -> None:
    assert "--local" in bare.refused("init", "--domain", "localhost:8080")
    assert "--domain localhost:8080" in bare.refused("init", "--domain", "localhost", "--local")


@pytest.mark.parametrize(
    "command",
    [["serve"], ["web"], ["work"], ["jobs"], ["doctor"], ["migrate"], ["generate", "a fox", "--as", "alice"]],
    ids=lambda command: command[0],
)
def test_without_an_instance_every_command_says_how_to_make_one(command: list[str], bare: Shell) -> None:
    assert "'pinxit init' makes it" in bare.refused(*command)


def test_unknown_key_stops_every_command_and_names_the_nearest(shell: Shell) -> None:
    shell.configure("[jobs]\nat_onse = 3")

    assert re.search(r"unknown key jobs\.at_onse; did you mean jobs\.at_once\?", shell.refused("jobs"))


def test_wrong_value_stops_every_command_and_names_the_key(shell: Shell) -> None:
    shell.configure('[jobs]\nat_once = "many"')

    assert "jobs.at_once" in shell.refused("jobs")


def test_what_is_wrong_with_a_word_or_a_server_is_said(shell: Shell) -> None:
    assert "begins with / or !" in shell.refused("user", "edit", "alice", "--paint-word", "a b")
    assert shell.refused("follow", "bob@localhost:2", "--as", "nobody").startswith("there is no account nobody")
    assert shell.refused("follow", "bob@localhost:2", "--as", "alice").startswith("no connection: ")


def test_a_database_that_cannot_be_read_is_not_taken_for_an_old_one(shell: Shell) -> None:
    (shell.folder / "pinxit.db").unlink()
    (shell.folder / "pinxit.db").mkdir()

    assert "the database cannot be used: disk I/O error" in shell.refused("jobs")
    assert "disk I/O error" in shell.type("doctor").out


def test_database_of_another_version_asks_for_migrate(shell: Shell) -> None:
    (shell.folder / "pinxit.db").unlink()

    assert "run 'pinxit migrate'" in shell.refused("jobs")


def test_missing_secret_is_named(shell: Shell) -> None:
    (shell.folder / "secret.key").unlink()

    assert "secret.key" in shell.refused("jobs")


def test_migrate_says_when_there_is_nothing_to_do(shell: Shell) -> None:
    answer = shell.type("migrate")

    assert (answer.code, "is up to date" in answer.out) == (0, True)


def test_migrate_makes_what_is_missing(shell: Shell) -> None:
    (shell.folder / "pinxit.db").unlink()

    assert "applied" in shell.type("migrate").out
    assert "is up to date" in shell.type("migrate").out


def test_account_without_a_password_file_gets_a_password_that_is_shown(shell: Shell) -> None:
    answer = shell.type("user", "create", "bob", "--admin")

    assert answer.code == 0
    assert re.search(r"^Made @bob@localhost:1$", answer.out, re.MULTILINE)
    assert re.search(r"^Password: \S{16,}$", answer.out, re.MULTILINE)


def test_password_of_a_file_is_not_shown(shell: Shell) -> None:
    answer = shell.type("user", "create", "bob", "--password-file", shell.password_file("correct horse battery"))

    assert (answer.code, answer.out) == (0, "Made @bob@localhost:1\n")


@pytest.mark.parametrize("name", ["", "two words", "ümlaut", "a" * 31, "../etc", "admin", "instance", "a@b"])
def test_name_that_peers_would_not_take_is_refused(name: str, shell: Shell) -> None:
    assert "username" in shell.refused("user", "create", name)


def test_name_is_taken_whatever_its_case(shell: Shell) -> None:
    assert "taken" in shell.refused("user", "create", "Alice")


@pytest.mark.parametrize("password", ["", "short"])
def test_short_password_is_refused(password: str, shell: Shell) -> None:
    refusal = shell.refused("user", "create", "bob", "--password-file", shell.password_file(password))

    assert "at least 8 characters" in refusal


def test_missing_password_file_is_refused(shell: Shell) -> None:
    assert "does not exist" in shell.refused("user", "create", "bob", "--password-file", "/nowhere/at/all")


def test_token_is_printed_alone(shell: Shell) -> None:
    answer = shell.type("user", "token", "alice", "--scopes", "read write")

    assert (answer.code, answer.err) == (0, "")
    assert re.fullmatch(r"\S{32,}\n", answer.out)


def test_unknown_scope_is_refused_with_the_known_ones(shell: Shell) -> None:
    refusal = shell.refused("user", "token", "alice", "--scopes", "read everything")

    assert "everything" in refusal and "write" in refusal


@pytest.mark.parametrize(
    "command", [["user", "token", "bob"], ["generate", "a fox", "--as", "bob"], ["user", "edit", "bob", "--locked"]]
)
def test_unknown_account_is_named_with_the_command_that_makes_it(command: list[str], shell: Shell) -> None:
    assert "'pinxit user create bob'" in shell.refused(*command)


def test_account_can_be_locked_and_described(shell: Shell) -> None:
    answer = shell.type("user", "edit", "alice", "--locked", "--name", "Alice", "--about", "I like the sea.")

    assert (answer.code, answer.out) == (0, "Changed @alice@localhost:1\n")
    assert "30 characters" in shell.refused("user", "edit", "alice", "--name", "A" * 31)


@pytest.mark.parametrize("handle", ["nobody", "@", "a@b@c@d", "alice@"])
def test_what_is_no_handle_cannot_be_followed(handle: str, shell: Shell) -> None:
    assert "host" in shell.refused("follow", handle, "--as", "alice")


def test_handle_of_nobody_here_cannot_be_followed(shell: Shell) -> None:
    assert "nobody" in shell.refused("follow", "ghost@localhost:1", "--as", "alice")


def test_server_that_does_not_answer_is_named(shell: Shell) -> None:
    assert "localhost:2" in shell.refused("follow", "bob@localhost:2", "--as", "alice")


def test_one_of_ours_is_followed_at_once(shell: Shell) -> None:
    shell.type("user", "create", "bob")

    assert shell.type("follow", "@bob@localhost:1", "--as", "alice").out == "@bob@localhost:1: following\n"


def test_jobs_of_a_quiet_instance(shell: Shell) -> None:
    assert shell.type("jobs").out == "No jobs.\n"
    assert shell.type("jobs", "retry").out == "0 jobs wait again.\n"


def test_failed_job_is_shown_with_its_reason_and_can_wait_again(shell: Shell) -> None:
    with sqlite3.connect(shell.folder / "pinxit.db") as database:
        row = (7, "deliver", '{"batch":1}', "failed", 8, "the disk was full")
        columns = "id, kind, payload, state, attempts, error, priority, not_before, leased_until, lease, created_at"
        database.execute(f"insert into jobs ({columns}) values (?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0)", row)
    database.close()

    assert 'failed 7: deliver {"batch":1} after 8 attempts: the disk was full' in shell.type("jobs").out
    assert "no job 8 has failed" in shell.refused("jobs", "retry", "8")
    assert shell.type("jobs", "retry", "7").out == "1 jobs wait again.\n"
    assert re.search(r"^waiting +deliver +1$", shell.type("jobs").out, re.MULTILINE)


def test_unknown_kind_of_work_is_refused_with_the_known_ones(shell: Shell) -> None:
    refusal = shell.refused("work", "--only", "inbox,nonsense")

    assert "nonsense" in refusal and "deliver" in refusal


def test_doctor_of_an_instance_that_does_not_serve(shell: Shell) -> None:
    answer = shell.type("doctor")

    assert answer.code == 2
    lines = {line[5:].partition(":")[0]: line for line in answer.out.splitlines()}
    assert [name for name, line in lines.items() if line.startswith("BAD")] == ["webfinger"]
    assert "is it serving?" in lines["webfinger"]
    assert lines["keys"].endswith("2 actors, every key whole")
    assert lines["workers"].startswith("note")
    assert "drawing" in lines["generator"]


def test_a_database_that_may_not_be_written_is_named(shell: Shell) -> None:
    shell.type("doctor")  # loads what the commands need while everything may still be read
    (shell.folder / "pinxit.db").chmod(0o400)
    with without_power(shell) as plain:
        assert "pinxit.db may not be written" in plain.refused("jobs")
        assert "pinxit.db may not be written" in plain.type("doctor").out


@contextlib.contextmanager
def without_power(shell: Shell) -> Iterator[Shell]:
    """The same instance for somebody who is not root, since root may write everywhere."""
    if os.geteuid() != 0:
        yield shell
        return
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "instance"
        shutil.copytree(shell.folder, folder)
        for path in (Path(home), folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, 0)
        try:
            yield Shell(folder, Path(home))
        finally:
            os.setresuid(0, 0, 0)


def test_doctor_finds_an_old_database(shell: Shell) -> None:
    (shell.folder / "pinxit.db").unlink()

    answer = shell.type("doctor")

    assert answer.code == 2
    assert "needs 'pinxit migrate'" in answer.out
    assert not (shell.folder / "pinxit.db").exists()


def test_unknown_command_and_missing_option_are_refused(shell: Shell) -> None:
    assert "No such command" in shell.refused("paint")
    assert "--as" in shell.refused("generate", "a fox")


def test_an_account_gets_new_keys(shell: Shell) -> None:
    assert "new keys for @alice@" in shell.type("user", "rotate-key", "alice").out
    assert "new keys for @instance@" in shell.type("user", "rotate-key", "instance").out
    assert "no account bob" in shell.refused("user", "rotate-key", "bob")
