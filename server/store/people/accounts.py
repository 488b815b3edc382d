"""Owns `accounts` and `sessions`: who may log in here, and what proves it.

It must not hash or check anything; secrets arrive hashed.
"""

from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, delete, func, insert, select, update

from server.store.database import Reader, Transaction
from server.store.people.actors import actors
from server.store.schema import Id, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("actor_id", Id, ForeignKey(actors.c.id), primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("suspended_at", Id),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("actor_id", Id, ForeignKey(accounts.c.actor_id), nullable=False, index=True),
    Column("created_at", Id, nullable=False),
    Column("expires_at", Id, nullable=False, index=True),
    # What its owner knows it by.
    Column("browser", Text),
    Column("address", Text),
    Column("seen_at", Id),
)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may log in; `username` is lower-case, `role` is `user` or `admin`."""

    actor_id: int
    username: str
    password_hash: str
    role: str
    created_at: int
    suspended_at: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is logged in; `browser` is what it calls itself, `address` where it came from first."""

    token_hash: str
    actor_id: int
    created_at: int
    expires_at: int
    browser: str | None
    address: str | None
    seen_at: int | None


_by_name = select(accounts).where(accounts.c.username == bindparam("name"))
_by_actor = select(accounts).where(accounts.c.actor_id == bindparam("actor"))
_insert = insert(accounts)
_set_password = (
    update(accounts).where(accounts.c.actor_id == bindparam("actor")).values(password_hash=bindparam("new_hash"))
)
_set_role = update(accounts).where(accounts.c.actor_id == bindparam("actor")).values(role=bindparam("new_role"))
_admins = select(accounts.c.actor_id).where(accounts.c.role == "admin", accounts.c.suspended_at.is_(None))
_count = select(func.count()).select_from(accounts)
_insert_session = insert(sessions)
_session = select(sessions).where(
    sessions.c.token_hash == bindparam("hashed"), sessions.c.expires_at > bindparam("moment")
)
_sessions_of = (
    select(sessions)
    .where(sessions.c.actor_id == bindparam("actor"), sessions.c.expires_at > bindparam("moment"))
    .order_by(sessions.c.created_at.desc())
)
_see_session = update(sessions).where(sessions.c.token_hash == bindparam("hashed")).values(seen_at=bindparam("moment"))
_drop_other_sessions = delete(sessions).where(
    sessions.c.actor_id == bindparam("actor"), sessions.c.token_hash != bindparam("hashed")
)
_drop_session = delete(sessions).where(sessions.c.token_hash == bindparam("hashed"))
_drop_sessions_of = delete(sessions).where(sessions.c.actor_id == bindparam("actor"))
_drop_old_sessions = delete(sessions).where(sessions.c.expires_at <= bindparam("moment"))


async def find_by_username(reader: Reader, username: str) -> Account | None:
    """Find an account by name, without case."""
    row = await reader.one(_by_name, name=username.lower())
    return Account(*row) if row else None


async def find_by_actor(reader: Reader, actor_id: int) -> Account | None:
    """Find the account of one of our actors."""
    row = await reader.one(_by_actor, actor=actor_id)
    return Account(*row) if row else None


async def list_admins(reader: Reader) -> list[int]:
    """Return the actor ids of those who run the instance."""
    return [int(row[0]) for row in await reader.all(_admins)]


async def count(reader: Reader) -> int:
    """Count the accounts."""
    row = await reader.one(_count)
    return int(row[0]) if row else 0


async def add(tx: Transaction, account: Account) -> None:
    """Store a new account."""
    await tx.run(_insert, **{name: getattr(account, name) for name in account.__slots__})


async def set_password(tx: Transaction, actor_id: int, password_hash: str) -> None:
    """Change a password; every session ends."""
    await tx.run(_set_password, actor=actor_id, new_hash=password_hash)
    await tx.run(_drop_sessions_of, actor=actor_id)


async def set_role(tx: Transaction, actor_id: int, role: str) -> None:
    """Make somebody a `user` or an `admin`."""
    await tx.run(_set_role, actor=actor_id, new_role=role)


async def begin_session(tx: Transaction, session: Session) -> None:
    """Remember a browser that logged in, and forget those whose time is over."""
    await tx.run(_drop_old_sessions, moment=session.created_at)
    await tx.run(_insert_session, **{name: getattr(session, name) for name in session.__slots__})


async def find_session(reader: Reader, token_hash: str, *, now: int) -> Session | None:
    """Return a live session."""
    row = await reader.one(_session, hashed=token_hash, moment=now)
    return Session(*row) if row else None


async def list_sessions(reader: Reader, actor_id: int, *, now: int) -> list[Session]:
    """Return the browsers in which somebody is logged in, newest first."""
    return [Session(*row) for row in await reader.all(_sessions_of, actor=actor_id, moment=now)]


async def see_session(tx: Transaction, token_hash: str, *, at: int) -> None:
    """Remember when a browser was last here."""
    await tx.run(_see_session, hashed=token_hash, moment=at)


async def end_other_sessions(tx: Transaction, actor_id: int, token_hash: str) -> int:
    """Log out every browser of somebody but one; return how many."""
    return await tx.run(_drop_other_sessions, actor=actor_id, hashed=token_hash)


async def end_sessions(tx: Transaction, actor_id: int) -> None:
    """Log out every browser of somebody."""
    await tx.run(_drop_sessions_of, actor=actor_id)


async def end_session(tx: Transaction, token_hash: str) -> None:
    """Log a browser out."""
    await tx.run(_drop_session, hashed=token_hash)
