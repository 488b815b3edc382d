"""Owns `push_subscriptions`: where clients want to be woken. It must not send anything, nor open what is sealed."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Boolean, Column, ForeignKey, Table, Text, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.clients.tokens import access_tokens
from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata

push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("token_hash", Text, nullable=False, unique=True),
    # The client's own token, sealed with the instance's secret: it comes with every message, so that the client
    # knows which of its accounts is meant.
    Column("sealed_token", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("p256dh", Text, nullable=False),
    Column("auth", Text, nullable=False),
    Column("standard", Boolean, nullable=False),
    Column("alerts", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("created_at", Id, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where one client wants to be woken, one for each token.

    `id` is 0 before it is stored; then it is small, because some clients have but 32 bits for it (Tusky).

    `p256dh` and `auth` are base64url as the client gave them; `alerts` is a JSON list of the kinds wanted, in the
    clients' words; `policy` is all, followed, follower or none; `standard`: RFC 8291, else its draft of 2016.
    """

    id: int
    actor_id: int
    token_hash: str
    sealed_token: str
    endpoint: str
    p256dh: str
    auth: str
    standard: bool
    alerts: str
    policy: str
    created_at: int

    @property
    def wanted(self) -> frozenset[str]:
        """The kinds of notifications that wake the client."""
        return frozenset(msgspec.json.decode(self.alerts, type=list[str]))


_put = upsert(push_subscriptions)
_put = _put.on_conflict_do_update(
    index_elements=["token_hash"],
    set_={
        name: _put.excluded[name]
        for name in (
            "actor_id",
            "sealed_token",
            "endpoint",
            "p256dh",
            "auth",
            "standard",
            "alerts",
            "policy",
            "created_at",
        )
    },
)
_by_token = select(push_subscriptions).where(push_subscriptions.c.token_hash == bindparam("hashed"))
_by_id = select(push_subscriptions).where(push_subscriptions.c.id == bindparam("wanted"))
_of_actor = select(push_subscriptions).where(push_subscriptions.c.actor_id == bindparam("actor"))
_drop = delete(push_subscriptions).where(push_subscriptions.c.id == bindparam("wanted"))
_token = access_tokens.alias()
# What a token may no longer do, its subscription may not either.
_drop_dead = delete(push_subscriptions).where(
    push_subscriptions.c.token_hash.not_in(
        select(_token.c.token_hash).where(
            _token.c.revoked_at.is_(None), _token.c.expires_at.is_(None) | (_token.c.expires_at > bindparam("moment"))
        )
    )
)
_drop_of_token = delete(push_subscriptions).where(push_subscriptions.c.token_hash == bindparam("hashed"))


async def put(tx: Transaction, subscription: Subscription) -> None:
    """Store the subscription of a token; what it had before is overwritten. The database gives the id."""
    await tx.run(_put, **{name: getattr(subscription, name) for name in subscription.__slots__ if name != "id"})


async def find(reader: Reader, subscription_id: int) -> Subscription | None:
    """Find a subscription by its id."""
    row = await reader.one(_by_id, wanted=subscription_id)
    return Subscription(*row) if row else None


async def find_of_token(reader: Reader, token_hash: str) -> Subscription | None:
    """Find the subscription of a token."""
    row = await reader.one(_by_token, hashed=token_hash)
    return Subscription(*row) if row else None


async def list_of_actor(reader: Reader, actor_id: int) -> list[Subscription]:
    """Return where somebody's clients want to be woken."""
    return [Subscription(*row) for row in await reader.all(_of_actor, actor=actor_id)]


async def drop(tx: Transaction, subscription_id: int) -> None:
    """Forget a subscription."""
    await tx.run(_drop, wanted=subscription_id)


async def drop_of_token(tx: Transaction, token_hash: str) -> None:
    """Forget the subscription of a token, because it was revoked or the client wants no more."""
    await tx.run(_drop_of_token, hashed=token_hash)


async def drop_dead(tx: Transaction, *, now: int) -> int:
    """Forget the subscriptions of tokens that are good no more; return how many."""
    return await tx.run(_drop_dead, moment=now)
