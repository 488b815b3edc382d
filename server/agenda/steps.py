"""Jobs `forget`, `part`, `renamed`, `purge`, `carry_over`, `close`: a step each of acts too long for one moment.

They must not know what a step does, nor whether there is a next one: the action does, and enqueues it in the same
transaction.
"""

from server.actions.network import peer_files as cache
from server.actions.network.rule_domain import enqueue_purge
from server.actions.people.close_account import close_step
from server.actions.people.forget_actor import forget_step
from server.actions.ties.block_domain import part_renamed, part_step
from server.actions.ties.carry_over import carry_step
from server.jobs.queue import Job
from server.services import Services


async def forget(job: Job, services: Services) -> None:
    """Forget some more of somebody who is gone."""
    async with services.database.write(durable=False) as tx:
        await forget_step(tx, services.site, job.number("actor"))


async def part(job: Job, services: Services) -> None:
    """End some more of the ties between somebody of ours and a server that they block."""
    async with services.database.write() as tx:
        await part_step(tx, services.site, job.number("actor"), str(job.payload["host"]))


async def renamed(job: Job, services: Services) -> None:
    """Have the follows ended that a peer's new name brought to a host that is blocked."""
    async with services.database.write() as tx:
        await part_renamed(tx, services.site, job.number("actor"))


async def purge(job: Job, services: Services) -> None:
    """Forget some more copies of what people of a domain show: looked for first, as that may take seconds."""
    host = str(job.payload["host"])
    async with services.database.read() as reader:
        found = await cache.list_of_domain(reader, host)
    for lot in found:
        async with services.database.write(durable=False) as tx:
            await cache.drop(tx, services.site, lot)
            if lot is found[-1]:
                await enqueue_purge(tx, services.site, host)


async def carry_over(job: Job, services: Services) -> None:
    """Have some more followers follow where somebody has moved to."""
    async with services.database.write() as tx:
        await carry_step(tx, services.site, job.number("old"), job.number("new"), job.number("after"))


async def close(job: Job, services: Services) -> None:
    """Delete some more of an account that was closed."""
    async with services.database.write() as tx:
        await close_step(tx, services.site, job.number("actor"), job.number("farewell"))
