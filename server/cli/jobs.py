"""`pinxit jobs`: what waits, runs and failed. It must not run any."""

import click

from server.actions.network.audit import note_act
from server.cli.ground import Stop
from server.cli.running import operator, with_services
from server.jobs.sqlite import count_jobs, list_jobs, retry_failed
from server.jobs.table import JobRow
from server.services import Services
from server.store.network import deliveries


@click.group(invoke_without_command=True)
@click.pass_context
def jobs(context: click.Context) -> None:
    """Show what waits, runs and failed."""
    if context.invoked_subcommand is None:
        with_services(context, _show)


@jobs.command()
@click.argument("job_id", type=int, required=False)
@click.pass_context
def retry(context: click.Context, job_id: int | None) -> None:
    """Let failed jobs wait again: the one with JOB_ID, or all."""

    async def work(services: Services) -> int:
        async with services.database.write() as tx:
            count = await retry_failed(tx, job_id, now=services.site.clock.now())
            if count:
                which = "all that failed" if job_id is None else str(job_id)
                await note_act(tx, services.site, operator(), "jobs.retry", which, after=f"{count} wait again")
            elif job_id is not None:
                raise Stop(f"no job {job_id} has failed; 'pinxit jobs' lists those that have")
            return count

    click.echo(f"{with_services(context, work)} jobs wait again.")


async def _show(services: Services) -> None:
    async with services.database.read() as reader:
        counts = await count_jobs(reader, now=services.site.clock.now())
        failed = await list_jobs(reader, "failed")
        sent = await deliveries.count_by_state(reader)
    for state, kind, count, running in sorted(counts):
        click.echo(f"{state:8} {kind:14} {count:6}" + (f"  ({running} running)" if running else ""))
    if not counts:
        click.echo("No jobs.")
    if sent:
        click.echo("deliveries: " + ", ".join(f"{count} {state}" for state, count in sorted(sent.items())))
    for row in failed:
        click.echo(_describe(row))


def _describe(row: JobRow) -> str:
    return f"failed {row.id}: {row.kind} {row.payload} after {row.attempts} attempts: {row.error}"
