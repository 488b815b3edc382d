"""Follows, from both sides: asking, answering, ending. It must not fetch anybody; actors arrive known."""

from activitypub import activities as build
from server.actions.notify import notify
from server.actions.outgoing import mint, send
from server.actions.withdraw import withdraw_commissions
from server.problems import Forbidden, Invalid, NotFound
from server.site import Site
from server.store import activities, follows, notifications
from server.store.actors import Actor
from server.store.database import Transaction
from server.store.follows import Follow


async def follow(tx: Transaction, site: Site, author: Actor, target: Actor) -> str:
    """Have one of our people follow somebody; return the state, `pending` or `accepted`.

    Raises:
        Invalid: one cannot follow oneself.
        Forbidden: the target blocks the author, or is gone.
    """
    if author.id == target.id:
        raise Invalid("You cannot follow yourself.")
    if target.gone_at is not None or await follows.is_blocked(tx, by=target.id, actor_id=author.id):
        raise Forbidden("This account cannot be followed.")
    known = await follows.find(tx, author.id, target.id)
    if known is not None and (known.state == "accepted" or target.local):
        return known.state
    # Asked again while pending: the peer may have lost the first Follow, or we its Accept.
    activity_id, uri = mint(site, author)
    await _put(tx, site, author, target, uri)
    if not target.local:
        await send(tx, site, author, activity_id, build.follow(uri, author.uri, target.uri), object_uri=target.uri)
        return "pending"
    return await _welcome(tx, site, author, target)


async def unfollow(tx: Transaction, site: Site, author: Actor, target: Actor) -> None:
    """End a follow of ours, accepted or not; nothing happens where there is none."""
    known = await follows.find(tx, author.id, target.id)
    if known is None:
        return
    await follows.drop(tx, author.id, target.id)
    if target.local:
        await _take_back_notices(tx, author, target)
        return
    activity_id, uri = mint(site, author)
    # Pixelfed demands the id of the Follow that it knows.
    document = build.undo(uri, author.uri, build.follow(known.uri, author.uri, target.uri))
    await send(tx, site, author, activity_id, document, object_uri=target.uri)


async def receive_follow(tx: Transaction, site: Site, follower: Actor, followed: Actor, follow_uri: str) -> str:
    """Answer somebody's Follow of one of our people; return rejected, pending or accepted.

    A repeated Follow, also under another id, is answered again: the peer may have lost our Accept.
    """
    if await follows.is_blocked(tx, by=followed.id, actor_id=follower.id) or followed.moved_to:
        await follows.drop(tx, follower.id, followed.id)
        await _answer(tx, site, follower, followed, follow_uri, accepted=False)
        return "rejected"
    await _put(tx, site, follower, followed, follow_uri)
    known = await follows.find(tx, follower.id, followed.id)
    if known is not None and known.state == "accepted":
        await _answer(tx, site, follower, followed, follow_uri, accepted=True)
        return "accepted"
    return await _welcome(tx, site, follower, followed)


async def receive_unfollow(tx: Transaction, follower: Actor, followed: Actor, follow_uri: str | None) -> None:
    """End somebody's follow of one of our people, and forget its Follow so that the same id counts as new again."""
    known = await follows.find(tx, follower.id, followed.id)
    for uri in {uri for uri in (follow_uri, known.uri if known else None) if uri}:
        await activities.forget(tx, uri, actor_uri=follower.uri)
    await follows.drop(tx, follower.id, followed.id)
    await _take_back_notices(tx, follower, followed)


async def accept_request(tx: Transaction, site: Site, author: Actor, follower: Actor) -> None:
    """Let somebody in who asked to follow `author`. Raises NotFound when nobody asked."""
    known = await follows.find(tx, follower.id, author.id)
    if known is None or not await follows.accept(tx, follower.id, author.id, at=site.clock.now()):
        raise NotFound("There is no such follow request.")
    await notifications.drop(tx, actor_id=author.id, kind="follow_request", from_id=follower.id)
    await notify(tx, site, author, "follow", by=follower)
    await _answer(tx, site, follower, author, known.uri, accepted=True)


