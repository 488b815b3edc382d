"""Getting back in from the shell, and who administers the instance: what the owner of a lost password needs."""

from pathlib import Path

import pytest

from server.actions.people.login import log_in
from server.cli.accounts import find_account
from server.cli.running import run
from server.config import load
from server.opening import open_services
from server.passwords import Passwords, hash_token
from server.services import Services
from server.store.clients import tokens
from server.store.database import Reader
from server.store.people import accounts, factors
from server.store.people.factors import Authenticator, Passkey
from tests.server.cli.shell import PASSWORD, Shell

NEW = "another long passphrase"


def test_a_new_password_takes_the_place_of_the_old_one(shell: Shell) -> None:
    answer = shell.says("user", "password", "alice", "--password-file", shell.password_file(NEW))

    assert "alice" in answer and NEW not in answer
    assert run(_matches(shell.folder, NEW))
    assert not run(_matches(shell.folder, PASSWORD))


def test_without_a_file_the_new_password_is_made_and_printed(shell: Shell) -> None:
    made = shell.says("user", "password", "alice").rpartition("Password: ")[2].strip()

    assert len(made) == 20
    assert run(_matches(shell.folder, made))


def test_t60_a_new_password_logs_out_every_browser_and_app(shell: Shell) -> None:
    token = shell.says("user", "token", "alice").strip()
    cookie = run(_log_in(shell.folder))

    shell.says("user", "password", "alice", "--password-file", shell.password_file(NEW))

    assert run(_are_known(shell.folder, cookie, token)) == (False, False)


@pytest.mark.parametrize(("flags", "left"), [((), 2), (("--drop-factors",), 0)])
def test_other_factors_go_only_where_they_are_named(flags: tuple[str, ...], left: int, shell: Shell) -> None:
    run(_add_factors(shell.folder))

    shell.says("user", "password", "alice", "--password-file", shell.password_file(NEW), *flags)

    assert run(_count_factors(shell.folder)) == left


def test_a_short_password_and_an_unknown_name_change_nothing(shell: Shell) -> None:
    assert "at least 8" in shell.refused("user", "password", "alice", "--password-file", shell.password_file("short"))
    assert "no account nobody" in shell.refused("user", "password", "nobody")

    assert run(_matches(shell.folder, PASSWORD))


def test_somebody_administers_the_instance_and_no_more(shell: Shell) -> None:
    shell.says("user", "create", "ben", "--admin", "--password-file", shell.password_file())

    shell.says("user", "role", "alice", "admin")
    assert run(_list_admins(shell.folder)) == {"alice", "ben"}

    shell.says("user", "role", "ben", "user")
    assert run(_list_admins(shell.folder)) == {"alice"}


def test_the_only_one_who_administers_stays_so_and_nobody_becomes_what_they_are(shell: Shell) -> None:
    shell.says("user", "role", "alice", "admin")

    assert "Nobody else administers" in shell.refused("user", "role", "alice", "user")
    assert "is admin already" in shell.refused("user", "role", "alice", "admin")


async def _matches(folder: Path, password: str) -> bool:
    passwords = Passwords()
    try:
        async with open_services(folder, load(folder)) as services, services.database.read() as reader:
            account, _ = await find_account(reader, "alice")
            return await passwords.matches(account.password_hash, password)
    finally:
        passwords.close()


async def _log_in(folder: Path) -> str:
    async with open_services(folder, load(folder)) as services, services.database.write() as tx:
        account, _ = await find_account(tx, "alice")
        return await log_in(tx, services.site, account)


async def _are_known(folder: Path, cookie: str, token: str) -> tuple[bool, bool]:
    async with open_services(folder, load(folder)) as services, services.database.read() as reader:
        session = await accounts.find_session(reader, hash_token(cookie), now=services.site.clock.now())
        return session is not None, await _is_live(reader, services, token)


async def _is_live(reader: Reader, services: Services, token: str) -> bool:
    account, _ = await find_account(reader, "alice")
    live = await tokens.list_of_actor(reader, account.actor_id, now=services.site.clock.now())
    return hash_token(token) in {one.token_hash for one in live}


async def _add_factors(folder: Path) -> None:
    async with open_services(folder, load(folder)) as services, services.database.write() as tx:
        account, _ = await find_account(tx, "alice")
        now = services.site.clock.now()
        await factors.add_passkey(tx, Passkey(1, account.actor_id, "credential", b"key", 0, "phone", now, None))
        await factors.put_authenticator(tx, Authenticator(account.actor_id, "sealed", now, 0))


async def _count_factors(folder: Path) -> int:
    async with open_services(folder, load(folder)) as services, services.database.read() as reader:
        account, _ = await find_account(reader, "alice")
        keys = await factors.list_passkeys(reader, account.actor_id)
        return len(keys) + (await factors.find_authenticator(reader, account.actor_id) is not None)


async def _list_admins(folder: Path) -> set[str]:
    async with open_services(folder, load(folder)) as services, services.database.read() as reader:
        found = [await accounts.find_by_actor(reader, one) for one in await accounts.list_admins(reader)]
        return {one.username for one in found if one is not None}
