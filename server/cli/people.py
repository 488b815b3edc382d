"""`pinxit user …` and `pinxit follow`. It must not decide who may have an account."""

import click

from server.actions.network.audit import note_act
from server.actions.people.login import make_token
from server.actions.people.preferences import PreferenceChange, change_preferences
from server.actions.people.profile import ProfileChange, change_profile
from server.actions.people.rotate_keys import rotate_keys
from server.actions.ties.follow import follow as follow_actor
from server.cli.accounts import find_account
from server.cli.carrying import export, import_
from server.cli.entering import create, password, role
from server.cli.ground import Stop
from server.cli.keypair import new_keys
from server.cli.moving import alias, delete, move
from server.cli.restraints import silence, suspend, unsilence, unsuspend
from server.cli.running import operator, with_services
from server.oauth.scopes import MASTODON, parse, spell
from server.remote.people import find_by_handle
from server.services import Services
from server.site import INSTANCE_NAME
from server.store.people import actors
from server.store.people.actors import Actor


@click.group()
def user() -> None:
    """People of this instance."""


user.add_command(alias)
user.add_command(move)
user.add_command(delete)
user.add_command(export)
user.add_command(import_)
for command in (create, password, role, suspend, unsuspend, silence, unsilence):
    user.add_command(command)


@user.command()
@click.argument("name")
@click.option("--name", "shown", help="The name that is shown beside the handle.")
@click.option("--about", help="What the profile says.")
@click.option("--locked/--open", default=None, help="Whether each follower must be let in.")
@click.option("--listed/--unlisted", default=None, help="Whether directories and search engines may list the account.")
@click.option("--paint-word", help="The word that makes a post a wish for a picture; empty for none.")
@click.pass_context
def edit(
    context: click.Context,
    name: str,
    shown: str | None,
    about: str | None,
    locked: bool | None,
    listed: bool | None,
    paint_word: str | None,
) -> None:
    """Change what an account says of itself, here and wherever it is known, and how it posts."""
    change = ProfileChange(name=shown, summary=about, locked=locked, discoverable=listed, indexable=listed)
    given = {"name": shown, "about": about, "locked": locked, "listed": listed, "paint-word": paint_word}
    parts = ", ".join(part for part, value in given.items() if value is not None)
    if not parts:
        raise Stop("say what to change; 'pinxit user edit --help' shows what can be")

    async def work(services: Services) -> Actor:
        async with services.database.write() as tx:
            _, actor = await find_account(tx, name)
            await change_preferences(tx, actor, PreferenceChange(paint_word=paint_word))
            # Peers are told of a changed profile alone.
            changed = actor if change == ProfileChange() else await change_profile(tx, services.site, actor, change)
            await note_act(tx, services.site, operator(), "account.edit", f"@{actor.handle}", after=parts)
            return changed

    click.echo(f"Changed @{with_services(context, work).handle}")


@user.command()
@click.argument("name")
@click.option("--scopes", default="read write", show_default=True, help="What the token allows.")
@click.option("--label", default="shell", show_default=True, help="What it is for.")
@click.pass_context
def token(context: click.Context, name: str, scopes: str, label: str) -> None:
    """Print a new bearer token, alone."""
    granted = parse(scopes)
    if unknown := sorted(set(scopes.split()) - granted):
        raise Stop(f"unknown scope {', '.join(unknown)}; known: {' '.join(MASTODON)}")
    if not granted:
        raise Stop("a token needs a scope, such as read")

    async def work(services: Services) -> str:
        async with services.database.write() as tx:
            account, _ = await find_account(tx, name)
            made = await make_token(tx, services.site, account, scopes=spell(granted), label=label)
            await note_act(tx, services.site, operator(), "account.token", f"@{name}", after=spell(granted))
            return made

    click.echo(with_services(context, work))


@user.command("rotate-key")
@click.argument("name")
@click.pass_context
def rotate_key(context: click.Context, name: str) -> None:
    """Give an account new keys, and tell everybody who knows the old ones.

    NAME may also be the studio actor's, or 'instance' for the actor that signs what this server fetches.
    """

    async def work(services: Services) -> Actor:
        site, pair = services.site, new_keys()
        uri = site.instance_uri if name == INSTANCE_NAME else site.actor_uri(name.lower())
        async with services.database.write() as tx:
            actor = await actors.find_by_uri(tx, uri)
            if actor is None or actor.gone_at is not None:
                raise Stop(f"there is no account {name}")
            await rotate_keys(tx, site, actor, pair)
            await note_act(tx, site, operator(), "account.rotate-key", f"@{actor.handle}")
        return actor

    click.echo(f"Made new keys for @{with_services(context, work).handle}")


@click.command()
@click.argument("handle")
@click.option("--as", "name", required=True, help="Who follows.")
@click.pass_context
def follow(context: click.Context, handle: str, name: str) -> None:
    """Follow somebody by HANDLE (user@host)."""

    async def work(services: Services) -> str:
        async with services.database.read() as reader:
            await find_account(reader, name)
        target = await find_by_handle(services, handle)
        async with services.database.write() as tx:
            _, author = await find_account(tx, name)
            state = await follow_actor(tx, services.site, author, target)
            who, whom = f"@{author.handle}", f"@{target.handle}"
            await note_act(tx, services.site, operator(), "account.follow", who, after=whom)
            return state

    state = with_services(context, work)
    click.echo(f"@{handle.lstrip('@')}: {'following' if state == 'accepted' else 'asked to follow'}")
