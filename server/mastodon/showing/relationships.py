"""Shows how who asks stands to others, all of a list at once. It must not change it."""

from collections.abc import Sequence

from server.mastodon.entities.basics import Relationship
from server.mastodon.words import show_time
from server.site import Site
from server.store.database import Reader
from server.store.people.actors import Actor
from server.store.ties.relationships import Standing, find_standings

ACCEPTED, PENDING = "accepted", "pending"


async def show_relationships(reader: Reader, site: Site, me: Actor, actor_ids: Sequence[int]) -> list[Relationship]:
    """Return how `me` stands to these actors, in their order; those we do not know are left out."""
    found = await find_standings(reader, me.id, actor_ids, now=site.clock.now())
    return [_show(one) for one in found]


async def show_relationship(reader: Reader, site: Site, me: Actor, target: Actor) -> Relationship:
    """Return how `me` stands to one other, who is known."""
    return (await show_relationships(reader, site, me, [target.id]))[0]


def _show(one: Standing) -> Relationship:
    mine, theirs = one.mine, one.theirs
    return Relationship(
        id=str(one.actor_id),
        following=mine is not None and mine.state == ACCEPTED,
        showing_reblogs=mine is not None and mine.reblogs,
        notifying=mine is not None and mine.notify,
        languages=list(mine.wanted_languages) or None if mine is not None else None,
        followed_by=theirs is not None and theirs.state == ACCEPTED,
        blocking=one.blocking,
        blocked_by=one.blocked_by,
        muting=one.mute is not None,
        muting_notifications=one.mute is not None and one.mute.hides_notifications,
        muting_expires_at=show_time(one.mute.expires_at) if one.mute is not None else None,
        requested=mine is not None and mine.state == PENDING,
        requested_by=theirs is not None and theirs.state == PENDING,
        domain_blocking=one.domain_blocking,
        endorsed=one.endorsed,
        note=one.note,
    )
