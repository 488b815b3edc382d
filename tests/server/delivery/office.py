"""What the tests of delivery share: an author's activities, followers, and the jobs run by hand at the clock's time."""

from dataclasses import replace

import msgspec
from sqlalchemy import bindparam, delete, update

from activitypub.vocabulary import PUBLIC
from server.actions.network.outgoing import mint, send
from server.delivery import fanout
from server.delivery.deliver import Deliverer
from server.ids import MICROSECONDS
from server.jobs.queue import Job, Retry
from server.jobs.sqlite import list_jobs
from server.jobs.table import JobRow, jobs
from server.services import Services
from server.store.database import Transaction
from server.store.network import deliveries
from server.store.network.deliveries import Delivery
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.ties import follows
from server.store.ties.follows import Follow
from tests.server.house import alice_of, remote_actor

Document = dict[str, object]

_drop = delete(jobs).where(jobs.c.id == bindparam("wanted"))
_postpone = (
    update(jobs)
    .where(jobs.c.id == bindparam("wanted"))
    .values(not_before=bindparam("moment"), attempts=bindparam("count"))
)


async def write(
    services: Services,
    *,
    type: str = "Create",
    to: tuple[str, ...] = (PUBLIC,),
    followers: bool = True,
    object_uri: str | None = None,
    **fields: object,
) -> int:
    """Have alice send something; return the activity's id."""
    alice = await alice_of(services)
    activity_id, uri = mint(services.site, alice)
    object_uri = object_uri or f"{alice.uri}/posts/{activity_id}"
    document: Document = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": uri,
        "type": type,
        "actor": alice.uri,
        "object": object_uri,
        "to": list(to),
        "cc": [alice.followers_uri] if followers else [],
    } | fields
    async with services.database.write() as tx:
        await send(tx, services.site, alice, activity_id, document, object_uri=object_uri)
    return activity_id


async def add_follower(
    services: Services, uri: str, *, shared_inbox: str | None = None, state: str = "accepted"
) -> Actor:
    """Let somebody elsewhere follow alice."""
    async with services.database.write() as tx:
        return await follow_in(tx, services, uri, shared_inbox=shared_inbox, state=state)


async def follow_in(
    tx: Transaction, services: Services, uri: str, *, shared_inbox: str | None = None, state: str = "accepted"
) -> Actor:
    """The same inside a transaction."""
    alice = await actors.find_by_uri(tx, services.site.actor_uri("alice"))
    assert alice is not None
    fan = remote_actor(uri, services.site.ids.new(), uri.rpartition("/")[2], shared_inbox=shared_inbox)
    await actors.add(tx, fan)
    await follows.put(tx, Follow(services.site.ids.new(), fan.id, alice.id, f"{uri}#follow", state, 1, 1))
    return fan


async def change_actor(services: Services, actor: Actor, **changes: int | None) -> None:
    async with services.database.write() as tx:
        await actors.replace(tx, replace(actor, **changes))  # type: ignore[arg-type]


async def waiting_jobs(services: Services) -> list[JobRow]:
    async with services.database.read() as reader:
        return await list_jobs(reader, "waiting", limit=1000)


async def run_due(services: Services, deliverer: Deliverer | None = None, *, only: str | None = None) -> int:
    """Run every job that is due now, and those that these enqueue; return how many."""
    deliverer = deliverer or Deliverer(services, dice=lambda: 0.0)
    count = 0
    while True:
        now = services.site.clock.now()
        due = [job for job in await waiting_jobs(services) if job.not_before <= now and only in (None, job.kind)]
        if not due:
            return count
        for row in sorted(due, key=lambda one: -one.priority):
            await run_one(services, deliverer, row)
            count += 1


async def run_one(services: Services, deliverer: Deliverer, row: JobRow) -> None:
    """Run a job as the queue would: it is gone when it ended, and later when it says so."""
    job = Job(row.id, row.kind, msgspec.json.decode(row.payload, type=dict[str, int | str]), row.attempts + 1)
    try:
        if row.kind == "fanout":
            await fanout.handle(job, services)
        else:
            await deliverer.handle(job)
    except Retry as retry:
        moment = services.site.clock.now() + int(retry.after_seconds * MICROSECONDS)
        async with services.database.write() as tx:
            await tx.run(_postpone, wanted=row.id, moment=moment, count=job.attempt)
        return
    async with services.database.write() as tx:
        await tx.run(_drop, wanted=row.id)


async def rows_of(services: Services, activity_id: int) -> list[Delivery]:
    """Every delivery of an activity, waiting or not, by inbox."""
    async with services.database.read() as reader:
        found = await reader.all(_of_activity, wanted=activity_id)
    return [Delivery(*row) for row in found]


_of_activity = (
    deliveries.deliveries.select()
    .where(deliveries.deliveries.c.activity_id == bindparam("wanted"))
    .order_by(deliveries.deliveries.c.inbox)
)
