"""Counts what an instance tells of itself: people, posts, hosts, weeks. It must not name anybody but the admin."""

from dataclasses import dataclass

from sqlalchemy import bindparam, distinct, func, literal, select

from server.store.database import Reader
from server.store.network.domain_rules import SUSPEND, domain_rules
from server.store.network.peers import peers
from server.store.people.accounts import accounts
from server.store.people.actors import Actor, actors
from server.store.writing.posts import posts


@dataclass(frozen=True, slots=True)
class Census:
    """How many of our people and of their posts there are, how many hosts we know, and who posted lately."""

    people: int
    posts: int
    hosts: int
    active: int


# Without bound values, so that the index of living posts fits.
_OURS = (posts.c.local, posts.c.deleted_at.is_(None))
_below = literal(".") + domain_rules.c.domain
_suspended = (
    select(domain_rules.c.domain)
    .where(domain_rules.c.severity == literal(SUSPEND))
    .where((domain_rules.c.domain == peers.c.host) | (func.substr(peers.c.host, -func.length(_below)) == _below))
    .exists()
)
_known = (peers.c.heard_at.is_not(None) | peers.c.delivered_at.is_not(None)) & ~_suspended
_people = (
    select(func.count()).where(actors.c.local, actors.c.type == literal("Person"), actors.c.gone_at.is_(None))
).scalar_subquery()
_posts = select(func.count()).select_from(posts).where(*_OURS).scalar_subquery()
_hosts = select(func.count()).select_from(peers).where(_known).scalar_subquery()
_writers = func.count(distinct(posts.c.actor_id))
_active = select(_writers).where(*_OURS, posts.c.id >= bindparam("since")).scalar_subquery()
_census = select(_people, _posts, _hosts, _active)
_wrote = select(func.count(), _writers).where(*_OURS, posts.c.id >= bindparam("first"), posts.c.id < bindparam("end"))
_came = select(func.count()).where(
    accounts.c.created_at >= bindparam("since"), accounts.c.created_at < bindparam("end")
)
_host_names = select(peers.c.host).where(_known).order_by(peers.c.host).limit(bindparam("most"))
_admin = (
    select(actors)
    .join(accounts, accounts.c.actor_id == actors.c.id)
    .where(accounts.c.role == literal("admin"), actors.c.gone_at.is_(None), actors.c.suspended_at.is_(None))
    .order_by(accounts.c.created_at)
    .limit(1)
)


async def take_census(reader: Reader, *, since_id: int) -> Census:
    """Count everything; `active` are those who posted at or above a post id."""
    # Long on a large instance, so in the thread.
    return Census(*(await reader.all(_census, since=since_id))[0])


async def count_written(reader: Reader, *, first_id: int, end_id: int) -> tuple[int, int]:
    """Return how many posts our people wrote between two ids, and how many of them did."""
    row = (await reader.all(_wrote, first=first_id, end=end_id))[0]
    return row[0], row[1]


async def count_come(reader: Reader, *, since: int, end: int) -> int:
    """Count who came between two times."""
    row = await reader.one(_came, since=since, end=end)
    return int(row[0]) if row else 0


async def list_hosts(reader: Reader, *, limit: int) -> list[str]:
    """Return the hosts that we exchange posts with."""
    return [row[0] for row in await reader.all(_host_names, most=limit)]


async def find_admin(reader: Reader) -> Actor | None:
    """Return who has been administrator longest."""
    row = await reader.one(_admin)
    return Actor(*row) if row else None
