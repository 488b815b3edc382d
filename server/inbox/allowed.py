"""Holds what peers do with posts of other peers to those posts' policies. It must not judge what is done with ours."""

from activitypub.consent import Kind
from server.actions.writing.allow import Standing, may_do
from server.inbox.ending import Ignored
from server.remote.stamps import fetch_stamp
from server.services import Services
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import posts
from server.store.writing.posts import Post


async def check_reply(services: Services, by: Actor, note_uri: str, parent_uri: str | None, stamp: str | None) -> None:
    """Raise as `check_allowed` for an answer to a post that we have."""
    async with services.database.read() as reader:
        parent = await posts.find_by_uri(reader, parent_uri) if parent_uri is not None else None
    if parent is not None:
        await check_allowed(services, Kind.REPLY, by, parent, note_uri, stamp)


async def check_allowed(
    services: Services, kind: Kind, by: Actor, post: Post, deed_uri: str, stamp_uri: str | None
) -> None:
    """Look at the stamp of what a peer does with a post that not everybody may do it with.

    Raises:
        Ignored: its author would have to agree, and there is no word of that.
        FetchFailed: the author's server does not show the stamp.
        ProtocolError: what is named as the stamp is none for this.
    """
    async with services.database.read() as reader:
        author = await actors.find(reader, post.actor_id)
        if author is None or author.local or author.id == by.id:
            return
        if await may_do(reader, kind, post, author, by) is Standing.AUTOMATIC:
            return
    if stamp_uri is None:
        raise Ignored("the author of the post did not agree to it")
    await fetch_stamp(services, stamp_uri, kind=kind, author=author.uri, interacting=deed_uri, target=post.uri)
