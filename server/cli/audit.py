"""`pinxit audit`: what the operators did. It must not change anything."""

import click

from server.cli.running import with_services
from server.ids import first_at, iso, parse_iso
from server.services import Services
from server.store.network import audit as acts
from server.store.network.audit import Act
from server.store.paging import NEWEST

LISTED = 1000


@click.command()
@click.option("--since", metavar="DAY", help="Only what was done since then, as 2026-11-29 or with a time.")
@click.pass_context
def audit(context: click.Context, since: str | None) -> None:
    """List what operators did, newest first: when, who, what, to whom, and how it was before and after."""
    moment = parse_iso(since)
    if since is not None and moment is None:
        raise click.BadParameter(f"{since!r} is no day", param_hint="--since")

    async def work(services: Services) -> list[Act]:
        first = first_at(moment) if moment is not None else 0
        async with services.database.read() as reader:
            return await acts.list_acts(reader, first_id=min(max(first, 0), NEWEST), limit=LISTED)

    for act in with_services(context, work):
        change = " -> ".join(part or "-" for part in (act.before, act.after)) if act.before or act.after else ""
        click.echo(f"{iso(act.at)[:19]}  {act.by:16}  {act.act:20}  {act.target}  {change}".rstrip())
