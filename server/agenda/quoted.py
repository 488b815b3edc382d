"""Job `quoted`: fetches the post that a peer's post quotes, and the stamp which says that it may.

It must not go on from there to what that one quotes.
"""

import contextlib
from collections.abc import Iterator

from activitypub.authority import check_note
from activitypub.consent import Kind
from activitypub.errors import ProtocolError
from server.actions.writing.keep_note import keep_note
from server.actions.writing.quote import accept_proven, settle_quotes
from server.jobs.queue import Discard, Job, Retry
from server.remote.notes import fetch_note
from server.remote.people import find_actor
from server.remote.seam import FetchFailed
from server.remote.stamps import fetch_stamp
from server.services import Services
from server.store.people import actors
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
    await _look_at_stamp(job, services)


async def _look_at_stamp(job: Job, services: Services) -> None:
    """A quote whose author's stamp holds is accepted, whatever the policy says; any other stays as it is."""
    async with services.database.read() as reader:
        quote = await quotes.find(reader, job.number("post"))
        if quote is None or quote.quoted_id is None or quote.stamp_uri is None or quote.state == quotes.ACCEPTED:
            return
        quoting, quoted = await posts.find(reader, quote.post_id), await posts.find(reader, quote.quoted_id)
        author = await actors.find(reader, quoted.actor_id) if quoted is not None else None
    if quoting is None or quoted is None or author is None or author.local:
        return
    with _given_up(job):
        await fetch_stamp(
            services,
            quote.stamp_uri,
            kind=Kind.QUOTE,
            author=author.uri,
            interacting=quoting.uri,
            target=quoted.uri,
        )
    async with services.database.write(durable=False) as tx:
        await accept_proven(tx, services.site, quoting, quoted, quote.stamp_uri)


async def _fetch(job: Job, services: Services, uri: str) -> None:
    with _given_up(job):
        note = await fetch_note(services, uri)
        author = await find_actor(services, note.attributed_to)
        check_note(author.uri, note, services.site.origin)
    async with services.database.write(durable=False) as tx:
        await keep_note(tx, services.site, author, note, with_quoted=False)


@contextlib.contextmanager
def _given_up(job: Job) -> Iterator[None]:
    """Try again later where a peer is silent, and never where it refuses or says what may not be believed."""
    try:
        yield
    except FetchFailed as failure:
        if failure.passing and job.attempt < ATTEMPTS:
            raise Retry(AGAIN_SECONDS * job.attempt**2, str(failure)) from None
        raise Discard(str(failure)) from None
    except ProtocolError as error:
        raise Discard(str(error)) from None
