"""Follows, from both sides: asking, answering, ending. It must not fetch anybody; actors arrive known."""

from dataclasses import dataclass, replace

import msgspec

from activitypub import activities as build
from server.actions.network.look_up import ask_recent
from server.actions.network.outgoing import mint, send
from server.actions.painting.withdraw import withdraw_commissions
from server.actions.telling.notices import hear_no_more
from server.actions.telling.notify import notify
from server.actions.ties.refuse import refuses
from server.actions.writing.spread import spread_follow, unspread_follow
from server.problems import Forbidden, Invalid, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.network import activities
from server.store.people import endorsements
from server.store.people.actors import Actor
from server.store.telling import notifications
from server.store.ties import domain_blocks, follows, lists
from server.store.ties.follows import Follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a follower wants of whom they follow; None leaves it as it was. No language means every one."""

    reblogs: bool | None = None
    notify: bool | None = None
    languages: tuple[str, ...] | None = None


async def follow(tx: Transaction, site: Site, author: Actor, target: Actor, wanted: Wanted | None = None) -> str:
    """Have one of our people follow somebody; return the state, `pending` or `accepted`.

    Raises:
        Invalid: one cannot follow oneself.
        Forbidden: one of the two blocks the other, or the target is gone or has moved.
    """
    if author.id == target.id:
        raise Invalid("You cannot follow yourself.")
    if target.gone_at is not None or await _keep_apart(tx, author, target):
        raise Forbidden("This account cannot be followed.")
    if target.moved_to is not None and await follows.find(tx, author.id, target.id) is None:
        raise Forbidden("This account has moved; follow the new one.")
    state = await _ask(tx, site, author, target)
    if wanted is not None:
        await _choose(tx, author, target, wanted)
    return state


async def _ask(tx: Transaction, site: Site, author: Actor, target: Actor) -> str:
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


async def _choose(tx: Transaction, author: Actor, target: Actor, wanted: Wanted) -> None:
    known = await follows.find(tx, author.id, target.id)
    if known is None:
        return
    changed = replace(
        known,
        reblogs=known.reblogs if wanted.reblogs is None else wanted.reblogs,
        notify=known.notify if wanted.notify is None else wanted.notify,
    )
    if wanted.languages is not None:
        spoken = msgspec.json.encode(wanted.languages).decode() if wanted.languages else None
        changed = replace(changed, languages=spoken)
    await follows.choose(tx, changed)


async def _keep_apart(tx: Transaction, author: Actor, target: Actor) -> bool:
    """Whether one of the two blocks the other, or the author the other's host."""
    if await follows.is_either_blocked(tx, author.id, target.id):
        return True
    return await domain_blocks.covers_actor(tx, by=author.id, actor_id=target.id)


async def unfollow(tx: Transaction, site: Site, author: Actor, target: Actor, *, keeps_feeds: bool = False) -> None:
    """End a follow of ours, accepted or not; nothing happens where there is none.

    What came from them leaves the feeds of `author`, unless `keeps_feeds` says that it may stay.
    """
    known = await follows.find(tx, author.id, target.id)
    if known is None:
        return
    if keeps_feeds:
        await follows.drop(tx, author.id, target.id)
    else:
        await _end(tx, author, target)
    await lists.leave_all(tx, author.id, target.id)
    await endorsements.drop(tx, author.id, target.id)
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
    if followed.moved_to or await refuses(tx, followed, follower):
        await _end(tx, follower, followed)
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
    await _end(tx, follower, followed)
    await _take_back_notices(tx, follower, followed)


async def accept_request(tx: Transaction, site: Site, author: Actor, follower: Actor) -> None:
    """Let somebody in who asked to follow `author`. Raises NotFound when nobody asked."""
    known = await follows.find(tx, follower.id, author.id)
    if known is None or not await _accept(tx, site, follower, author):
        raise NotFound("There is no such follow request.")
    await notifications.drop(tx, actor_id=author.id, kind="follow_request", from_id=follower.id)
    await notify(tx, site, author, "follow", by=follower)
    await _answer(tx, site, follower, author, known.uri, accepted=True)


async def reject_request(tx: Transaction, site: Site, author: Actor, follower: Actor) -> None:
    """Refuse a follow request, or send away a follower. Raises NotFound when there is neither."""
    known = await follows.find(tx, follower.id, author.id)
    if known is None:
        raise NotFound("This account neither follows you nor asked to.")
    await _end(tx, follower, author)
    await _take_back_notices(tx, follower, author)
    await _answer(tx, site, follower, author, known.uri, accepted=False)


async def receive_accept(tx: Transaction, site: Site, follower: Actor, followed: Actor) -> bool:
    """`followed` lets one of our people in; false when nobody asked (an Accept alone adds nothing)."""
    return await _accept(tx, site, follower, followed)


async def receive_reject(tx: Transaction, follower: Actor, followed: Actor) -> bool:
    """`followed` refuses one of our people, or ends a follow accepted before."""
    await lists.leave_all(tx, follower.id, followed.id)
    return await _end(tx, follower, followed)


async def receive_block(tx: Transaction, site: Site, blocker: Actor, blocked: Actor, uri: str) -> None:
    """A peer's actor blocks one of our people: follows end both ways, nothing is sent back, nothing more is painted."""
    await follows.block(tx, id=site.ids.new(), actor_id=blocker.id, target_id=blocked.id, uri=uri, at=site.clock.now())
    await _end(tx, blocker, blocked)
    await _end(tx, blocked, blocker)
    await lists.leave_all(tx, blocked.id, blocker.id)
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
    await hear_no_more(tx, author, target)


async def unblock(tx: Transaction, author: Actor, target: Actor) -> None:
    """Take a block back."""
    await follows.unblock(tx, author.id, target.id)


async def _welcome(tx: Transaction, site: Site, follower: Actor, followed: Actor) -> str:
    """A new follow of one of our people: let it in, or let it wait for the owner."""
    if followed.locked or follower.silenced_at is not None:
        await notify(tx, site, followed, "follow_request", by=follower)
        return "pending"
    known = await follows.find(tx, follower.id, followed.id)
    await _accept(tx, site, follower, followed)
    await notify(tx, site, followed, "follow", by=follower)
    if known is not None:
        await _answer(tx, site, follower, followed, known.uri, accepted=True)
    return "accepted"


async def _accept(tx: Transaction, site: Site, follower: Actor, followed: Actor) -> bool:
    """Let a pending follow in, and its follower's feed show what we know of the followed."""
    accepted = await follows.accept(tx, follower.id, followed.id, at=site.clock.now())
    if accepted:
        await spread_follow(tx, follower, followed)
        await ask_recent(tx, site, followed, followed=True)
    return accepted


async def _end(tx: Transaction, follower: Actor, followed: Actor) -> bool:
    """End a follow, and clear the follower's feeds; false when there was none."""
    ended = await follows.drop(tx, follower.id, followed.id)
    if ended:
        await unspread_follow(tx, follower, followed)
    return ended


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
