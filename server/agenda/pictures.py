"""Job `drop_picture`: forgets a picture whose post was deleted, if nobody posted it anew within a day."""

from server.actions.writing.upload import forget_picture
from server.jobs.queue import Job
from server.services import Services
from server.store.writing import media


async def handle(job: Job, services: Services) -> None:
    """Forget one picture that is still in no post and waits for none."""
    async with services.database.write(durable=False) as tx:
        picture = await media.find(tx, job.number("media"))
        if picture is not None and picture.post_id is None and picture.scheduled_id is None:
            await forget_picture(tx, services.site, picture)
