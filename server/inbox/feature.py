"""A peer's actor pins a post of theirs, or shows a hashtag: Add and Remove with `featured` or `featuredTags` as target.

It must not keep other collections of peers.
"""

from activitypub.authority import check_collection
from activitypub.hashtags import read_hashtag
from server.actions.network.receive import Received
from server.actions.ties.follow_tag import read_tag, receive_featured
from server.actions.writing.pin import receive_pin
from server.inbox.ending import Ignored, end
from server.remote.people import find_actor
from server.services import Services
from server.store.database import Reader
from server.store.people.actors import Actor
from server.store.writing import pins, posts, tags
from server.store.writing.posts import Post


async def handle_add(received: Received, services: Services) -> None:
    """Remember a pin of a post that we have, or a hashtag."""
    owner = await _find_owner(received, services)
    if received.activity.target == owner.featured_tags_uri:
        await _change_tag(received, services, owner)
        return
    async with services.database.write(durable=False) as tx:
        post = await _find_post(tx, received, owner)
        added = await receive_pin(tx, services.site, owner, post)
        await end(tx, services.site, received, "pinned" if added else "known")


async def handle_remove(received: Received, services: Services) -> None:
    """Forget it."""
    owner = await _find_owner(received, services)
    if received.activity.target == owner.featured_tags_uri:
        await _change_tag(received, services, owner)
        return
    async with services.database.write(durable=False) as tx:
        post = await _find_post(tx, received, owner)
        dropped = await pins.drop(tx, owner.id, post.id)
        await end(tx, services.site, received, "unpinned" if dropped else "was not pinned")


async def _change_tag(received: Received, services: Services, owner: Actor) -> None:
    name = read_hashtag(received.activity.object)
    if name is None:
        raise Ignored("it is no hashtag")
    async with services.database.write(durable=False) as tx:
        if received.activity.type == "Add":
            outcome = "featured" if await receive_featured(tx, services.site, owner, name) else "known"
        else:
            outcome = "taken off" if await tags.unfeature(tx, owner.id, read_tag(name)) else "was not featured"
        await end(tx, services.site, received, outcome)


async def _find_owner(received: Received, services: Services) -> Actor:
    owner = await find_actor(services, received.activity.actor)
    check_collection(owner.uri, received.activity.target, (owner.featured_uri, owner.featured_tags_uri))
    return owner


async def _find_post(reader: Reader, received: Received, owner: Actor) -> Post:
    post = await posts.find_by_uri(reader, received.activity.object_id) if received.activity.object_id else None
    if post is None or post.actor_id != owner.id or post.deleted_at is not None:
        raise Ignored("we have no such post of theirs")
    return post
