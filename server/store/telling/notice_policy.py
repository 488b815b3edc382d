"""Owns `notification_policies`, `notification_requests`, `notification_permissions`: whom somebody wants to hear.

It must not apply them; `actions.notify` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.paging import Stretch, paged, read_page
from server.store.people.actors import actors
from server.store.schema import Id, metadata
from server.store.statements import among
from server.store.telling.notifications import notifications

Choice = Literal["accept", "filter", "drop"]

notification_policies = Table(
    "notification_policies",
    metadata,
    Column("actor_id", Id, ForeignKey(actors.c.id), primary_key=True),
    Column("for_not_following", Text, nullable=False),
    Column("for_not_followers", Text, nullable=False),
    Column("for_new_accounts", Text, nullable=False),
    Column("for_private_mentions", Text, nullable=False),
    Column("for_limited_accounts", Text, nullable=False),
)

notification_requests = Table(
    "notification_requests",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id), nullable=False),
    Column("from_id", Id, ForeignKey(actors.c.id), nullable=False, index=True),
    Column("last_post_id", Id, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("updated_at", Id, nullable=False),
    UniqueConstraint("actor_id", "from_id"),
)
Index("ix_notification_requests_of_actor", notification_requests.c.actor_id, notification_requests.c.id)

notification_permissions = Table(
    "notification_permissions",
    metadata,
    Column("actor_id", Id, ForeignKey(actors.c.id), primary_key=True),
    Column("from_id", Id, ForeignKey(actors.c.id), primary_key=True, index=True),
    Column("created_at", Id, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Policy:
    """What becomes of what certain senders do: `accept`, `filter` (put aside) or `drop`.

    Without a row it is as here: strangers who whisper are put aside, and limited accounts.
    """

    actor_id: int
    for_not_following: str = "accept"
    for_not_followers: str = "accept"
    for_new_accounts: str = "accept"
    for_private_mentions: str = "filter"
    for_limited_accounts: str = "filter"


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody whose mentions were put aside, and the last of them."""

    id: int
    actor_id: int
    from_id: int
    last_post_id: int
    created_at: int
    updated_at: int


_OF = notification_requests.c.actor_id == bindparam("actor")
_find_policy = select(notification_policies).where(notification_policies.c.actor_id == bindparam("actor"))
_put_policy = upsert(notification_policies)
_put_policy = _put_policy.on_conflict_do_update(
    index_elements=["actor_id"],
    set_={
        name: _put_policy.excluded[name]
        for name in (
            "for_not_following",
            "for_not_followers",
            "for_new_accounts",
            "for_private_mentions",
            "for_limited_accounts",
        )
    },
)
_put_request = upsert(notification_requests)
_put_request = _put_request.on_conflict_do_update(
    index_elements=["actor_id", "from_id"],
    set_={name: _put_request.excluded[name] for name in ("last_post_id", "updated_at")},
)
_list_requests = paged(select(notification_requests).where(_OF), notification_requests.c.id)
_requests = select(notification_requests).where(_OF, among(notification_requests.c.id, "wanted"))
_drop_request = delete(notification_requests).where(_OF, notification_requests.c.from_id == bindparam("sender"))
_drop_requests = delete(notification_requests).where(_OF)
_count_requests = select(func.count()).select_from(notification_requests).where(_OF)
_count_filtered = (
    select(notifications.c.from_id, func.count())
    .where(
        notifications.c.actor_id == bindparam("actor"),
        notifications.c.filtered,
        among(notifications.c.from_id, "wanted"),
    )
    .group_by(notifications.c.from_id)
)
_pending = (
    select(func.count())
    .select_from(notifications)
    .join(
        notification_requests,
        (notification_requests.c.actor_id == notifications.c.actor_id)
        & (notification_requests.c.from_id == notifications.c.from_id),
    )
    .where(notifications.c.actor_id == bindparam("actor"), notifications.c.filtered)
)
_permit = upsert(notification_permissions).on_conflict_do_nothing(index_elements=["actor_id", "from_id"])
_permitted = select(notification_permissions.c.from_id).where(
    notification_permissions.c.actor_id == bindparam("actor"), notification_permissions.c.from_id == bindparam("sender")
)


async def find_policy(reader: Reader, actor_id: int) -> Policy:
    """Return somebody's policy, the usual one where they never chose."""
    row = await reader.one(_find_policy, actor=actor_id)
    return Policy(*row) if row else Policy(actor_id)


async def put_policy(tx: Transaction, policy: Policy) -> None:
    """Choose a policy; it holds from now on."""
    await tx.run(_put_policy, **{name: getattr(policy, name) for name in policy.__slots__})


async def put_request(tx: Transaction, request: Request) -> None:
    """Remember that somebody's mention was put aside."""
    await tx.run(_put_request, **{name: getattr(request, name) for name in request.__slots__})


async def list_requests(reader: Reader, actor_id: int, stretch: Stretch) -> list[Request]:
    """Return whose mentions were put aside, newest first."""
    return [Request(*row) for row in await read_page(reader, _list_requests, stretch, actor=actor_id)]


async def find_requests(reader: Reader, actor_id: int, request_ids: Sequence[int]) -> list[Request]:
    """Return those of somebody's requests that have one of these ids."""
    wanted = msgspec.json.encode(list(request_ids)).decode()
    return [Request(*row) for row in await reader.all(_requests, actor=actor_id, wanted=wanted)]


async def drop_request(tx: Transaction, actor_id: int, from_id: int) -> None:
    """Forget that somebody's mentions were put aside."""
    await tx.run(_drop_request, actor=actor_id, sender=from_id)


async def drop_requests(tx: Transaction, actor_id: int) -> None:
    """Forget everybody whose mentions were put aside."""
    await tx.run(_drop_requests, actor=actor_id)


async def count_requests(reader: Reader, actor_id: int) -> int:
    """Count those whose mentions were put aside."""
    row = await reader.one(_count_requests, actor=actor_id)
    return int(row[0]) if row else 0


async def count_pending(reader: Reader, actor_id: int) -> int:
    """Count what those did whose mentions were put aside."""
    row = await reader.one(_pending, actor=actor_id)
    return int(row[0]) if row else 0


async def count_filtered(reader: Reader, actor_id: int, from_ids: Sequence[int]) -> dict[int, int]:
    """Return how much was put aside of each of these senders."""
    wanted = msgspec.json.encode(list(from_ids)).decode()
    return {row[0]: int(row[1]) for row in await reader.all(_count_filtered, actor=actor_id, wanted=wanted)}


async def permit(tx: Transaction, actor_id: int, from_id: int, *, at: int) -> None:
    """Remember that somebody wants to hear of a sender whatever their policy says."""
    await tx.run(_permit, actor_id=actor_id, from_id=from_id, created_at=at)


async def is_permitted(reader: Reader, actor_id: int, from_id: int) -> bool:
    """Say whether somebody wants to hear of a sender whatever their policy says."""
    return await reader.one(_permitted, actor=actor_id, sender=from_id) is not None
