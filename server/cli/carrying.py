"""`pinxit user export` and `import`: what somebody takes along, and brings. It must not pack or act in memory alone."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import click

from server.actions.carrying.archive import list_parts
from server.actions.carrying.begin import Plan, begin_import, plan_import
from server.actions.carrying.kept import KINDS, Kind
from server.actions.carrying.tables import BYTES_AT_MOST, read_table
from server.actions.network.audit import note_act
from server.cli.accounts import find_account
from server.cli.ground import Stop
from server.cli.running import operator, with_services
from server.media.packing import pack
from server.services import Services


@click.command()
@click.argument("name")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def export(context: click.Context, name: str, file: Path) -> None:
    """Write everything that belongs to NAME into FILE, a zip: profile, posts, prompts, pictures, tables."""
    if file.exists():
        raise Stop(f"{file} is there already")

    async def work(services: Services) -> int:
        async with services.database.read() as reader:
            _, actor = await find_account(reader, name)
        # It changes nothing, but letters of others lie in that file; first, as a kill may leave half of it.
        async with services.database.write() as tx:
            await note_act(tx, services.site, operator(), "account.export", f"@{actor.handle}", after=str(file))
        return await _write(file, pack(list_parts(services.database, services.site, actor), services.storage))

    size = with_services(context, work)
    click.echo(f"Wrote {file}, {size} bytes")


@click.command("import")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", required=True, type=click.Choice(KINDS), help="What is in the table.")
@click.option("--overwrite", is_flag=True, help="What is not in the table goes.")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would change.")
@click.pass_context
def import_(context: click.Context, name: str, file: Path, kind: Kind, overwrite: bool, dry_run: bool) -> None:
    """Bring FILE, a table that Mastodon or Pinxit exported, into the account NAME."""
    if file.stat().st_size > BYTES_AT_MOST:
        raise Stop(f"{file} has more than {BYTES_AT_MOST} bytes")

    data = file.read_bytes()

    async def work(services: Services) -> Plan:
        async with services.database.read() as reader:
            _, actor = await find_account(reader, name)
        brought = read_table(services.site, kind, data)
        now = services.site.clock.now()
        plan = await plan_import(services.database, actor, brought, overwrite=overwrite, now=now)
        if not dry_run:
            async with services.database.write() as tx:
                await begin_import(tx, services.site, actor, plan)
                done = f"{kind}, {_count(plan)}"
                await note_act(tx, services.site, operator(), "account.import", f"@{actor.handle}", after=done)
        return plan

    plan = with_services(context, work)
    for one in plan.brought.skipped:
        click.echo(f"line {one.line}: {one.reason}", err=True)
    unread = f", {plan.brought.skipped_count} lines not read" if plan.brought.skipped_count else ""
    click.echo(f"{_count(plan)}{unread}{'' if dry_run else '; the worker does it, sixty rows a minute'}")


def _count(plan: Plan) -> str:
    return f"{len(plan.adds)} to change, {len(plan.removes)} to take away, {plan.known} as they are"


async def _write(file: Path, pieces: AsyncIterator[bytes]) -> int:
    """Write beside the file, for its owner alone, and give it its name when it is whole."""
    unfinished = file.with_name(f"{file.name}.part")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as target:
            async for piece in pieces:
                target.write(piece)
            size = target.tell()
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return size
