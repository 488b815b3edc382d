"""Wants nothing of a whole host, for one of our people. It must not touch what others here want of it."""

from server.actions.ties.follow import reject_request, unfollow
from server.actions.ties.severed import tell_severed
from server.problems import Invalid
from server.site import Site
from server.store.database import Transaction
from server.store.network import domain_rules
from server.store.people import actors
from server.store.people.actors import Actor
from server.store.ties import domain_blocks, follows

# A name of hosts, with a port for those on loopback; nothing that could be read as an address.
LONGEST_HOST = 260
# Follows that end in one step: each sends an activity.
STEP = 50
JOB = "part"


async def block_domain(tx: Transaction, site: Site, actor: Actor, domain: str) -> str:
    """Block a host for `actor`; the follows to and from there end in a job. Return the host as it is kept.

    Raises:
        Invalid: that is no host, or it is ours.
    """
    host = read_host(domain)
    if host == site.domain:
        raise Invalid("This server cannot be blocked from within.", field="domain")
    if not await domain_blocks.is_blocked(tx, by=actor.id, host=host):
        await tell_severed(tx, site, actor, host)
    await domain_blocks.add(tx, id=site.ids.new(), actor_id=actor.id, host=host, at=site.clock.now())
    await enqueue_parting(tx, site, actor.id, host)
    return host


async def unblock_domain(tx: Transaction, actor: Actor, domain: str) -> None:
    """Take it back; nothing happens where the host was not blocked."""
    await domain_blocks.drop(tx, actor.id, read_host(domain))


async def part_step(tx: Transaction, site: Site, actor_id: int, host: str) -> None:
    """End some of the follows between somebody and a host they block; enqueue the next step."""
    actor = await actors.find(tx, actor_id)
    if actor is None or not await _are_parted(tx, actor_id, host):
        return
    followers = await domain_blocks.list_followers_at(tx, actor_id, host, limit=STEP)
    for follower in followers:
        if await follows.find(tx, follower.id, actor.id) is not None:
            await reject_request(tx, site, actor, follower)
    followed = await domain_blocks.list_followed_at(tx, actor_id, host, limit=STEP)
    for target in followed:
        await unfollow(tx, site, actor, target)
    if len(followers) == STEP or len(followed) == STEP:
        await enqueue_parting(tx, site, actor_id, host)


async def part_renamed(tx: Transaction, site: Site, actor_id: int) -> None:
    """Have the follows ended that a peer's new name brought to a host that the operator or one of ours blocks."""
    actor = await actors.find(tx, actor_id)
    if actor is None or actor.local:
        return
    by_operator = await domain_rules.suspends(tx, actor.host)
    # Whoever changes a name makes us look: at those whom it concerns, and not at all who live here.
    for person in await follows.list_tied(tx, actor.id):
        if await _are_parted(tx, person.id, actor.host):
            await tell_severed(tx, site, person, actor.host, by_operator=by_operator)
            await enqueue_parting(tx, site, person.id, actor.host)


async def enqueue_parting(tx: Transaction, site: Site, actor_id: int, host: str) -> None:
    """Have the follows between somebody and a host ended, some at a time."""
    await site.queue.enqueue(tx, JOB, {"actor": actor_id, "host": host}, unique=f"{JOB}:{actor_id}:{host}")


def read_host(domain: str) -> str:
    """Return a host as we keep it: lower case, in IDNA.

    Raises:
        Invalid: it is none.
    """
    text = domain.strip().rstrip(".").lower()
    name, colon, port = text.partition(":")
    try:
        host = name.encode("idna").decode() + colon + port
    except UnicodeError:
        raise Invalid("This is no domain.", field="domain") from None
    plain = host.replace("-", "a").replace(".", "a").replace(":", "1")
    if not name or len(host) > LONGEST_HOST or not plain.isalnum() or (colon and not port.isdigit()):
        raise Invalid("This is no domain.", field="domain")
    return host


async def _are_parted(tx: Transaction, actor_id: int, host: str) -> bool:
    """Whether the two still have nothing to do with each other: by the person's wish, or by the operator's."""
    return await domain_blocks.is_blocked(tx, by=actor_id, host=host) or await domain_rules.suspends(tx, host)
