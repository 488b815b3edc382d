"""Job `verify_links`: finds out which pages in a profile link back to it. It must not believe anything else of them."""

from server.actions.people.profile import mark_verified
from server.actions.people.profile_fields import link_of, needs_proof
from server.jobs.queue import Job
from server.remote.links import links_back
from server.services import Services
from server.store.people import actors


async def handle(job: Job, services: Services) -> None:
    """Look at the pages that one profile names, and remember which of them link back to it."""
    async with services.database.read() as reader:
        actor = await actors.find(reader, job.number("actor"))
    if actor is None:
        return
    ours = frozenset({actor.uri, actor.url or actor.uri})
    proven = []
    for line in filter(needs_proof, actor.profile_fields):
        if await links_back(services, link_of(line) or "", ours):
            proven.append(line.value_html)
    async with services.database.write() as tx:
        await mark_verified(tx, services.site, actor.id, proven)
