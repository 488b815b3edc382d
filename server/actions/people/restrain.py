"""The operator suspends or silences one person, ours or a peer's, and takes it back. It must not delete anything.

Suspended, one of ours cannot log in, no token of theirs is good, their address says that alone, and peers are told that
the account is suspended; a peer's is refused at the inbox and hidden, and the follows between them and our people end.
Silenced, somebody is heard by those who follow them and by nobody else.
"""

from dataclasses import replace

from activitypub.vocabulary import host_of
from server.actions.network.audit import NOBODY, Operator, note_act
from server.actions.people.profile import publish_profile
from server.actions.ties.follow import reject_request, unfollow
from server.problems import Conflict, Forbidden
from server.site import Site
from server.store.database import Transaction
from server.store.network import domain_rules
from server.store.network.domain_rules import Rule
from server.store.people import accounts, actors, hiding
from server.store.people.actors import Actor
from server.store.people.hiding import SILENCED, SUSPENDED
from server.store.ties import follows


async def suspend(tx: Transaction, site: Site, actor: Actor, *, by: Operator = NOBODY) -> None:
    """Suspend somebody.

    Raises:
        Forbidden: it is no person's account of ours, or the only one that administers the instance.
        Conflict: they are suspended already.
    """
    actor = await _look_again(tx, actor)
    if actor.is_barred:
        raise Conflict(f"@{actor.handle} is suspended already.")
    if actor.local and await accounts.list_admins(tx) == [actor.id]:
        raise Forbidden("Nobody else administers this instance.")
    now = site.clock.now()
    await hiding.mark(tx, SUSPENDED, actor.id, at=now)
    if actor.local:
        await accounts.end_sessions(tx, actor.id)
        await publish_profile(tx, site, replace(actor, suspended_at=now))
    else:
        await _part(tx, site, actor)
    await note_act(tx, site, by, "account.suspend", f"@{actor.handle}")


async def unsuspend(tx: Transaction, site: Site, actor: Actor, *, by: Operator = NOBODY) -> None:
    """Take a suspension back; follows that it ended stay ended.

    Raises:
        Conflict: they are not suspended here, or their whole server is.
    """
    actor = await _look_again(tx, actor)
    if not actor.is_barred:
        there = ", but at its own server" if actor.suspended_there_at is not None else ""
        raise Conflict(f"@{actor.handle} is not suspended here{there}.")
    rule = await _find_rule(tx, actor)
    if rule is not None and rule.suspends:
        raise Conflict(f"The server of @{actor.handle} is suspended as a whole.")
    await hiding.mark(tx, SUSPENDED, actor.id, at=actor.suspended_there_at)
    if actor.local:
        await publish_profile(tx, site, replace(actor, suspended_at=None))
    await note_act(tx, site, by, "account.unsuspend", f"@{actor.handle}")


async def silence(tx: Transaction, site: Site, actor: Actor, *, by: Operator = NOBODY) -> None:
    """Silence somebody; nobody is told.

    Raises:
        Conflict: they are silenced already.
    """
    actor = await _look_again(tx, actor)
    if actor.silenced_at is not None:
        raise Conflict(f"@{actor.handle} is silenced already.")
    await hiding.mark(tx, SILENCED, actor.id, at=site.clock.now())
    await note_act(tx, site, by, "account.silence", f"@{actor.handle}")


async def unsilence(tx: Transaction, site: Site, actor: Actor, *, by: Operator = NOBODY) -> None:
    """Take it back.

    Raises:
        Conflict: they are not silenced, or their whole server is.
    """
    actor = await _look_again(tx, actor)
    if actor.silenced_at is None:
        raise Conflict(f"@{actor.handle} is not silenced.")
    rule = await _find_rule(tx, actor)
    if rule is not None and rule.silences:
        raise Conflict(f"The server of @{actor.handle} is silenced as a whole.")
    await hiding.mark(tx, SILENCED, actor.id, at=None)
    await note_act(tx, site, by, "account.unsilence", f"@{actor.handle}")


async def _look_again(tx: Transaction, actor: Actor) -> Actor:
    actor = await actors.find(tx, actor.id) or actor
    if actor.gone_at is not None or actor.type == "Application" or (actor.local and actor.type != "Person"):
        raise Forbidden(f"@{actor.handle} is no account that can be restrained.")
    return actor


async def _find_rule(tx: Transaction, actor: Actor) -> Rule | None:
    if actor.local:
        return None
    return await domain_rules.find_strictest(tx, (actor.host, host_of(actor.uri)))


async def _part(tx: Transaction, site: Site, actor: Actor) -> None:
    """End the follows between a peer's actor and our people, who are few, and tell its server."""
    for person in await actors.list_local(tx):
        if await follows.find(tx, actor.id, person.id) is not None:
            await reject_request(tx, site, person, actor)
        if await follows.find(tx, person.id, actor.id) is not None:
            await unfollow(tx, site, person, actor)
