"""`pinxit media …`: what the picture files take, and letting go of copies. It must not touch what is ours."""

import click

from server.actions.network.audit import note_act
from server.agenda import cleaning, files
from server.cli.running import operator, with_services
from server.services import Services
from server.store.network.peer_files import Held

NAMES = {"ours": "of our own people", "peers": "copies of peers' files", "orphans": "named by nothing"}


@click.group()
def media() -> None:
    """Picture files on the disk."""


@media.command()
@click.pass_context
def usage(context: click.Context) -> None:
    """Say how many files there are and what they take."""

    async def work(services: Services) -> dict[str, Held]:
        return await files.measure(services)

    for name, held in with_services(context, work).items():
        click.echo(f"{NAMES[name]:24} {held.files:9,} files {_mebibytes(held)}")


@media.command()
@click.option("--days", type=click.IntRange(min=0), help="Not looked at for so long; media.peer_cache_days without it.")
@click.option("--dry-run", is_flag=True, help="Say only what would go.")
@click.pass_context
def prune(context: click.Context, days: int | None, dry_run: bool) -> None:
    """Let go of copies of peers' files that nobody looked at, and of files that nothing names."""

    async def work(services: Services) -> tuple[Held, Held]:
        age = services.site.config.media.peer_cache_days if days is None else days
        if not dry_run:
            await _note_prune(services, age)
        copies = await cleaning.prune_copies(services, days=age, dry_run=dry_run)
        return copies, await files.remove_orphans(services, dry_run=dry_run)

    copies, orphans = with_services(context, work)
    verb = "Would let go" if dry_run else "Let go"
    click.echo(f"{verb} of {copies.files:,} copies of peers' files ({_mebibytes(copies).strip()})")
    click.echo(f"{verb} of {orphans.files:,} files that nothing named ({_mebibytes(orphans).strip()})")


async def _note_prune(services: Services, days: int) -> None:
    """Before it begins: killed in the middle, some are gone."""
    async with services.database.write() as tx:
        await note_act(tx, services.site, operator(), "media.prune", f"not looked at for {days} days")


def _mebibytes(held: Held) -> str:
    return f"{held.bytes / 1024**2:12,.1f} MiB"
