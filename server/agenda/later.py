"""Job `publish_later`: publishes a post at the time its author chose. It must not publish it before."""

from server.actions.writing.compose import Person, find_handles
from server.actions.writing.schedule import Later, publish_scheduled, read_scheduled
from server.jobs.queue import Discard, Job
from server.problems import Problem
from server.remote.named import find_all_named
from server.services import Services
from server.store.database import Reader
from server.store.people import accounts, actors
from server.store.people.actors import Actor
from server.store.writing import scheduled


async def handle(job: Job, services: Services) -> None:
    """Publish one post, unless it was moved, given up or published. What cannot be published stays in the list."""
    scheduled_id = job.number("scheduled")
    async with services.database.read() as reader:
        due = await _find_due(reader, services, scheduled_id)
    if due is None:
        return
    named = await find_all_named(services, find_handles(due[1].writing.text))
    people = tuple(Person(handle, actor.uri, actor.url or actor.uri) for handle, actor in named)
    try:
        async with services.database.write() as tx:
            due = await _find_due(tx, services, scheduled_id)
            if due is not None:
                await publish_scheduled(tx, services.site, due[0], due[1], people)
    except Problem as problem:
        raise Discard(str(problem)) from None


async def _find_due(reader: Reader, services: Services, scheduled_id: int) -> tuple[Actor, Later] | None:
    row = await scheduled.find(reader, scheduled_id)
    if row is None or row.due_at > services.site.clock.now():
        return None
    author = await actors.find(reader, row.actor_id)
    account = await accounts.find_by_actor(reader, row.actor_id)
    if author is None or author.gone_at is not None or account is None or account.suspended_at is not None:
        raise Discard("its author has no account any more")
    return author, read_scheduled(row)
