"""Job `hearsay`: asks the origin about a post of which others say that it is new, changed or gone (statement 155).

It must not believe anything but the origin's answer.
"""

from activitypub.authority import check_note, check_update, may_change
from activitypub.errors import ProtocolError
from activitypub.reading import RemoteNote
from activitypub.vocabulary import id_of, types_of
from server.actions.network.look_up import ask_ancestors
from server.actions.writing.keep_note import change_note, keep_note
from server.actions.writing.remove import forget_post
from server.inbox.create import check_wanted
from server.inbox.ending import Ignored
from server.jobs.queue import Job, Retry
from server.remote.notes import fetch_note
from server.remote.people import find_actor
from server.remote.profiles import fetch_document
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.network import activities
from server.store.people import actors
from server.store.writing import posts
from server.store.writing.posts import Post

# Whoever repeats rumours shall not keep the workers from what is known to be true.
AT_ONCE = 2
# An origin that is silent is asked again after 1 and 4 minutes; then the rumour is forgotten.
ATTEMPTS = 3
AGAIN_SECONDS = 60


async def handle(job: Job, services: Services) -> None:
    """Ask, and act on the answer."""
    uri = str(job.payload["uri"])
    async with services.database.read() as reader:
        known = await posts.find_by_uri(reader, uri)
    if known is not None and (known.local or known.deleted_at is not None):
        return
    try:
        if job.payload["type"] == "Delete":
            await _check_deletion(services, known)
        elif known is None:
            await _keep(services, await fetch_note(services, uri))
        else:
            await _change(services, known, await fetch_note(services, uri))
    except FetchFailed as failure:
        if failure.passing and job.attempt < ATTEMPTS:
            raise Retry(AGAIN_SECONDS * job.attempt**2, str(failure)) from None
    except (Ignored, ProtocolError):
        return


async def _keep(services: Services, note: RemoteNote) -> None:
    author = await find_actor(services, note.attributed_to)
    check_note(author.uri, note, services.site.origin)
    async with services.database.read() as reader:
        await check_wanted(reader, services.site, author.uri, note)
    if note.is_vote or author.suspended_at is not None or author.gone_at is not None:
        raise Ignored("nothing of this is kept")
    async with services.database.write(durable=False) as tx:
        if await activities.was_deleted(tx, actor_uri=author.uri, object_uri=note.id):
            raise Ignored("it was deleted before it came")
        kept = await keep_note(tx, services.site, author, note)
        if kept is not None:
            await ask_ancestors(tx, services.site, kept)


async def _change(services: Services, known: Post, note: RemoteNote) -> None:
    author = await find_actor(services, note.attributed_to)
    check_note(author.uri, note, services.site.origin)
    async with services.database.write(durable=False) as tx:
        post = await posts.find_by_uri(tx, note.id)
        if post is None or post.id != known.id or post.actor_id != author.id or post.deleted_at is not None:
            raise Ignored("the post is another actor's, or gone")
        may_change(author.uri, author.uri, post.uri)
        check_update(stored_author=author.uri, stored_type=post.type, note=note)
        await change_note(tx, services.site, author, post, note)


async def _check_deletion(services: Services, known: Post | None) -> None:
    if known is None or not await _is_gone(services, known):
        return
    async with services.database.write(durable=False) as tx:
        post = await posts.find(tx, known.id)
        owner = await actors.find(tx, known.actor_id)
        if post is not None and owner is not None and not owner.local:
            await forget_post(tx, services.site, post)


async def _is_gone(services: Services, post: Post) -> bool:
    """Whether the origin says so; raises FetchFailed when it says nothing.

    404 proves nothing: servers say it of what they hide, for a while or from us, and this cannot be taken back.
    """
    try:
        document = (await fetch_document(services, post.uri)).value
    except FetchFailed as failure:
        if failure.gone:
            return True
        raise
    return "Tombstone" in types_of(document) and id_of(document) == post.uri
