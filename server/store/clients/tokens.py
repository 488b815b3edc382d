"""Owns `access_tokens`, `app_tokens` and `refresh_tokens`: what clients may do, for whom, and until when.

Tokens arrive hashed. Those that came from one consent are one family: a stolen one ends them all. It must not know what
a scope means.
"""

from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, delete, insert, or_, select, update

from server.store.database import Reader, Transaction
from server.store.people.accounts import accounts
from server.store.schema import Id, metadata

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("actor_id", Id, ForeignKey(accounts.c.actor_id), nullable=False, index=True),
    Column("scopes", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("revoked_at", Id, index=True),
    # None: made in the shell.
    Column("client_id", Text),
    Column("family", Id, index=True),
    Column("expires_at", Id, index=True),
)

# With these an app speaks for itself alone.
app_tokens = Table(
    "app_tokens",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("client_id", Text, nullable=False, index=True),
    Column("scopes", Text, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("expires_at", Id, nullable=False, index=True),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("family", Id, nullable=False, index=True),
    Column("client_id", Text, nullable=False),
    Column("actor_id", Id, ForeignKey(accounts.c.actor_id), nullable=False, index=True),
    Column("scopes", Text, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("expires_at", Id, nullable=False, index=True),
    Column("used_at", Id),
    Column("revoked_at", Id, index=True),
)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A bearer token's hash and what it allows; `scopes` are parted by spaces."""

    token_hash: str
    actor_id: int
    scopes: str
    label: str
    created_at: int
    revoked_at: int | None = None
    client_id: str | None = None
    family: int | None = None
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class AppToken:
    """What an app has that speaks for nobody."""

    token_hash: str
    client_id: str
    scopes: str
    created_at: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """What buys the next access token, once."""

    token_hash: str
    family: int
    client_id: str
    actor_id: int
    scopes: str
    created_at: int
    expires_at: int
    used_at: int | None = None
    revoked_at: int | None = None


_insert_access = insert(access_tokens)
_insert_app = insert(app_tokens)
_insert_refresh = insert(refresh_tokens)
_app = select(app_tokens).where(
    app_tokens.c.token_hash == bindparam("hashed"), app_tokens.c.expires_at > bindparam("moment")
)
_newest_of_app = (
    select(app_tokens.c.token_hash)
    .where(app_tokens.c.client_id == bindparam("client"))
    .order_by(app_tokens.c.created_at.desc())
    .limit(bindparam("most"))
)
_drop_older_of_app = delete(app_tokens).where(
    app_tokens.c.client_id == bindparam("client"), app_tokens.c.token_hash.not_in(_newest_of_app)
)
_drop_app = delete(app_tokens).where(app_tokens.c.token_hash == bindparam("hashed"))
_live = select(access_tokens).where(
    access_tokens.c.token_hash == bindparam("hashed"),
    access_tokens.c.revoked_at.is_(None),
    or_(access_tokens.c.expires_at.is_(None), access_tokens.c.expires_at > bindparam("moment")),
)
_access = select(access_tokens).where(access_tokens.c.token_hash == bindparam("hashed"))
_refresh = select(refresh_tokens).where(refresh_tokens.c.token_hash == bindparam("hashed"))
_use_refresh = (
    update(refresh_tokens)
    .where(refresh_tokens.c.token_hash == bindparam("hashed"), refresh_tokens.c.used_at.is_(None))
    .values(used_at=bindparam("moment"))
)
_revoke_access = (
    update(access_tokens)
    .where(access_tokens.c.token_hash == bindparam("hashed"), access_tokens.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("moment"))
)
_REVOKE_FAMILY = {
    table.name: update(table)
    .where(table.c.family == bindparam("kin"), table.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("moment"))
    for table in (access_tokens, refresh_tokens)
}
_REVOKE_OF_ACTOR = {
    table.name: update(table)
    .where(table.c.actor_id == bindparam("actor"), table.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("moment"))
    for table in (access_tokens, refresh_tokens)
}
_family = select(access_tokens.c.token_hash).where(access_tokens.c.family == bindparam("kin"))
_of_actor = (
    select(access_tokens)
    .where(
        access_tokens.c.actor_id == bindparam("actor"),
        access_tokens.c.revoked_at.is_(None),
        or_(access_tokens.c.expires_at.is_(None), access_tokens.c.expires_at > bindparam("moment")),
    )
    .order_by(access_tokens.c.created_at.desc())
)
_renewable = select(refresh_tokens).where(
    refresh_tokens.c.actor_id == bindparam("actor"),
    refresh_tokens.c.used_at.is_(None),
    refresh_tokens.c.revoked_at.is_(None),
    refresh_tokens.c.expires_at > bindparam("moment"),
)
# A used refresh token is kept as long as it would have lived, so that its second use is known for what it is.
_PRUNE = {
    f"{table.name}_{column}": delete(table).where(table.c[column] < bindparam("oldest"))
    for table, column in (
        (access_tokens, "revoked_at"),
        (access_tokens, "expires_at"),
        (app_tokens, "expires_at"),
        (refresh_tokens, "revoked_at"),
        (refresh_tokens, "expires_at"),
    )
}


async def add(tx: Transaction, token: AccessToken) -> None:
    """Store a bearer token's hash."""
    await tx.run(_insert_access, **{name: getattr(token, name) for name in token.__slots__})


async def add_app(tx: Transaction, token: AppToken) -> None:
    """Store the hash of an app's own token."""
    await tx.run(_insert_app, **{name: getattr(token, name) for name in token.__slots__})


async def keep_newest_of_app(tx: Transaction, client_id: str, *, most: int) -> None:
    """End all but the newest tokens with which an app speaks for itself."""
    await tx.run(_drop_older_of_app, client=client_id, most=most)


async def add_refresh(tx: Transaction, token: RefreshToken) -> None:
    """Store a refresh token's hash."""
    await tx.run(_insert_refresh, **{name: getattr(token, name) for name in token.__slots__})


async def find_live(reader: Reader, token_hash: str, *, now: int) -> AccessToken | None:
    """Find a bearer token that was not revoked and has not run out. Streams and push ask this again and again."""
    row = await reader.one(_live, hashed=token_hash, moment=now)
    return AccessToken(*row) if row else None


async def find_app(reader: Reader, token_hash: str, *, now: int) -> AppToken | None:
    """Find a live token with which an app speaks for itself."""
    row = await reader.one(_app, hashed=token_hash, moment=now)
    return AppToken(*row) if row else None


async def find(reader: Reader, token_hash: str) -> AccessToken | None:
    """Find a bearer token, also a dead one."""
    row = await reader.one(_access, hashed=token_hash)
    return AccessToken(*row) if row else None


async def find_refresh(reader: Reader, token_hash: str) -> RefreshToken | None:
    """Find a refresh token, also a used one."""
    row = await reader.one(_refresh, hashed=token_hash)
    return RefreshToken(*row) if row else None


async def list_of_actor(reader: Reader, actor_id: int, *, now: int) -> list[AccessToken]:
    """Return the live bearer tokens of one of our people, newest first."""
    return [AccessToken(*row) for row in await reader.all(_of_actor, actor=actor_id, moment=now)]


async def list_renewable(reader: Reader, actor_id: int, *, now: int) -> list[RefreshToken]:
    """Return the live refresh tokens of one of our people."""
    return [RefreshToken(*row) for row in await reader.all(_renewable, actor=actor_id, moment=now)]


async def use_refresh(tx: Transaction, token_hash: str, *, at: int) -> bool:
    """Mark a refresh token used; False when it was already."""
    return await tx.run(_use_refresh, hashed=token_hash, moment=at) == 1


async def revoke(tx: Transaction, token_hash: str, *, at: int) -> None:
    """End one bearer token, a person's or an app's own."""
    await tx.run(_revoke_access, hashed=token_hash, moment=at)
    await tx.run(_drop_app, hashed=token_hash)


async def revoke_family(tx: Transaction, family: int, *, at: int) -> list[str]:
    """End every token that came from one consent; return the hashes of its bearer tokens."""
    for statement in _REVOKE_FAMILY.values():
        await tx.run(statement, kin=family, moment=at)
    return [str(row[0]) for row in await tx.all(_family, kin=family)]


async def revoke_of_actor(tx: Transaction, actor_id: int, *, at: int) -> None:
    """End every token of one of our people."""
    for statement in _REVOKE_OF_ACTOR.values():
        await tx.run(statement, actor=actor_id, moment=at)


async def prune(tx: Transaction, *, before: int) -> int:
    """Forget tokens that died before a moment; return how many."""
    return sum([await tx.run(statement, oldest=before) for statement in _PRUNE.values()])
