"""Fetches a peer's post from its own origin and keeps it. It must not follow threads."""

from activitypub.authority import check_note
from server.actions.network.look_up import ask_ancestors
from server.actions.writing.keep_note import keep_note
from server.inbox.ending import Ignored
from server.remote.notes import fetch_note
from server.remote.people import find_actor
from server.services import Services
from server.store.writing import posts
from server.store.writing.posts import Post


async def fetch_post(services: Services, uri: str) -> Post:
    """Return the post at `uri`, stored.

    Raises:
        FetchFailed: its origin does not answer.
        ProtocolError: what it answers may not be believed.
    """
    note = await fetch_note(services, uri)
    author = await find_actor(services, note.attributed_to)
    check_note(author.uri, note, services.site.origin)
    async with services.database.write(durable=False) as tx:
        kept = await keep_note(tx, services.site, author, note)
        if kept is not None:
            await ask_ancestors(tx, services.site, kept)
        post = await posts.find_by_uri(tx, note.id)
    if post is None:
        raise Ignored("the post could not be kept")
    return post
