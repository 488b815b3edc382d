"""Tells one of our people which follows end because of something else they did. It must not end any."""

import msgspec

from server.actions.telling.notify import notify
from server.ids import iso
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.ties import domain_blocks


class Severance(msgspec.Struct, frozen=True):
    """What is kept with the notification, in the words that clients know."""

    id: str
    type: str
    purged: bool
    target_name: str
    followers_count: int
    following_count: int
    created_at: str


async def tell_severed(tx: Transaction, site: Site, actor: Actor, host: str, *, by_operator: bool = False) -> None:
    """Tell `actor` how many follows end with the host that they or the operator block; nothing where there are none."""
    followers, following = await domain_blocks.count_ties(tx, actor.id, host)
    if not followers and not following:
        return
    event_id = site.ids.new()
    event = Severance(
        id=str(event_id),
        type="domain_block" if by_operator else "user_domain_block",
        purged=False,
        target_name=host,
        followers_count=followers,
        following_count=following,
        created_at=iso(site.clock.now()),
    )
    detail = msgspec.json.encode(event).decode()
    await notify(tx, site, actor, "severed_relationships", by=actor, post_id=event_id, detail=detail)
