"""`pinxit post …`: changes and deletes posts. It must not paint."""

import click

from server.actions.network.audit import note_act
from server.actions.writing.edit import Change, edit_post
from server.actions.writing.remove import remove_post
from server.cli.ground import Stop
from server.cli.running import operator, with_services
from server.services import Services
from server.store.database import Reader
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import posts
from server.store.writing.posts import Post


@click.group()
def post() -> None:
    """Posts of this instance's people."""


@post.command()
@click.argument("uri")
@click.option("--text", required=True, help="The new text.")
@click.pass_context
def edit(context: click.Context, uri: str, text: str) -> None:
    """Change what the post at URI says."""

    async def work(services: Services) -> None:
        async with services.database.write() as tx:
            author, found = await _find_post(tx, uri)
            await edit_post(tx, services.site, author, found, Change(text=text))
            await note_act(tx, services.site, operator(), "post.edit", found.uri)

    with_services(context, work)
    click.echo(f"Changed {uri}")


@post.command()
@click.argument("uri")
@click.pass_context
def delete(context: click.Context, uri: str) -> None:
    """Delete the post at URI, here and wherever it was sent."""

    async def work(services: Services) -> None:
        async with services.database.write() as tx:
            author, found = await _find_post(tx, uri)
            await remove_post(tx, services.site, author, found)
            await note_act(tx, services.site, operator(), "post.delete", found.uri)

    with_services(context, work)
    click.echo(f"Deleted {uri}")


async def _find_post(reader: Reader, uri: str) -> tuple[Actor, Post]:
    found = await posts.find_by_uri(reader, uri)
    author = await actors.find(reader, found.actor_id) if found else None
    if found is None or author is None or not found.local:
        raise Stop(f"there is no post {uri} here")
    return author, found
