"""Every command declares what it leaves in the audit: its act, or the reason why there is none.

A command that is not in one of the two lists fails here, so that a new one cannot be forgotten.
"""

import getpass
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from server.actions.telling.report import Complaint, report
from server.cli.accounts import find_account
from server.cli.main import main
from server.cli.running import run
from server.config import load
from server.opening import open_services
from server.store.revision import NEWEST
from tests.photographs import photograph
from tests.server.cli.shell import Shell

HERE = "localhost:1"
# The act that a command leaves when it has done what it is for.
ACTS = {
    "init": "instance.init",
    "migrate": "instance.migrate",
    "user create": "account.create",
    "user password": "account.password",
    "user role": "account.role",
    "user edit": "account.edit",
    "user token": "account.token",
    "user rotate-key": "account.rotate-key",
    "user alias add": "account.alias-add",
    "user alias remove": "account.alias-remove",
    "user move": "account.move",
    "user delete": "account.delete",
    "user export": "account.export",
    "user import": "account.import",
    "user suspend": "account.suspend",
    "user unsuspend": "account.unsuspend",
    "user silence": "account.silence",
    "user unsilence": "account.unsilence",
    "follow": "account.follow",
    "generate": "account.paint",
    "model add": "model.add",
    "post edit": "post.edit",
    "post delete": "post.delete",
    "report resolve": "report.resolve",
    "domain set": "domain.set",
    "domain block": "domain.set",
    "domain limit": "domain.set",
    "domain allow": "domain.set",
    "domain import": "domain.set",
    "domain lift": "domain.lift",
    "domain mode": "federation.mode",
    "emoji add": "emoji.add",
    "emoji import": "emoji.add",
    "emoji remove": "emoji.remove",
    "media prune": "media.prune",
    "jobs retry": "jobs.retry",
}
READS = "only reads"
SERVES = "does what is written down elsewhere: what people and peers ask for"
# Why a command leaves none.
SILENT = {
    "serve": SERVES,
    "web": SERVES,
    "work": SERVES,
    "demo": "types other commands, which leave theirs",
    "user alias list": READS,
    "model list": "only reads and measures; keeps the figures for the page of models",
    "report list": READS,
    "report show": READS,
    "domain list": READS,
    "domain export": READS,
    "emoji list": READS,
    "audit": READS,
    "media usage": READS,
    "jobs": READS,
    "doctor": READS,
}
# What a command is typed with, where its name alone is not enough; `{…}` are what `furnished` makes.
TYPED: dict[str, tuple[str, ...]] = {
    "user create": ("carol", "--password-file", "{password}"),
    "user password": ("alice", "--password-file", "{password}"),
    "user role": ("ben", "admin"),
    "user edit": ("alice", "--name", "Alice"),
    "user token": ("alice",),
    "user rotate-key": ("alice",),
    "user alias add": ("alice", f"ben@{HERE}"),
    "user alias remove": ("ben", f"alice@{HERE}"),
    "user alias list": ("ben",),
    "user move": ("alice", f"ben@{HERE}", "--yes"),
    "user delete": ("alice", "--yes"),
    "user export": ("alice", "{home}/alice.zip"),
    "user import": ("alice", "{following}", "--kind", "following"),
    "user suspend": ("alice",),
    "user unsuspend": ("dora",),
    "user silence": ("alice",),
    "user unsilence": ("dora",),
    "follow": (f"ben@{HERE}", "--as", "alice"),
    "generate": ("a fox", "--as", "alice"),
    "post edit": ("{post}", "--text", "Another."),
    "post delete": ("{post}",),
    "report resolve": ("{report}",),
    "report show": ("{report}",),
    "domain set": ("odd.example", "--reject-media"),
    "domain block": ("odd.example",),
    "domain limit": ("odd.example",),
    "domain allow": ("odd.example",),
    "domain import": ("{blocks}",),
    "domain lift": ("bad.example",),
    "domain mode": ("allow-list",),
    "emoji add": ("cat", "{home}/fox.png"),
    "emoji import": ("{home}",),
    "emoji remove": ("fox",),
}
# These have a test of their own (`model add` in test_models), run until they are stopped, or look outside.
APART = {"init", "migrate", "model add", "serve", "web", "work", "demo", "doctor"}


def list_commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that can be typed, as it is typed; a group that does something by itself is one too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        words = (*before, name)
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield " ".join(words)
            yield from list_commands(command, words)
        else:
            yield " ".join(words)


def read_acts(folder: Path) -> list[tuple[str, str, str]]:
    with sqlite3.connect(folder / "pinxit.db") as database:
        return list(database.execute("select act, target, by from audit order by id"))


def test_every_command_says_what_it_leaves_or_why_nothing() -> None:
    commands = sorted(list_commands(main))
    assert commands == sorted([*ACTS, *SILENT])


