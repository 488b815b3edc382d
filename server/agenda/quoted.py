"""Job `quoted`: fetches the post that a peer's post quotes. It must not go on from there to what that one quotes."""

from activitypub.authority import check_note
from activitypub.errors import ProtocolError
from server.actions.writing.keep_note import keep_note
from server.actions.writing.quote import settle_quotes
from server.jobs.queue import Discard, Job, Retry
from server.remote.notes import fetch_note
from server.remote.people import find_actor
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.writing import posts, quotes

# 1, 4, 9 … minutes: a quote without its post is still a post.
ATTEMPTS = 6
AGAIN_SECONDS = 60


async def handle(job: Job, services: Services) -> None:
    """Fetch and keep one quoted post; its author says who may quote it."""
    async with services.database.read() as reader:
        quote = await quotes.find(reader, job.number("post"))
    if quote is None:
        raise Discard("the post quotes nothing any more")
    if quote.quoted_id is None:
        await _fetch(job, services, quote.quoted_uri)
    async with services.database.write(durable=False) as tx:
        quoted = await posts.find_by_uri(tx, quote.quoted_uri)
        if quoted is not None and quoted.deleted_at is None:
            await settle_quotes(tx, services.site, quoted)


async def _fetch(job: Job, services: Services, uri: str) -> None:
    try:
        note = await fetch_note(services, uri)
        author = await find_actor(services, note.attributed_to)
        check_note(author.uri, note, services.site.origin)
    except FetchFailed as failure:
        if failure.passing and job.attempt < ATTEMPTS:
            raise Retry(AGAIN_SECONDS * job.attempt**2, str(failure)) from None
        raise Discard(str(failure)) from None
    except ProtocolError as error:
        raise Discard(str(error)) from None
    async with services.database.write(durable=False) as tx:
        await keep_note(tx, services.site, author, note, with_quoted=False)
