"""Job `keep_promise`: paints what a post promises, or says in it why not. It must not promise anything itself."""

from server.actions.painting.break_promise import break_promise
from server.actions.painting.promise import keep_promise
from server.jobs.queue import Job
from server.problems import Problem
from server.services import Services


async def handle(job: Job, services: Services) -> None:
    """Keep the promise of one post. What stands in the way now always will, so it is not tried again."""
    post_id = job.number("post")
    try:
        async with services.database.write() as tx:
            await keep_promise(tx, services.site, post_id)
    except Problem as problem:
        async with services.database.write() as tx:
            await break_promise(tx, services.site, post_id, str(problem))