@pytest.mark.parametrize("command", sorted(ACTS.keys() - APART))
def test_what_changes_the_instance_is_written_down(command: str, furnished: Shell, names: dict[str, str]) -> None:
    before = read_acts(furnished.folder)

    answer = furnished.type(*command.split(), *(word.format(**names) for word in TYPED.get(command, ())))

    assert answer.code == 0, answer
    new = read_acts(furnished.folder)[len(before) :]
    assert {act for act, _, _ in new} == {ACTS[command]}
    assert all(target and by == f"shell {getpass.getuser()}" for _, target, by in new)


@pytest.mark.parametrize("command", sorted(SILENT.keys() - APART))
def test_what_only_reads_leaves_nothing(command: str, furnished: Shell, names: dict[str, str]) -> None:
    before = read_acts(furnished.folder)

    answer = furnished.type(*command.split(), *(word.format(**names) for word in TYPED.get(command, ())))

    assert answer.code == 0, answer
    assert read_acts(furnished.folder) == before


@pytest.mark.parametrize(
    "command",
    [
        ("domain", "import", "{blocks}", "--dry-run"),
        ("domain", "mode", "allow-list", "--dry-run"),
        ("user", "import", "alice", "{following}", "--kind", "following", "--dry-run"),
        ("media", "prune", "--dry-run"),
    ],
    ids=" ".join,
)
def test_what_is_only_tried_leaves_nothing(command: tuple[str, ...], furnished: Shell, names: dict[str, str]) -> None:
    before = read_acts(furnished.folder)

    assert furnished.type(*(word.format(**names) for word in command)).code == 0
    assert read_acts(furnished.folder) == before


def test_what_is_refused_leaves_nothing(furnished: Shell) -> None:
    before = read_acts(furnished.folder)

    furnished.refused("user", "suspend", "dora")
    furnished.refused("user", "move", "alice", f"dora@{HERE}", "--yes")
    furnished.refused("domain", "lift", "unknown.example")
    furnished.refused("jobs", "retry", "12")
    furnished.refused("user", "edit", "alice")

    assert read_acts(furnished.folder) == before


def test_making_an_instance_is_its_first_act(bare: Shell) -> None:
    bare.type("init", "--domain", "art.example")

    (act,) = read_acts(bare.folder)
    assert act[:2] == ("instance.init", "art.example")


def test_a_migration_is_written_down_with_its_versions(shell: Shell) -> None:
    (shell.folder / "pinxit.db").unlink()

    shell.type("migrate")
    shell.type("migrate")

    with sqlite3.connect(shell.folder / "pinxit.db") as database:
        (act,) = database.execute("select act, target, before, after from audit")
    assert act == ("instance.migrate", HERE, None, NEWEST)


@pytest.fixture(scope="session")
def furnishing(made: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The instance of alice with what there must be for every command to find something to do, and its names."""
    home = tmp_path_factory.mktemp("furnishing")
    shutil.copytree(made, home / "instance")
    shell = Shell(home / "instance", home)
    for name in ("ben", "dora"):
        shell.type("user", "create", name, "--password-file", shell.password_file())
    shell.type("user", "alias", "add", "ben", f"alice@{HERE}")
    shell.type("user", "suspend", "dora")
    shell.type("user", "silence", "dora")
    shell.type("domain", "block", "bad.example")
    post = shell.type("generate", "a fox", "--as", "alice").out.strip()
    (home / "fox.png").write_bytes(photograph("PNG", mode="RGBA", size=(300, 200)))
    shell.type("emoji", "add", "fox", str(home / "fox.png"))
    with sqlite3.connect(shell.folder / "pinxit.db") as database:
        database.execute("update jobs set state = 'failed' where id = (select min(id) from jobs)")
    names = {"post": post, "report": str(run(_complain(shell))), "password": shell.password_file()}
    names |= {name: str(home / f"{name}.csv") for name in ("following", "blocks")}
    Path(names["following"]).write_text(f"Account address\nben@{HERE}\n")
    Path(names["blocks"]).write_text("odd.example\n")
    return home, names


@pytest.fixture
def names(furnishing: tuple[Path, dict[str, str]], tmp_path: Path) -> dict[str, str]:
    """What stands for the `{…}` in what is typed."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(furnishing[0] / "fox.png", home)
    return {**furnishing[1], "home": str(home)}


@pytest.fixture
def furnished(furnishing: tuple[Path, dict[str, str]], tmp_path: Path) -> Shell:
    """A copy of that instance."""
    shutil.copytree(furnishing[0] / "instance", tmp_path / "furnished")
    return Shell(tmp_path / "furnished", tmp_path)


async def _complain(shell: Shell) -> int:
    async with open_services(shell.folder, load(shell.folder)) as services, services.database.write() as tx:
        _, alice = await find_account(tx, "alice")
        _, ben = await find_account(tx, "ben")
        return (await report(tx, services.site, alice, ben, Complaint(comment="", category="spam"))).id
