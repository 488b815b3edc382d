"""Owns `peers`: what we remember of hosts: signature form, breaker, last sign of life. It must not talk to them."""

from collections.abc import Collection
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, Integer, Table, Text, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata
from server.store.statements import among

peers = Table(
    "peers",
    metadata,
    Column("host", Text, primary_key=True),
    Column("signature_form", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("resting_until", Id),
    Column("delivered_at", Id),
    Column("heard_at", Id),
    Column("created_at", Id, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Peer:
    """A host. `signature_form` is `cavage` or `rfc9421`; while `resting_until` is ahead nothing is sent to it.

    `failures` counts deliveries that failed in a row.
    """

    host: str
    signature_form: str
    failures: int
    resting_until: int | None
    delivered_at: int | None
    heard_at: int | None
    created_at: int


_find = select(peers).where(peers.c.host == bindparam("wanted"))
_find_many = select(peers).where(among(peers.c.host, "wanted"))
_put = upsert(peers)
_put = _put.on_conflict_do_update(
    index_elements=["host"],
    set_={
        name: _put.excluded[name]
        for name in ("signature_form", "failures", "resting_until", "delivered_at", "heard_at")
    },
)
_prefer = upsert(peers)
_prefer = _prefer.on_conflict_do_update(
    index_elements=["host"], set_={"signature_form": _prefer.excluded.signature_form}
)
_wake = (
    update(peers)
    .where(peers.c.host == bindparam("wanted"), peers.c.failures > 0)
    .where(peers.c.heard_at.is_(None) | (peers.c.heard_at <= bindparam("spared")))
    .values(failures=0, resting_until=None, heard_at=bindparam("moment"))
)


async def find(reader: Reader, host: str) -> Peer | None:
    """Find what we remember of a host."""
    row = await reader.one(_find, wanted=host)
    return Peer(*row) if row else None


async def find_many(reader: Reader, hosts: Collection[str]) -> dict[str, Peer]:
    """Find what we remember of hosts; those we know nothing of are left out."""
    rows = await reader.all(_find_many, wanted=msgspec.json.encode(list(hosts)).decode())
    return {row[0]: Peer(*row) for row in rows}


async def put(tx: Transaction, peer: Peer) -> None:
    """Remember how a host behaved."""
    await tx.run(_put, **{name: getattr(peer, name) for name in peer.__slots__})


async def prefer_form(tx: Transaction, host: str, form: str, *, at: int) -> None:
    """Remember which signature form a host understands."""
    await tx.run(
        _prefer,
        host=host,
        signature_form=form,
        failures=0,
        resting_until=None,
        delivered_at=None,
        heard_at=at,
        created_at=at,
    )


async def wake(tx: Transaction, host: str, *, at: int, unless_since: int) -> bool:
    """A host spoke: end its rest. True when it had failed before, and was not woken after `unless_since`."""
    return bool(await tx.run(_wake, wanted=host, moment=at, spared=unless_since))
