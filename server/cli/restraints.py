"""`pinxit user suspend …` and the like: what an operator does about one person. It must not delete anybody."""

from collections.abc import Awaitable, Callable

import click

from server.actions.people import restrain
from server.cli.ground import Stop
from server.cli.running import operator, with_services
from server.services import Services
from server.site import Site
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor

Deed = Callable[..., Awaitable[None]]


@click.command()
@click.argument("name")
@click.pass_context
def suspend(context: click.Context, name: str) -> None:
    """Suspend NAME, or name@host elsewhere: no log-in, no tokens, hidden everywhere; can be taken back."""
    _do(context, name, restrain.suspend, "Suspended")


@click.command()
@click.argument("name")
@click.pass_context
def unsuspend(context: click.Context, name: str) -> None:
    """Take a suspension of NAME or name@host back."""
    _do(context, name, restrain.unsuspend, "Unsuspended")


@click.command()
@click.argument("name")
@click.pass_context
def silence(context: click.Context, name: str) -> None:
    """Silence NAME or name@host: heard by those who follow them, in no public timeline, hashtag or search."""
    _do(context, name, restrain.silence, "Silenced")


@click.command()
@click.argument("name")
@click.pass_context
def unsilence(context: click.Context, name: str) -> None:
    """Take the silence of NAME or name@host back."""
    _do(context, name, restrain.unsilence, "Unsilenced")


def _do(context: click.Context, name: str, deed: Deed, done: str) -> None:
    async def work(services: Services) -> Actor:
        async with services.database.write() as tx:
            actor = await _find(tx, services.site, name)
            await deed(tx, services.site, actor, by=operator())
        return actor

    click.echo(f"{done} @{with_services(context, work).handle}")


async def _find(reader: Reader, site: Site, name: str) -> Actor:
    """Find somebody we know; nobody is looked up for this, as who is not known here is not to be restrained."""
    user, _, host = name.removeprefix("@").partition("@")
    found = await actors.find_by_handle(reader, user, host or site.domain)
    if found is None:
        raise Stop(f"nobody called {name} is known here")
    return found
