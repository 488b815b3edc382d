"""Compares our idea of who follows whom with a peer's (FEP-8fcf), and settles where they differ.

It must not fetch anything. A follow that one side lost, as in a restored backup, would else show followers-only posts
to people whom their author believes gone, or nothing to people who believe that they follow.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from activitypub import activities as build
from activitypub.synchronisation import Synchronisation, build_header, digest_of
from activitypub.vocabulary import PUBLIC, origin_of
from server.actions.network.outgoing import mint, send
from server.actions.ties.follow import receive_accept, receive_reject
from server.ids import MICROSECONDS
from server.jobs.queue import Payload
from server.site import Site
from server.store.database import Reader, Transaction
from server.store.network import walks
from server.store.network.activities import Activity
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.ties import follows

# An Accept or an Undo may be on its way, and then both agree by themselves.
WAIT_SECONDS = 120
# A peer whose figures never agree is not worth more; Mastodon tries each time.
AGAIN_SECONDS = 6 * 3600
# Of our people in one transaction: each of them may send an activity.
STEP = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """Our people in whom two lists of followers differ, by their addresses."""

    left_out: tuple[str, ...]
    beyond: tuple[str, ...]

    def parts(self) -> Iterator["Difference"]:
        """The same in pieces, each of them the work of one short transaction."""
        for start in range(0, len(self.left_out), STEP):
            yield Difference(self.left_out[start : start + STEP], ())
        for start in range(0, len(self.beyond), STEP):
            yield Difference((), self.beyond[start : start + STEP])


def goes_to_followers_alone(author: Actor, activity: Activity) -> bool:
    """Whether followers see an activity that others do not: then it matters who they are (Mastodon does the same)."""
    followers = author.followers_uri
    if followers is None or PUBLIC.encode() in activity.document:
        return False
    return f'"{followers}"'.encode() in activity.document


async def count_followers(reader: Reader, author: Actor, origins: Collection[str]) -> Mapping[str, str]:
    """Return for each origin what a header tells it of our author's followers there."""
    there: dict[str, list[str]] = {origin: [] for origin in origins}
    for uri in await follows.list_remote_followers(reader, author.id):
        if (found := there.get(origin_of(uri))) is not None:
            found.append(uri)
    collection, url = str(author.followers_uri), partial_uri(author)
    return {origin: build_header(collection, url, digest_of(uris)) for origin, uris in there.items()}


async def list_followers_at(reader: Reader, author: Actor, origin: str) -> list[str]:
    """Return the followers of one of ours that live at an origin."""
    return [uri for uri in await follows.list_remote_followers(reader, author.id) if origin_of(uri) == origin]


def partial_uri(author: Actor) -> str:
    """Where a server reads which of its people follow somebody here."""
    return f"{author.uri}/followers_synchronization"


async def differs(reader: Reader, site: Site, followed: Actor, said: Synchronisation) -> bool:
    """Whether a peer counts other followers among our people than we do, and this was not looked into just now."""
    if digest_of(await follows.list_local_followers(reader, followed.id)) == said.digest:
        return False
    since = site.clock.now() - AGAIN_SECONDS * MICROSECONDS
    return not await walks.is_recent(reader, _name(followed), since=since)


async def ask_synchronisation(tx: Transaction, site: Site, followed: Actor, url: str) -> None:
    """Have the peer's list fetched, in a while."""
    now = site.clock.now()
    if await walks.begin(tx, _name(followed), at=now, before=now - AGAIN_SECONDS * MICROSECONDS):
        not_before = now + WAIT_SECONDS * MICROSECONDS
        payload: Payload = {"actor": followed.id, "url": url}
        await site.queue.enqueue(tx, "synchronise", payload, not_before=not_before, unique=f"synchronise:{followed.id}")


async def compare(reader: Reader, followed: Actor, listed: Collection[str]) -> Difference:
    """Return which of our people the list of a peer's followers leaves out, and which it has beyond ours."""
    known = set(await follows.list_local_followers(reader, followed.id))
    return Difference(tuple(sorted(known.difference(listed))), tuple(sorted(set(listed) - known)))


async def settle(tx: Transaction, site: Site, followed: Actor, part: Difference, *, as_of: int) -> int:
    """Make some of our follows of a peer's actor what its server says; return how many ended.

    What began after `as_of` its server may not know yet.
    """
    ended = 0
    for uri in part.left_out:
        ended += await _end(tx, uri, followed, as_of)
    for uri in part.beyond:
        follower = await actors.find_by_uri(tx, uri)
        if follower is not None and follower.local:
            await _confirm(tx, site, follower, followed)
    return ended


async def _end(tx: Transaction, uri: str, followed: Actor, as_of: int) -> bool:
    follower = await actors.find_by_uri(tx, uri)
    known = await follows.find(tx, follower.id, followed.id) if follower is not None else None
    if follower is None or known is None or known.accepted_at is None or known.accepted_at >= as_of:
        return False
    return await receive_reject(tx, follower, followed)


async def _confirm(tx: Transaction, site: Site, follower: Actor, followed: Actor) -> None:
    """Somebody of ours is said to follow: take a lost Accept as given, and take back what we know nothing of."""
    known = await follows.find(tx, follower.id, followed.id)
    if known is not None:
        if known.state == "pending":
            await receive_accept(tx, site, follower, followed)
        return
    activity_id, uri = mint(site, follower)
    _, follow_uri = mint(site, follower)
    document = build.undo(uri, follower.uri, build.follow(follow_uri, follower.uri, followed.uri))
    await send(tx, site, follower, activity_id, document, object_uri=followed.uri)


def _name(followed: Actor) -> str:
    return f"followers {followed.uri}"
