"""`pinxit user create`, `password` and `role`: who may come in, and as what. It must not change what anybody says."""

import secrets
from pathlib import Path

import click

from server.actions.network.audit import note_act
from server.actions.people.factors import reset
from server.actions.people.register import check_username, register
from server.actions.people.roles import choose_role
from server.cli.accounts import find_account
from server.cli.ground import Stop
from server.cli.keypair import new_keys
from server.cli.running import operator, with_services
from server.passwords import LENGTH_AT_LEAST, Passwords
from server.services import Services
from server.store.people.actors import Actor

# 20 random characters that nobody confuses.
PASSWORD_BYTES = 15

_password_file = click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The password is this file's first line; without it one is made and printed.",
)


@click.command()
@click.argument("name")
@click.option("--admin", is_flag=True, help="May administer the instance.")
@_password_file
@click.pass_context
def create(context: click.Context, name: str, admin: bool, password_file: Path | None) -> None:
    """Make an account."""
    chosen = _choose_password(password_file)

    async def work(services: Services) -> Actor:
        check_username(name)
        hashed = await _hash(chosen)
        pair = new_keys()
        async with services.database.write() as tx:
            actor = await register(tx, services.site, name, password_hash=hashed, keys=pair, admin=admin)
            role = "admin" if admin else "user"
            await note_act(tx, services.site, operator(), "account.create", f"@{actor.handle}", after=role)
            return actor

    actor = with_services(context, work)
    click.echo(f"Made @{actor.handle}")
    if password_file is None:
        click.echo(f"Password: {chosen}")


@click.command()
@click.argument("name")
@_password_file
@click.option("--drop-factors", is_flag=True, help="Forget passkeys, authenticator and recovery codes too.")
@click.pass_context
def password(context: click.Context, name: str, password_file: Path | None, drop_factors: bool) -> None:
    """Give an account a new password, for who forgot it or had it stolen; every browser and app is logged out.

    Who lost the authenticator or passkey as well, or fears that they are somebody else's, needs --drop-factors.
    """
    chosen = _choose_password(password_file)

    async def work(services: Services) -> Actor:
        hashed = await _hash(chosen)
        async with services.database.write() as tx:
            account, actor = await find_account(tx, name)
            await reset(tx, services.site, account, hashed, drops_factors=drop_factors)
            after = "without other factors" if drop_factors else None
            await note_act(tx, services.site, operator(), "account.password", f"@{actor.handle}", after=after)
            return actor

    actor = with_services(context, work)
    click.echo(f"@{actor.handle} has a new password and is logged out everywhere")
    if password_file is None:
        click.echo(f"Password: {chosen}")


@click.command()
@click.argument("name")
@click.argument("role", type=click.Choice(["user", "admin"]))
@click.pass_context
def role(context: click.Context, name: str, role: str) -> None:
    """Let an account administer the instance (admin), or no more (user)."""

    async def work(services: Services) -> Actor:
        async with services.database.write() as tx:
            account, actor = await find_account(tx, name)
            await choose_role(tx, services.site, account, actor, role, by=operator())
            return actor

    click.echo(f"@{with_services(context, work).handle} is {role} now")


async def _hash(chosen: str) -> str:
    passwords = Passwords()
    try:
        return await passwords.hash(chosen)
    finally:
        passwords.close()


def _choose_password(path: Path | None) -> str:
    """The first line of a file, or one that is made; raises Stop."""
    if path is None:
        return secrets.token_urlsafe(PASSWORD_BYTES)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(f"{path}: {error}") from None
    if not lines or len(lines[0]) < LENGTH_AT_LEAST:
        raise Stop(f"{path}: the first line must be a password of at least {LENGTH_AT_LEAST} characters")
    return lines[0]
