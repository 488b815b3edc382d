"""Pins: the posts that one of our people shows at the head of their page, and those of peers. It must not show them."""

from activitypub import activities as build
from activitypub.audience import Visibility
from server.actions.network.outgoing import mint, send
from server.problems import Invalid
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.writing import pins
from server.store.writing.posts import Post

# Mastodon's: more is a profile of its own.
PINS_AT_MOST = 5


async def pin(tx: Transaction, site: Site, owner: Actor, post: Post) -> bool:
    """Pin a post of one's own and tell the followers' servers; false when it was pinned.

    Raises:
        Invalid: it is somebody else's, for named people alone, or there are enough.
    """
    if post.actor_id != owner.id:
        raise Invalid("Somebody else's post cannot be pinned.")
    if post.visibility == Visibility.DIRECT:
        raise Invalid("Posts that are only visible to mentioned people cannot be pinned.")
    if post.id in await pins.find_on_posts(tx, owner.id, [post.id]):
        return False
    if await pins.count(tx, owner.id) >= PINS_AT_MOST:
        raise Invalid(f"You have already pinned {PINS_AT_MOST} posts, which is the most.")
    await pins.add(tx, id=site.ids.new(), actor_id=owner.id, post_id=post.id, at=site.clock.now())
    activity_id, uri = mint(site, owner)
    document = build.add(uri, owner.uri, post.uri, target=featured_uri(owner), to=_followers(owner))
    await send(tx, site, owner, activity_id, document, object_uri=post.uri)
    return True


async def unpin(tx: Transaction, site: Site, owner: Actor, post: Post) -> bool:
    """Take a pin out; false when there was none."""
    if not await pins.drop(tx, owner.id, post.id):
        return False
    activity_id, uri = mint(site, owner)
    document = build.remove(uri, owner.uri, post.uri, target=featured_uri(owner), to=_followers(owner))
    await send(tx, site, owner, activity_id, document, object_uri=post.uri)
    return True


async def receive_pin(tx: Transaction, site: Site, owner: Actor, post: Post) -> bool:
    """Remember that a peer pinned a post of theirs that we have; false when we knew, or will not have so many."""
    if await pins.count(tx, owner.id) >= 4 * PINS_AT_MOST:
        return False
    return await pins.add(tx, id=site.ids.new(), actor_id=owner.id, post_id=post.id, at=site.clock.now())


def featured_uri(owner: Actor) -> str:
    """The collection of pinned posts."""
    return owner.featured_uri or f"{owner.uri}/featured"


def _followers(owner: Actor) -> list[str]:
    return [owner.followers_uri] if owner.followers_uri else []
