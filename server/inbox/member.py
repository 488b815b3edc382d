"""A group tells that a member changed or deleted a post (FEP-1b12).

It must not believe the activity inside, only ask the post's own origin what has become of it.
"""

from activitypub.announced import Told
from activitypub.authority import check_note, check_update
from server.actions.network.receive import Received
from server.actions.writing.keep_note import change_note
from server.actions.writing.remove import forget_post
from server.inbox.ending import Ignored, end
from server.remote.notes import fetch_note
from server.remote.people import find_actor
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.ties import follows
from server.store.writing import posts
from server.store.writing.posts import Post


async def handle(received: Received, services: Services, told: Told) -> None:
    """Ask the origin of a post that we have whether it was changed or deleted."""
    if told.type not in ("Update", "Delete"):
        raise Ignored("an activity of a group's member that we do not act on")
    group = await find_actor(services, received.activity.actor)
    async with services.database.read() as reader:
        post = await posts.find_by_uri(reader, told.post_uri)
        # Or anybody could have us ask anybody.
        wanted = await follows.has_local_follower(reader, group.id)
    if post is None or post.local or not wanted:
        raise Ignored("we have no such post of theirs, or nobody here follows who announces")
    if told.type == "Update":
        await _look_again(received, services, post)
    else:
        await _see_it_gone(received, services, post)


async def _look_again(received: Received, services: Services, known: Post) -> None:
    note = await fetch_note(services, known.uri)
    author = await find_actor(services, note.attributed_to)
    check_note(author.uri, note, services.site.origin)
    async with services.database.write(durable=False) as tx:
        post = await posts.find_by_uri(tx, note.id)
        if post is None or post.actor_id != author.id:
            raise Ignored("the post is another actor's")
        check_update(stored_author=author.uri, stored_type=post.type, note=note)
        changed = await change_note(tx, services.site, author, post, note)
        await end(tx, services.site, received, "changed" if changed else "not newer")


async def _see_it_gone(received: Received, services: Services, known: Post) -> None:
    try:
        await fetch_note(services, known.uri)
    except FetchFailed as failure:
        if not failure.gone:
            raise
    else:
        raise Ignored("its origin still shows it")
    async with services.database.write(durable=False) as tx:
        post = await posts.find(tx, known.id)
        if post is not None:
            await forget_post(tx, services.site, post)
        await end(tx, services.site, received, "deleted")
