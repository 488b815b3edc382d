"""Decides whether what we received is passed on to followers of our people (ActivityPub 7.1.2). It must not send.

Passed on is what vouches for itself only. Others believe nothing else: Mastodon forwards and takes documents with an
LD signature, Mitra and Fedify those with a proof, and the rest would have to ask the origin, so that one answer under
a well-known picture brought a small server as many questions at once as that picture has readers.
"""

from activitypub.forwarding import linked_uris, vouches_for_itself
from activitypub.reading import Activity
from server.actions.network.receive import Received
from server.actions.ties.refuse import refuses
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network import activities, deliveries, domain_rules
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.writing import posts

# A post answered, which answered another … so far up it may still lie under one of ours (statement 154).
ANCESTORS_AT_MOST = 10
# Whose followers one activity may go to: a thread between all of our people has no more that matter.
OWNERS_AT_MOST = 10
# What changed nothing here, or came before by another way, is not news for others either; nor is what nobody agreed to.
NO_NEWS = ("refused", "ignored", "known", "not newer", "rejected", "pending", "waiting")
# The owner of a `forward` job that goes where an earlier one about the same object went.
NOBODY = 0

_FOLLOWERS = "/followers"


async def ask_forwarding(tx: Transaction, site: Site, received: Received, outcome: str) -> None:
    """Have an activity passed on that was just taken in, if it is for followers of ours and about something of ours.

    A deletion goes wherever we sent the thing or a boost of it, whatever it is addressed to (Mastodon does the same).
    """
    if outcome.startswith(NO_NEWS) or not vouches_for_itself(received.activity.raw):
        return
    owners = await _find_way(tx, site, received.activity)
    if not owners or await _is_restrained(tx, received):
        return
    for owner_id in owners:
        await _ask(tx, site, received, owner_id)


async def _is_restrained(reader: Reader, received: Received) -> bool:
    """Whether who sent it is, or their server: by their name's or by their address's."""
    sender = await actors.find_by_uri(reader, received.activity.actor)
    hosts = {received.host} if sender is None else {received.host, sender.host}
    rule = await domain_rules.find_strictest(reader, hosts)
    return rule is not None and (rule.suspends or rule.silences)


async def _find_way(reader: Reader, site: Site, activity: Activity) -> list[int]:
    """To whose followers it goes, NOBODY's for where the thing was sent before. Most of what comes goes nowhere."""
    if activity.type == "Delete":
        went = activity.object_id and await deliveries.list_inboxes_of_object(reader, activity.object_id)
        return [NOBODY] if went else []
    addressed = await _find_owners(reader, site, activity)
    sender = await actors.find_by_uri(reader, activity.actor) if addressed else None
    if sender is None:
        return []
    concerned = await _find_concerned(reader, site, activity)
    return [owner.id for owner in addressed if owner.id in concerned and not await refuses(reader, owner, sender)]


async def _ask(tx: Transaction, site: Site, received: Received, owner_id: int) -> None:
    payload = {"received": received.id, "owner": owner_id, "cursor": 0}
    await site.queue.enqueue(tx, "forward", payload, unique=f"forward:{received.id}:{owner_id}:0")


async def _find_owners(reader: Reader, site: Site, activity: Activity) -> list[Actor]:
    """Those of our people whose followers it is addressed to."""
    found: dict[int, Actor] = {}
    for uri in (*activity.to, *activity.cc, *activity.audience):
        if len(found) < OWNERS_AT_MOST and site.is_ours(uri) and uri.endswith(_FOLLOWERS):
            actor = await actors.find_by_uri(reader, uri.removesuffix(_FOLLOWERS))
            if actor is not None and actor.local and actor.gone_at is None and actor.suspended_at is None:
                found[actor.id] = actor
    return list(found.values())


async def _find_concerned(reader: Reader, site: Site, activity: Activity) -> set[int]:
    """Those of our people who own what it is linked with, or what that answers."""
    owners: set[int] = set()
    for uri in linked_uris(activity.raw):
        owners |= await _owners_of(reader, site, uri)
    return owners


async def _owners_of(reader: Reader, site: Site, uri: str) -> set[int]:
    """The owner of a thing of ours; of a peer's post, the owners of our posts above it."""
    if not site.is_ours(uri):
        return await _owners_above(reader, uri)
    post = await posts.find_by_uri(reader, uri)
    if post is not None:
        return {post.actor_id} | await _owners_above(reader, uri)
    sent = await activities.find_by_uri(reader, uri)
    actor = await actors.find_by_uri(reader, sent.actor_uri if sent is not None and sent.outgoing else uri)
    return {actor.id} if actor is not None and actor.local else set()


async def _owners_above(reader: Reader, uri: str) -> set[int]:
    owners: set[int] = set()
    post = await posts.find_by_uri(reader, uri)
    for _ in range(ANCESTORS_AT_MOST):
        if post is None or post.in_reply_to_id is None:
            break
        post = await posts.find(reader, post.in_reply_to_id)
        if post is not None and post.local:
            owners.add(post.actor_id)
    return owners
