"""`pinxit work`: runs jobs. It must not serve."""

import click

from server.cli.ground import folder_of, load_config, stopping
from server.cli.running import run
from server.cli.studio import prepare_studio
from server.opening import open_services
from server.work import check_kinds, run_workers


@click.command()
@click.option("--only", metavar="KIND,…", help="Only these kinds of jobs.")
@click.option("--tied", is_flag=True, hidden=True, help="Leave when standard input closes.")
@click.pass_context
def work(context: click.Context, only: str | None, tied: bool) -> None:
    """Work without serving: take in, send out, wake apps, paint, publish what is due, keep house."""
    config = load_config(context)

    async def inside() -> None:
        kinds = check_kinds(only)
        async with stopping(tied=tied) as stop, open_services(folder_of(context), config) as services:
            await prepare_studio(services)
            await run_workers(services, folder_of(context), kinds, stop)

    run(inside())
