"""Lets go of what nobody here needs: strangers' posts and profiles, deliveries that are over, old activities.

It goes through each table once, some rows at a time; every step looks again before it drops. It must not touch what is
ours.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from server.ids import MICROSECONDS, first_at
from server.services import Services
from server.store.database import Reader, Transaction
from server.store.network import activities, deliveries, strangers

# Looked at in one step: some 10 ms, in which nobody else writes if something goes.
AT_ONCE = 200
DROPPED_AT_ONCE = 1000
DAY = 86_400 * MICROSECONDS


@dataclass(frozen=True, slots=True)
class LetGo:
    """How many of each went, or would go."""

    posts: int
    profiles: int
    deliveries: int
    activities: int


class List(Protocol):
    """Returns the ids between two ids, at most so many."""

    async def __call__(self, reader: Reader, *, after: int, end: int, limit: int) -> list[int]:
        """Return them in their order."""
        ...


Drop = Callable[[Transaction, Sequence[int]], Awaitable[int]]


async def let_go(services: Services) -> LetGo:
    """Let go of what is older than the configuration wants it kept."""
    keeping, now = services.site.config.keeping, services.site.clock.now()
    posts_before = now - keeping.stranger_post_days * DAY
    profiles_before = now - keeping.stranger_profile_days * DAY
    deliveries_before = now - keeping.delivery_days * DAY

    async def drop_posts(tx: Transaction, ids: Sequence[int]) -> int:
        untied = await strangers.find_untied_posts(tx, ids, since=posts_before)
        # The newest first, so that an answer goes before what it answers.
        for post in reversed(untied):
            await strangers.erase(tx, post)
        return len(untied)

    async def drop_profiles(tx: Transaction, ids: Sequence[int]) -> int:
        untied = await strangers.find_untied_actors(tx, ids, before=profiles_before)
        for actor_id in untied:
            await strangers.drop_actor(tx, actor_id)
        return len(untied)

    async def drop_deliveries(tx: Transaction, ids: Sequence[int]) -> int:
        return await deliveries.drop_over(tx, ids, before=deliveries_before)

    return LetGo(
        posts=await _walk(services, strangers.list_posts, drop_posts, end=first_at(posts_before)),
        profiles=await _walk(services, strangers.list_actors, drop_profiles, end=first_at(now)),
        deliveries=await _walk(services, deliveries.list_between, drop_deliveries, end=first_at(deliveries_before)),
        activities=await _drop_activities(services, now - keeping.activity_days * DAY),
    )


async def _walk(services: Services, list_ids: List, drop: Drop, *, end: int) -> int:
    """Go through the rows below `end`; return how many went."""
    gone, after = 0, 0
    while True:
        async with services.database.read() as reader:
            ids = await list_ids(reader, after=after, end=end, limit=AT_ONCE)
        if not ids:
            return gone
        async with services.database.write(durable=False) as tx:
            gone += await drop(tx, ids)
        after = ids[-1]


async def _drop_activities(services: Services, before: int) -> int:
    gone = 0
    while True:
        async with services.database.write(durable=False) as tx:
            newly = await activities.prune(tx, before=before, limit=DROPPED_AT_ONCE)
        gone += newly
        if newly < DROPPED_AT_ONCE:
            return gone
