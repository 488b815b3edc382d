"""Owns `passkeys`, `authenticators`, `recovery_codes` and `spent_challenges`: what proves who somebody is.

It must not check anything: secrets arrive sealed, codes hashed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.accounts import accounts
from server.store.schema import Id, metadata

passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("actor_id", Id, ForeignKey(accounts.c.actor_id), nullable=False, index=True),
    Column("credential_id", Text, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("used_at", Id),
)

authenticators = Table(
    "authenticators",
    metadata,
    Column("actor_id", Id, ForeignKey(accounts.c.actor_id), primary_key=True),
    Column("sealed_secret", Text, nullable=False),
    Column("confirmed_at", Id),
    # The last time step whose code was taken: a code that was overlooked is worth nothing.
    Column("last_step", Id, nullable=False),
)

spent_challenges = Table(
    "spent_challenges",
    metadata,
    Column("name", Text, primary_key=True),
    Column("expires_at", Id, nullable=False, index=True),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("actor_id", Id, ForeignKey(accounts.c.actor_id), primary_key=True),
    Column("code_hash", Text, primary_key=True),
)


@dataclass(frozen=True, slots=True)
class Passkey:
    """A WebAuthn credential. `credential_id` is base64url, `public_key` COSE; `name` is for its owner."""

    id: int
    actor_id: int
    credential_id: str
    public_key: bytes
    sign_count: int
    name: str
    created_at: int
    used_at: int | None


@dataclass(frozen=True, slots=True)
class Authenticator:
    """An app that shows codes (TOTP); it counts only once confirmed."""

    actor_id: int
    sealed_secret: str
    confirmed_at: int | None
    last_step: int


_insert_passkey = insert(passkeys)
_by_credential = select(passkeys).where(passkeys.c.credential_id == bindparam("wanted"))
_passkeys_of = select(passkeys).where(passkeys.c.actor_id == bindparam("actor")).order_by(passkeys.c.id)
_use_passkey = (
    update(passkeys)
    .where(passkeys.c.id == bindparam("wanted"))
    .values(sign_count=bindparam("new_count"), used_at=bindparam("moment"))
)
_drop_passkey = delete(passkeys).where(passkeys.c.id == bindparam("wanted"), passkeys.c.actor_id == bindparam("actor"))
_drop_passkeys_of = delete(passkeys).where(passkeys.c.actor_id == bindparam("actor"))
_put_authenticator = upsert(authenticators)
_put_authenticator = _put_authenticator.on_conflict_do_update(
    index_elements=["actor_id"],
    set_={name: _put_authenticator.excluded[name] for name in ("sealed_secret", "confirmed_at", "last_step")},
)
_authenticator = select(authenticators).where(authenticators.c.actor_id == bindparam("actor"))
_take_step = (
    update(authenticators)
    .where(authenticators.c.actor_id == bindparam("actor"), authenticators.c.last_step < bindparam("step"))
    .values(last_step=bindparam("step"))
)
_drop_authenticator = delete(authenticators).where(authenticators.c.actor_id == bindparam("actor"))
_spend = upsert(spent_challenges).on_conflict_do_nothing(index_elements=["name"])
_forget_spent = delete(spent_challenges).where(spent_challenges.c.expires_at <= bindparam("moment"))
_insert_code = insert(recovery_codes)
_drop_codes = delete(recovery_codes).where(recovery_codes.c.actor_id == bindparam("actor"))
_use_code = delete(recovery_codes).where(
    recovery_codes.c.actor_id == bindparam("actor"), recovery_codes.c.code_hash == bindparam("hashed")
)
_count_codes = select(func.count()).select_from(recovery_codes).where(recovery_codes.c.actor_id == bindparam("actor"))


async def add_passkey(tx: Transaction, passkey: Passkey) -> None:
    """Store a passkey."""
    await tx.run(_insert_passkey, **{name: getattr(passkey, name) for name in passkey.__slots__})


async def find_passkey(reader: Reader, credential_id: str) -> Passkey | None:
    """Find a passkey by its credential id (base64url)."""
    row = await reader.one(_by_credential, wanted=credential_id)
    return Passkey(*row) if row else None


async def list_passkeys(reader: Reader, actor_id: int) -> list[Passkey]:
    """Return somebody's passkeys, oldest first."""
    return [Passkey(*row) for row in await reader.all(_passkeys_of, actor=actor_id)]


async def use_passkey(tx: Transaction, passkey_id: int, *, sign_count: int, at: int) -> None:
    """Remember that a passkey was used, and its counter."""
    await tx.run(_use_passkey, wanted=passkey_id, new_count=sign_count, moment=at)


async def spend_challenge(tx: Transaction, name: str, *, now: int, expires_at: int) -> bool:
    """Use a challenge up; false when it was used."""
    await tx.run(_forget_spent, moment=now)
    return bool(await tx.run(_spend, name=name, expires_at=expires_at))


async def drop_passkey(tx: Transaction, actor_id: int, passkey_id: int) -> bool:
    """Forget a passkey of somebody; false when there is none."""
    return bool(await tx.run(_drop_passkey, wanted=passkey_id, actor=actor_id))


async def put_authenticator(tx: Transaction, authenticator: Authenticator) -> None:
    """Store an authenticator in place of any earlier one."""
    await tx.run(_put_authenticator, **{name: getattr(authenticator, name) for name in authenticator.__slots__})


async def find_authenticator(reader: Reader, actor_id: int) -> Authenticator | None:
    """Find somebody's authenticator, confirmed or not."""
    row = await reader.one(_authenticator, actor=actor_id)
    return Authenticator(*row) if row else None


async def take_step(tx: Transaction, actor_id: int, step: int) -> bool:
    """Use up the code of a time step and all before it; false when it was used."""
    return bool(await tx.run(_take_step, actor=actor_id, step=step))


async def drop_authenticator(tx: Transaction, actor_id: int) -> None:
    """Forget somebody's authenticator and recovery codes."""
    await tx.run(_drop_authenticator, actor=actor_id)
    await tx.run(_drop_codes, actor=actor_id)


async def drop_all(tx: Transaction, actor_id: int) -> None:
    """Forget somebody's passkeys, authenticator and recovery codes."""
    await tx.run(_drop_passkeys_of, actor=actor_id)
    await drop_authenticator(tx, actor_id)


async def replace_codes(tx: Transaction, actor_id: int, hashes: Sequence[str]) -> None:
    """Make these the only recovery codes of somebody."""
    await tx.run(_drop_codes, actor=actor_id)
    await tx.run_many(_insert_code, [{"actor_id": actor_id, "code_hash": one} for one in hashes])


async def use_code(tx: Transaction, actor_id: int, code_hash: str) -> bool:
    """Use a recovery code up; false when there is no such."""
    return bool(await tx.run(_use_code, actor=actor_id, hashed=code_hash))


async def count_codes(reader: Reader, actor_id: int) -> int:
    """Count the recovery codes that are left."""
    row = await reader.one(_count_codes, actor=actor_id)
    return int(row[0]) if row else 0
