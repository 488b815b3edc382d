"""`pinxit user alias …`, `move` and `delete`: who comes, goes and leaves. It must not decide what is believed."""

import click

from server.actions.network.audit import note_act
from server.actions.people.aliases import add_alias, remove_alias
from server.actions.people.close_account import close_account
from server.actions.people.move_away import cancel_move, move_away
from server.cli.accounts import find_account
from server.cli.ground import Stop
from server.cli.running import operator, with_services
from server.remote.people import find_stated
from server.services import Services
from server.store.people import actors
from server.store.people.actors import Actor


@click.group()
def alias() -> None:
    """The other accounts that somebody was before (alsoKnownAs); they can move here."""


@alias.command("add")
@click.argument("name")
@click.argument("other")
@click.pass_context
def add(context: click.Context, name: str, other: str) -> None:
    """Say that NAME was OTHER (user@host, or the address of an actor) before."""

    async def work(services: Services) -> Actor:
        found = await find_stated(services, other)
        async with services.database.write() as tx:
            _, actor = await find_account(tx, name)
            await add_alias(tx, services.site, actor, found)
            await note_act(tx, services.site, operator(), "account.alias-add", f"@{actor.handle}", after=found.uri)
        return found

    found = with_services(context, work)
    click.echo(f"@{found.handle} can move to {name} now")


@alias.command("remove")
@click.argument("name")
@click.argument("other")
@click.pass_context
def remove(context: click.Context, name: str, other: str) -> None:
    """Take it back; OTHER may be a handle that we know, or the address, also of a server that is gone."""

    async def work(services: Services) -> None:
        async with services.database.write() as tx:
            _, actor = await find_account(tx, name)
            user, _, host = other.removeprefix("@").partition("@")
            known = await actors.find_by_handle(tx, user, host or services.site.domain)
            uri = known.uri if known is not None else other
            await remove_alias(tx, services.site, actor, uri)
            await note_act(tx, services.site, operator(), "account.alias-remove", f"@{actor.handle}", before=uri)

    with_services(context, work)
    click.echo(f"{other} is no alias of {name} any more")


@alias.command("list")
@click.argument("name")
@click.pass_context
def list_(context: click.Context, name: str) -> None:
    """Print the aliases of NAME, one a line."""

    async def work(services: Services) -> list[str]:
        async with services.database.read() as reader:
            _, actor = await find_account(reader, name)
            return [await _name(services, uri) for uri in actor.aliases]

    for line in with_services(context, work):
        click.echo(line)


async def _name(services: Services, uri: str) -> str:
    async with services.database.read() as reader:
        known = await actors.find_by_uri(reader, uri)
    return f"{uri}  @{known.handle}" if known is not None else uri


@click.command()
@click.argument("name")
@click.argument("place", required=False)
@click.option("--cancel", is_flag=True, help="Live here again; who went along stays there.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def move(context: click.Context, name: str, place: str | None, cancel: bool, yes: bool) -> None:
    """Send the followers of NAME to PLACE (user@host, or the address of an actor), which must name NAME as an alias."""
    if cancel == (place is not None):
        raise Stop("say where to, or --cancel")
    if cancel:
        with_services(context, lambda services: _cancel(services, name))
        click.echo(f"{name} lives here again")
        return
    if not yes:
        click.confirm(f"Every follower of {name} is asked to follow {place} instead. Go on?", abort=True)
    new = with_services(context, lambda services: _move(services, name, str(place)))
    click.echo(f"{name} has moved to @{new.handle}; followers are told as soon as the worker runs")


async def _move(services: Services, name: str, place: str) -> Actor:
    new = await find_stated(services, place, fresh=True)
    async with services.database.write() as tx:
        _, actor = await find_account(tx, name)
        await move_away(tx, services.site, actor, new)
        await note_act(tx, services.site, operator(), "account.move", f"@{actor.handle}", after=new.uri)
    return new


async def _cancel(services: Services, name: str) -> None:
    async with services.database.write() as tx:
        _, actor = await find_account(tx, name)
        await cancel_move(tx, services.site, actor)
        await note_act(tx, services.site, operator(), "account.move-cancel", f"@{actor.handle}", before=actor.moved_to)


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def delete(context: click.Context, name: str, yes: bool) -> None:
    """Delete the account NAME for good: posts, pictures, everything. The name is never given away again."""
    if not yes and click.prompt(f"Nothing of it can be brought back. Type {name} to delete it", default="") != name:
        raise click.Abort

    async def work(services: Services) -> Actor:
        async with services.database.write() as tx:
            _, actor = await find_account(tx, name)
            await close_account(tx, services.site, actor)
            await note_act(tx, services.site, operator(), "account.delete", f"@{actor.handle}")
        return actor

    actor = with_services(context, work)
    click.echo(f"Deleted @{actor.handle}; what it left is cleared away, and every server told, while the worker runs")
