"""Owns `oauth_clients` and `oauth_codes`: the programs that ask for tokens, and the codes on their way to them.

Secrets and codes arrive hashed. It must not judge whether a client may have what it asks for.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import msgspec
from sqlalchemy import Column, ForeignKey, Table, Text, bindparam, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from server.store.database import Reader, Transaction
from server.store.people.accounts import accounts
from server.store.schema import Id, metadata

# How a client came to be known: Mastodon's way, RFC 7591, its own metadata document, or its ActivityPub actor.
Kind = Literal["app", "registered", "document", "actor"]
KINDS: tuple[Kind, ...] = get_args(Kind)

oauth_clients = Table(
    "oauth_clients",
    metadata,
    Column("client_id", Text, primary_key=True),
    Column("id", Id, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("website", Text),
    Column("secret_hash", Text),
    Column("redirect_uris", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("grant_types", Text, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("fetched_at", Id),
    Column("used_at", Id, index=True),
)

oauth_codes = Table(
    "oauth_codes",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column("client_id", Text, nullable=False),
    Column("actor_id", Id, ForeignKey(accounts.c.actor_id), nullable=False, index=True),
    Column("redirect_uri", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("challenge", Text),
    Column("family", Id, nullable=False),
    Column("expires_at", Id, nullable=False, index=True),
    Column("used_at", Id),
)


@dataclass(frozen=True, slots=True)
class Client:
    """A program. `redirect_uris` is a JSON list, `scopes` and `grant_types` are parted by spaces.

    Without `secret_hash` it is public: it can keep no secret. No `scopes` means that it never said which.
    """

    client_id: str
    id: int
    kind: str
    name: str
    website: str | None
    secret_hash: str | None
    redirect_uris: str
    scopes: str
    grant_types: str
    created_at: int
    fetched_at: int | None = None
    used_at: int | None = None

    @property
    def redirects(self) -> list[str]:
        """Where codes for it may be sent."""
        return msgspec.json.decode(self.redirect_uris, type=list[str])

    @property
    def is_public(self) -> bool:
        """Whether it has no secret."""
        return self.secret_hash is None

    def may(self, grant: str) -> bool:
        """Whether it said that it uses this grant type."""
        return grant in self.grant_types.split()


@dataclass(frozen=True, slots=True)
class Code:
    """What somebody consented to, on its way to the client; `challenge` is PKCE's, S256."""

    code_hash: str
    client_id: str
    actor_id: int
    redirect_uri: str
    scopes: str
    challenge: str | None
    family: int
    expires_at: int
    used_at: int | None = None


_client = select(oauth_clients).where(oauth_clients.c.client_id == bindparam("wanted"))
_put_client = upsert(oauth_clients)
_put_client = _put_client.on_conflict_do_update(
    index_elements=["client_id"],
    set_={
        name: _put_client.excluded[name]
        for name in ("kind", "name", "website", "redirect_uris", "scopes", "grant_types", "fetched_at")
    },
)
_use_client = (
    update(oauth_clients).where(oauth_clients.c.client_id == bindparam("wanted")).values(used_at=bindparam("moment"))
)
_drop_unused = delete(oauth_clients).where(
    oauth_clients.c.used_at.is_(None), oauth_clients.c.created_at < bindparam("oldest")
)
_insert_code = insert(oauth_codes)
_code = select(oauth_codes).where(oauth_codes.c.code_hash == bindparam("hashed"))
_use_code = (
    update(oauth_codes)
    .where(oauth_codes.c.code_hash == bindparam("hashed"), oauth_codes.c.used_at.is_(None))
    .values(used_at=bindparam("moment"))
)
_drop_codes = delete(oauth_codes).where(oauth_codes.c.expires_at < bindparam("oldest"))
_drop_codes_of = delete(oauth_codes).where(
    oauth_codes.c.actor_id == bindparam("actor"), oauth_codes.c.used_at.is_(None)
)


async def find_client(reader: Reader, client_id: str) -> Client | None:
    """Find a client by its id."""
    row = await reader.one(_client, wanted=client_id)
    return Client(*row) if row else None


async def put_client(tx: Transaction, client: Client) -> None:
    """Store a client, or what its document says today."""
    await tx.run(_put_client, **{name: getattr(client, name) for name in client.__slots__})


async def note_use(tx: Transaction, client_id: str, *, at: int) -> None:
    """Note that somebody let this client in, so that it is kept."""
    await tx.run(_use_client, wanted=client_id, moment=at)


async def add_code(tx: Transaction, code: Code) -> None:
    """Store a code's hash."""
    await tx.run(_insert_code, **{name: getattr(code, name) for name in code.__slots__})


async def find_code(reader: Reader, code_hash: str) -> Code | None:
    """Find a code, also a used one or one that ran out."""
    row = await reader.one(_code, hashed=code_hash)
    return Code(*row) if row else None


async def use_code(tx: Transaction, code_hash: str, *, at: int) -> bool:
    """Mark a code used; False when it was already."""
    return await tx.run(_use_code, hashed=code_hash, moment=at) == 1


async def drop_codes_of_actor(tx: Transaction, actor_id: int) -> None:
    """Forget the codes for somebody that no client has used yet."""
    await tx.run(_drop_codes_of, actor=actor_id)


async def prune(tx: Transaction, *, codes_before: int, clients_before: int) -> int:
    """Forget codes that ran out and clients that nobody ever let in; return how many."""
    codes = await tx.run(_drop_codes, oldest=codes_before)
    return codes + await tx.run(_drop_unused, oldest=clients_before)
