"""`pinxit report …`: what people told the operator about others. It must not act on anybody."""

import click

from server.actions.telling.report import settle_report
from server.cli.ground import Stop
from server.cli.running import operator, with_services
from server.ids import iso
from server.services import Services
from server.store.database import Reader
from server.store.paging import Stretch
from server.store.people import actors
from server.store.telling import reports
from server.store.telling.reports import Report
from server.store.writing import posts

LISTED = 200


@click.group()
def report() -> None:
    """Reports about people."""


@report.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that were dealt with.")
@click.pass_context
def list_reports(context: click.Context, everything: bool) -> None:
    """List the open reports, newest first."""

    async def work(services: Services) -> list[str]:
        async with services.database.read() as reader:
            found = await reports.list_reports(reader, Stretch(limit=LISTED), resolved=everything)
            return [await _line(reader, one) for one in found]

    for line in with_services(context, work):
        click.echo(line)


@report.command()
@click.argument("number", type=int)
@click.pass_context
def show(context: click.Context, number: int) -> None:
    """Show the report NUMBER with all that it names."""

    async def work(services: Services) -> list[str]:
        async with services.database.read() as reader:
            return await _describe(reader, await _find(reader, number))

    for line in with_services(context, work):
        click.echo(line)


@report.command()
@click.argument("number", type=int)
@click.pass_context
def resolve(context: click.Context, number: int) -> None:
    """Say that the report NUMBER was dealt with."""

    async def work(services: Services) -> None:
        async with services.database.write() as tx:
            await settle_report(tx, services.site, number, by=operator())

    with_services(context, work)
    click.echo(f"Resolved {number}")


async def _find(reader: Reader, number: int) -> Report:
    found = await reports.find(reader, number)
    if found is None:
        raise Stop(f"there is no report {number}; 'pinxit report list' shows them")
    return found


async def _line(reader: Reader, one: Report) -> str:
    people = await actors.find_many(reader, [one.actor_id, one.target_id])
    state = "resolved" if one.resolved_at is not None else "open"
    who, whom = people[one.actor_id].handle, people[one.target_id].handle
    return (
        f"{one.id}  {iso(one.created_at)[:16]}  {state:8}  {one.category:9}  @{whom}  by @{who}  {_first(one.comment)}"
    )


def _first(comment: str) -> str:
    """The first line of a comment, as it fits beside the rest."""
    line = next(iter(comment.splitlines()), "")
    return line if len(line) <= 60 else f"{line[:59]}…"


async def _describe(reader: Reader, one: Report) -> list[str]:
    lines = [await _line(reader, one), ""]
    lines += [f"  {line}" for line in one.comment.splitlines()]
    lines += [f"rule {rule}" for rule in one.rules]
    for post_id in one.posts:
        post = await posts.find(reader, post_id)
        lines.append(f"post {post.url or post.uri}" if post is not None else f"post {post_id}, which is gone")
    if one.forwarded:
        lines.append("Their own server was told too.")
    return lines
