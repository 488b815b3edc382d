"""`pinxit report`: what the operator reads of what people reported."""

from server.actions.telling.report import Complaint, report
from server.cli.accounts import find_account
from server.cli.running import run
from server.config import load
from server.opening import open_services
from tests.server.cli.shell import Shell


async def _complain(shell: Shell, comment: str) -> int:
    async with (
        open_services(shell.folder, load(shell.folder)) as services,
        services.database.write() as tx,
    ):
        _, alice = await find_account(tx, "alice")
        _, bob = await find_account(tx, "bob")
        return (await report(tx, services.site, alice, bob, Complaint(comment=comment, category="spam"))).id


def complain(shell: Shell, comment: str = "sells pills\nevery day") -> str:
    assert shell.type("user", "create", "bob", "--password-file", shell.password_file()).code == 0
    return str(run(_complain(shell, comment)))


def test_reports_are_listed_shown_and_resolved(shell: Shell) -> None:
    number = complain(shell)

    (line,) = shell.says("report", "list").splitlines()
    assert number in line and "open" in line and "spam" in line and "@bob@" in line and "by @alice@" in line
    assert "every day" not in line and "every day" in shell.says("report", "show", number)

    assert shell.says("report", "resolve", number) == f"Resolved {number}\n"
    assert shell.says("report", "list") == ""
    assert "resolved" in shell.says("report", "list", "--all")


def test_what_is_not_there_or_done_is_refused(shell: Shell) -> None:
    number = complain(shell, "")
    shell.type("report", "resolve", number)

    assert "dealt with before" in shell.refused("report", "resolve", number)
    for command in ("show", "resolve"):
        assert "no report 7" in shell.refused("report", command, "7")