async def reject_request(tx: Transaction, site: Site, author: Actor, follower: Actor) -> None:
    """Refuse a follow request, or send away a follower. Raises NotFound when there is neither."""
    known = await follows.find(tx, follower.id, author.id)
    if known is None:
        raise NotFound("This account neither follows you nor asked to.")
    await follows.drop(tx, follower.id, author.id)
    await _take_back_notices(tx, follower, author)
    await _answer(tx, site, follower, author, known.uri, accepted=False)


async def receive_accept(tx: Transaction, site: Site, follower: Actor, followed: Actor) -> bool:
    """`followed` lets one of our people in; false when nobody asked (an Accept alone adds nothing)."""
    return await follows.accept(tx, follower.id, followed.id, at=site.clock.now())


async def receive_reject(tx: Transaction, follower: Actor, followed: Actor) -> bool:
    """`followed` refuses one of our people, or ends a follow accepted before."""
    return await follows.drop(tx, follower.id, followed.id)


async def receive_block(tx: Transaction, site: Site, blocker: Actor, blocked: Actor, uri: str) -> None:
    """A peer's actor blocks one of our people: follows end both ways, nothing is sent back, nothing more is painted."""
    await follows.block(tx, id=site.ids.new(), actor_id=blocker.id, target_id=blocked.id, uri=uri, at=site.clock.now())
    await follows.drop(tx, blocker.id, blocked.id)
    await follows.drop(tx, blocked.id, blocker.id)
    if blocked.type == "Service":
        await withdraw_commissions(tx, site, blocker)


async def block(tx: Transaction, site: Site, author: Actor, target: Actor) -> None:
    """Have one of our people block somebody. The Block is never delivered (ActivityPub 6.9); a Reject ends the follow.

    Raises:
        Invalid: one cannot block oneself.
    """
    if author.id == target.id:
        raise Invalid("You cannot block yourself.")
    _, uri = mint(site, author)
    await follows.block(tx, id=site.ids.new(), actor_id=author.id, target_id=target.id, uri=uri, at=site.clock.now())
    if await follows.find(tx, target.id, author.id) is not None:
        await reject_request(tx, site, author, target)
    await unfollow(tx, site, author, target)


async def unblock(tx: Transaction, author: Actor, target: Actor) -> None:
    """Take a block back."""
    await follows.unblock(tx, author.id, target.id)


async def _welcome(tx: Transaction, site: Site, follower: Actor, followed: Actor) -> str:
    """A new follow of one of our people: let it in, or let it wait for the owner."""
    if followed.locked:
        await notify(tx, site, followed, "follow_request", by=follower)
        return "pending"
    known = await follows.find(tx, follower.id, followed.id)
    await follows.accept(tx, follower.id, followed.id, at=site.clock.now())
    await notify(tx, site, followed, "follow", by=follower)
    if known is not None:
        await _answer(tx, site, follower, followed, known.uri, accepted=True)
    return "accepted"


async def _put(tx: Transaction, site: Site, follower: Actor, followed: Actor, uri: str) -> None:
    await follows.put(
        tx,
        Follow(
            id=site.ids.new(),
            follower_id=follower.id,
            followed_id=followed.id,
            uri=uri,
            state="pending",
            created_at=site.clock.now(),
            accepted_at=None,
        ),
    )


async def _answer(
    tx: Transaction, site: Site, follower: Actor, followed: Actor, follow_uri: str, *, accepted: bool
) -> None:
    if follower.local:
        return
    activity_id, uri = mint(site, followed)
    answer = build.accept if accepted else build.reject
    document = answer(uri, followed.uri, follow_id=follow_uri, follower=follower.uri)
    await send(tx, site, followed, activity_id, document, object_uri=follow_uri)


async def _take_back_notices(tx: Transaction, follower: Actor, followed: Actor) -> None:
    for kind in ("follow", "follow_request"):
        await notifications.drop(tx, actor_id=followed.id, kind=kind, from_id=follower.id)
