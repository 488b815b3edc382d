"""Remembers where a client wants to be woken, and for what. It must not wake it, nor check what keys it gave."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import msgspec

from server.problems import Invalid, NotFound
from server.site import Site
from server.store.database import Transaction
from server.store.people.actors import Actor
from server.store.telling import push
from server.store.telling.push import Subscription

# What may wake a client, in the clients' words.
ALERTS = (
    "mention",
    "quote",
    "status",
    "reblog",
    "follow",
    "follow_request",
    "favourite",
    "poll",
    "update",
    "quoted_update",
    "admin.sign_up",
    "admin.report",
)
POLICIES = ("all", "followed", "follower", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A client's way in: its push service and keys, and the token it asks with, sealed."""

    token_hash: str
    sealed_token: str
    endpoint: str
    p256dh: str
    auth: str
    standard: bool


async def subscribe(
    tx: Transaction, site: Site, me: Actor, door: Door, *, alerts: Collection[str], policy: str
) -> Subscription:
    """Wake this client from now on, in place of what it had before.

    Raises:
        Invalid: there is no such policy.
    """
    subscription = Subscription(
        id=0,
        actor_id=me.id,
        token_hash=door.token_hash,
        sealed_token=door.sealed_token,
        endpoint=door.endpoint,
        p256dh=door.p256dh,
        auth=door.auth,
        standard=door.standard,
        alerts=_write(alerts),
        policy=_check(policy),
        created_at=site.clock.now(),
    )
    await push.put(tx, subscription)
    return await push.find_of_token(tx, door.token_hash) or subscription


async def change_subscription(
    tx: Transaction, token_hash: str, *, alerts: Collection[str], policy: str | None
) -> Subscription:
    """Choose anew what wakes a client.

    Raises:
        NotFound: it has no subscription.
        Invalid: there is no such policy.
    """
    known = await push.find_of_token(tx, token_hash)
    if known is None:
        raise NotFound("Record not found")
    changed = replace(known, alerts=_write(alerts), policy=_check(policy or known.policy))
    await push.put(tx, changed)
    return changed


def _write(alerts: Collection[str]) -> str:
    return msgspec.json.encode([one for one in ALERTS if one in alerts]).decode()


def _check(policy: str) -> str:
    if policy not in POLICIES:
        raise Invalid(f"Validation failed: policy must be one of {', '.join(POLICIES)}", field="policy")
    return policy
