"""A peer's actor boosts a post, of ours or of another. It must not believe an embedded copy of somebody else's post."""

from activitypub.announced import read_told
from activitypub.audience import Visibility, is_open, visibility_of
from activitypub.consent import Kind, named_stamp
from server.actions.network.receive import Received
from server.actions.writing.hear_request import Deed, hear_reaction
from server.actions.writing.react import receive_reaction
from server.inbox import member
from server.inbox.allowed import check_allowed
from server.inbox.ending import Ignored, end
from server.inbox.fetching import fetch_post
from server.remote.people import find_actor
from server.services import Services
from server.store.network import activities
from server.store.people.actors import Actor
from server.store.reading.reactions import ANNOUNCE
from server.store.ties import follows
from server.store.writing import posts
from server.store.writing.consents import ACCEPTED, PENDING
from server.store.writing.posts import Post


async def handle(received: Received, services: Services) -> None:
    """Add the boost to the post's `shares` (ActivityPub 7.11); the post comes from its own origin (T13).

    A group announces what its members did: a Create of theirs is a boost of the post in it.
    """
    activity = received.activity
    told = read_told(activity)
    if told is not None and told.type != "Create":
        await member.handle(received, services, told)
        return
    uri = told.post_uri if told else activity.object_id
    if uri is None:
        raise Ignored("it boosts nothing")
    if told is not None and told.parent is not None:
        await _check_thread(services, told.parent)
    actor = await find_actor(services, activity.actor)
    post = await _find_post(services, uri, actor.id)
    if told is not None and post.in_reply_to_uri is not None:
        # Every answer in a group is announced; it belongs below what it answers, and not into feeds.
        await _end_kept(received, services)
        return
    if told is None or not _is_addressed(actor, post):
        stamp = named_stamp(activity.raw, Kind.ANNOUNCE)
        await check_allowed(services, Kind.ANNOUNCE, actor, post, activity.id, stamp)
    await _count(received, services, actor, post)


def _is_addressed(actor: Actor, post: Post) -> bool:
    """Who writes to a group wants it to tell its members, and nobody else to act as one."""
    return actor.type == "Group" and actor.uri in (*post.to, *post.cc)


async def _end_kept(received: Received, services: Services) -> None:
    async with services.database.write(durable=False) as tx:
        await end(tx, services.site, received, "kept")


async def _count(received: Received, services: Services, actor: Actor, post: Post) -> None:
    activity = received.activity
    async with services.database.write(durable=False) as tx:
        fresh = await posts.find(tx, post.id)
        if fresh is None or fresh.deleted_at is not None or not is_open(Visibility(fresh.visibility)):
            raise Ignored("the post is not open to everybody")
        await activities.forget_undo(tx, actor_uri=activity.actor, undone_uri=activity.id)
        shown = visibility_of(activity.to, activity.cc, actor.followers_uri)
        deed = Deed(activity.id, named_stamp(activity.raw, Kind.ANNOUNCE), shown)
        heard = await hear_reaction(tx, services.site, Kind.ANNOUNCE, actor, fresh, deed)
        if heard != ACCEPTED:
            await end(tx, services.site, received, "waiting" if heard == PENDING else heard)
            return
        added = await receive_reaction(tx, services.site, ANNOUNCE, actor, fresh, activity.id, visibility=shown)
        await end(tx, services.site, received, "announced" if added else "known")


async def _check_thread(services: Services, parent_uri: str) -> None:
    async with services.database.read() as reader:
        if await posts.find_by_uri(reader, parent_uri) is None:
            raise Ignored("it answers nothing that we have")


async def _find_post(services: Services, uri: str, booster_id: int) -> Post:
    async with services.database.read() as reader:
        post = await posts.find_by_uri(reader, uri)
        if post is not None:
            return post
        wanted = await follows.has_local_follower(reader, booster_id)
    if services.site.is_ours(uri):
        raise Ignored("there is no such post")
    if not wanted:
        raise Ignored("nobody here follows who boosts")
    return await fetch_post(services, uri)
