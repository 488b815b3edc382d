"""Keeps what a look-up found: open posts, from their own origins. It must not decide what is looked up."""

from activitypub.audience import Visibility, is_open, visibility_of
from activitypub.authority import check_note
from activitypub.errors import Forbidden
from activitypub.reading import RemoteNote
from server.actions.writing.keep_note import keep_history
from server.remote.notes import fetch_note
from server.remote.people import find_actor
from server.remote.seam import Reach
from server.store.network import activities
from server.store.people.actors import Actor
from server.store.writing import posts
from server.store.writing.posts import Post


async def fetch_found(reach: Reach, uri: str) -> Post:
    """Return the post at `uri`, stored.

    Raises:
        FetchFailed: its origin does not give it.
        ProtocolError: what it gives may not be believed, or is not for everybody.
    """
    async with reach.database.read() as reader:
        known = await posts.find_by_uri(reader, uri)
    if known is not None:
        return known
    note = await fetch_note(reach, uri)
    return await keep_found(reach, await find_actor(reach, note.attributed_to), note)


async def keep_found(reach: Reach, author: Actor, note: RemoteNote) -> Post:
    """Store a note of this author that came from its origin; raises ProtocolError where it may not be shown."""
    check_note(author.uri, note, reach.site.origin)
    if note.is_vote or not is_open(Visibility(visibility_of(note.to, note.cc, author.followers_uri))):
        raise Forbidden("the post is not open to everybody")
    if author.suspended_at is not None or author.gone_at is not None:
        raise Forbidden("nothing is kept of its author")
    async with reach.database.write(durable=False) as tx:
        if await activities.was_deleted(tx, actor_uri=author.uri, object_uri=note.id):
            raise Forbidden("it was deleted before it came")
        kept = await keep_history(tx, reach.site, author, note)
        post = kept or await posts.find_by_uri(tx, note.id)
    if post is None:
        raise Forbidden("the post could not be kept")
    return post
