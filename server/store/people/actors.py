"""Owns `actors` and `actor_keys`: everybody we know, local or remote, and the keys that speak for them.

It must not decide whether a document may be believed; `activitypub.authority` does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Table,
    Text,
    bindparam,
    delete,
    false,
    func,
    insert,
    literal,
    select,
    text,
    update,
)

from server.store.database import Reader, Transaction
from server.store.schema import Id, metadata
from server.store.statements import among

actors = Table(
    "actors",
    metadata,
    Column("id", Id, primary_key=True),
    Column("uri", Text, nullable=False, unique=True),
    Column("local", Boolean, nullable=False),
    Column("type", Text, nullable=False),
    Column("username", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("name", Text),
    Column("summary_html", Text),
    Column("url", Text),
    Column("inbox", Text, nullable=False, index=True),
    Column("shared_inbox", Text, index=True),
    Column("outbox", Text),
    Column("followers_uri", Text),
    Column("following_uri", Text),
    Column("featured_uri", Text),
    Column("icon_url", Text),
    Column("image_url", Text),
    Column("locked", Boolean, nullable=False),
    Column("discoverable", Boolean, nullable=False),
    Column("indexable", Boolean, nullable=False),
    Column("moved_to", Text),
    Column("also_known_as", Text, nullable=False),
    Column("created_at", Id, nullable=False),
    Column("fetched_at", Id, nullable=False),
    Column("gone_at", Id),
    Column("suspended_at", Id),
    Column("fields", Text, nullable=False, server_default="[]"),
    Column("bot", Boolean, nullable=False, server_default=false()),
    Column("hides_collections", Boolean, nullable=False, server_default=false()),
    Column("moved_at", Id),
    Column("featured_tags_uri", Text),
    # Heard by those who follow them, and in no public timeline.
    Column("silenced_at", Id),
    # Its own server says that it is suspended there, since this moment for us.
    Column("suspended_there_at", Id),
)
Index("ix_actors_handle", func.lower(actors.c.username), actors.c.host)
# Our own few among all those we know.
Index("ix_actors_local", actors.c.type, sqlite_where=text("local = 1"))
# Whom an operator restrained, or a rule.
_MARKED = text("(suspended_at IS NOT NULL OR silenced_at IS NOT NULL)")
Index("ix_actors_marked", actors.c.id, sqlite_where=_MARKED, postgresql_where=_MARKED)
# Who wants to be found.
Index("ix_actors_listed", actors.c.id, sqlite_where=text("discoverable = 1"))

RSA = "rsa"
ED25519 = "ed25519"

actor_keys = Table(
    "actor_keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("actor_id", Id, ForeignKey(actors.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("public_pem", Text, nullable=False),
    Column("private_pem", Text),
    Column("created_at", Id, nullable=False),
)


@dataclass(frozen=True, slots=True)
class ProfileField:
    """A line of a profile: a name and harmless HTML; `verified_at` is when its page was seen to link back."""

    name: str
    value_html: str
    verified_at: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, local or remote. `host` is the part after the @; `also_known_as` and `fields` are JSON.

    `bot` is what one of our people says of their account; of the others the type says it. `moved_at`: a Move of theirs
    was last acted on. `suspended_there_at`: its own server suspended it; nobody else, where `suspended_at` is the same.
    """

    id: int
    uri: str
    local: bool
    type: str
    username: str
    host: str
    name: str | None
    summary_html: str | None
    url: str | None
    inbox: str
    shared_inbox: str | None
    outbox: str | None
    followers_uri: str | None
    following_uri: str | None
    featured_uri: str | None
    icon_url: str | None
    image_url: str | None
    locked: bool
    discoverable: bool
    indexable: bool
    moved_to: str | None
    also_known_as: str
    created_at: int
    fetched_at: int
    gone_at: int | None
    suspended_at: int | None
    fields: str = "[]"
    bot: bool = False
    hides_collections: bool = False
    moved_at: int | None = None
    featured_tags_uri: str | None = None
    silenced_at: int | None = None
    suspended_there_at: int | None = None

    @property
    def handle(self) -> str:
        """`user@host`, as people write it after an @."""
        return f"{self.username}@{self.host}"

    @property
    def display_name(self) -> str:
        """The chosen name, or the username."""
        return self.name or self.username

    @property
    def aliases(self) -> tuple[str, ...]:
        """The other addresses this actor claims (`alsoKnownAs`)."""
        return tuple(msgspec.json.decode(self.also_known_as, type=list[str]))

    @property
    def profile_fields(self) -> tuple[ProfileField, ...]:
        """The lines of the profile."""
        return tuple(msgspec.json.decode(self.fields, type=list[ProfileField]))

    @property
    def is_barred(self) -> bool:
        """Whether it may not speak here. Whom its own server alone suspended may: who else could take that back?"""
        return self.suspended_at is not None and self.suspended_at != self.suspended_there_at

    @property
    def is_bot(self) -> bool:
        """Whether nobody in person writes here."""
        return self.bot or self.type in ("Application", "Service")


@dataclass(frozen=True, slots=True)
class ActorKey:
    """A key: `kind` is `rsa` or `ed25519`; `private_pem` only for our own."""

    key_id: str
    actor_id: int
    kind: str
    public_pem: str
    private_pem: str | None
    created_at: int


_by_id = select(actors).where(actors.c.id == bindparam("wanted"))
_by_ids = select(actors).where(among(actors.c.id, "wanted"))
_by_uri = select(actors).where(actors.c.uri == bindparam("wanted"))
_suspended_by_uri = _by_uri.where(actors.c.suspended_at.is_not(None))
_by_handle = (
    select(actors)
    .where(func.lower(actors.c.username) == bindparam("username"), actors.c.host == bindparam("host"))
    .where(actors.c.gone_at.is_(None))
    .order_by(actors.c.id.desc())
    .limit(1)
)
_local_names = (
    select(actors.c.username)
    .where(actors.c.local, actors.c.type == "Person", actors.c.gone_at.is_(None))
    .order_by("id")
)
_insert = insert(actors)
_PROFILE = [column.name for column in actors.columns if column.name not in ("id", "uri", "local", "created_at")]
_replace = (
    update(actors)
    .where(actors.c.id == bindparam("wanted"))
    .values({name: bindparam(f"new_{name}") for name in _PROFILE})
)
_mark_gone = update(actors).where(actors.c.uri == bindparam("wanted")).values(gone_at=bindparam("moment"))
_drop_inbox = (
    update(actors)
    .where((actors.c.inbox == bindparam("wanted")) | (actors.c.shared_inbox == bindparam("wanted")))
    .where(actors.c.local.is_(False), actors.c.gone_at.is_(None))
    .values(gone_at=bindparam("moment"))
)
_local = select(actors).where(actors.c.local, actors.c.type == literal("Person"), actors.c.gone_at.is_(None))
_count_local = select(func.count()).where(actors.c.local, actors.c.type == "Person", actors.c.gone_at.is_(None))
_keys_of = select(actor_keys).where(actor_keys.c.actor_id == bindparam("actor")).order_by(actor_keys.c.created_at)
_private_key = (
    select(actor_keys)
    .where(actor_keys.c.actor_id == bindparam("actor"), actor_keys.c.kind == bindparam("kind"))
    .where(actor_keys.c.private_pem.is_not(None))
    .order_by(actor_keys.c.created_at.desc())
    .limit(1)
)


def _has_own_key(kind: str) -> ColumnElement[bool]:
    mine = select(actor_keys.c.key_id).where(actor_keys.c.actor_id == actors.c.id, actor_keys.c.kind == literal(kind))
    return mine.where(actor_keys.c.private_pem.is_not(None)).exists()


_without_proof_key = select(actors).where(
    actors.c.local, actors.c.gone_at.is_(None), _has_own_key(RSA), ~_has_own_key(ED25519)
)
_key_with_owner = (
    select(actor_keys, actors.c.uri, actors.c.suspended_at, actors.c.gone_at, actors.c.local)
    .join(actors, actors.c.id == actor_keys.c.actor_id)
    .where(actor_keys.c.key_id == bindparam("wanted"))
)
_insert_key = insert(actor_keys)
_drop_key = delete(actor_keys).where(actor_keys.c.key_id == bindparam("wanted"))
_drop_keys = delete(actor_keys).where(actor_keys.c.actor_id == bindparam("actor"))


async def find(reader: Reader, actor_id: int) -> Actor | None:
    """Find an actor by our own id."""
    row = await reader.one(_by_id, wanted=actor_id)
    return Actor(*row) if row else None


async def find_many(reader: Reader, actor_ids: Sequence[int]) -> dict[int, Actor]:
    """Find actors by our own ids."""
    rows = await reader.all(_by_ids, wanted=msgspec.json.encode(sorted(set(actor_ids))).decode())
    return {row[0]: Actor(*row) for row in rows}


async def find_by_uri(reader: Reader, uri: str) -> Actor | None:
    """Find an actor by its ActivityPub id."""
    row = await reader.one(_by_uri, wanted=uri)
    return Actor(*row) if row else None


async def find_suspended(reader: Reader, uri: str) -> Actor | None:
    """Find an actor by its ActivityPub id if it is suspended; of all others the thirty columns are not even read."""
    row = await reader.one(_suspended_by_uri, wanted=uri)
    return Actor(*row) if row else None


async def find_by_handle(reader: Reader, username: str, host: str) -> Actor | None:
    """Find who bears `username@host` now; the name is compared without case."""
    row = await reader.one(_by_handle, username=username.lower(), host=host.lower())
    return Actor(*row) if row else None


async def list_local_names(reader: Reader) -> list[str]:
    """Return the usernames of our people, oldest first."""
    return [row[0] for row in await reader.all(_local_names)]


async def list_local(reader: Reader) -> list[Actor]:
    """Return our people, gone ones left out."""
    return [Actor(*row) for row in await reader.all(_local)]


async def count_local(reader: Reader) -> int:
    """Count our people."""
    row = await reader.one(_count_local)
    return int(row[0]) if row else 0


async def add(tx: Transaction, actor: Actor) -> None:
    """Store somebody new."""
    await tx.run(_insert, **{name: getattr(actor, name) for name in actor.__slots__})


async def replace(tx: Transaction, actor: Actor) -> None:
    """Overwrite what may change of a known actor; id, uri and origin stay."""
    await tx.run(_replace, wanted=actor.id, **{f"new_{name}": getattr(actor, name) for name in _PROFILE})


async def mark_gone(tx: Transaction, uri: str, *, at: int) -> None:
    """Remember that this actor was deleted."""
    await tx.run(_mark_gone, wanted=uri, moment=at)


async def drop_inbox(tx: Transaction, inbox: str, *, at: int) -> None:
    """An inbox said that it is gone for good: nothing more is sent to who read there, until they are fetched again."""
    await tx.run(_drop_inbox, wanted=inbox, moment=at)


async def list_keys(reader: Reader, actor_id: int) -> list[ActorKey]:
    """Return an actor's keys, oldest first."""
    return [ActorKey(*row) for row in await reader.all(_keys_of, actor=actor_id)]


async def find_signing_key(reader: Reader, actor_id: int) -> ActorKey | None:
    """Return the newest RSA key of one of our own actors, with its private half."""
    row = await reader.one(_private_key, actor=actor_id, kind=RSA)
    return ActorKey(*row) if row else None


async def find_proof_key(reader: Reader, actor_id: int) -> ActorKey | None:
    """Return the newest Ed25519 key of one of our own actors, with its private half."""
    row = await reader.one(_private_key, actor=actor_id, kind=ED25519)
    return ActorKey(*row) if row else None


async def list_without_proof_key(reader: Reader) -> list[Actor]:
    """Return those of our own actors that can sign requests and prove nothing."""
    return [Actor(*row) for row in await reader.all(_without_proof_key)]


async def add_key(tx: Transaction, key: ActorKey) -> None:
    """Add a key to those that an actor has."""
    await tx.run(_insert_key, **{name: getattr(key, name) for name in key.__slots__})


@dataclass(frozen=True, slots=True)
class KeyWithOwner:
    """A key and who it speaks for; `usable` is false when the owner is gone or suspended."""

    key: ActorKey
    owner_uri: str
    usable: bool
    local: bool


async def find_key(reader: Reader, key_id: str) -> KeyWithOwner | None:
    """Find a key by its id, with its owner."""
    row = await reader.one(_key_with_owner, wanted=key_id)
    if row is None:
        return None
    return KeyWithOwner(ActorKey(*row[:6]), row[6], usable=row[7] is None and row[8] is None, local=row[9])


async def replace_keys(tx: Transaction, actor_id: int, keys: Sequence[ActorKey]) -> None:
    """Make `keys` the only keys of this actor. A key id that belonged to another actor changes hands."""
    await tx.run(_drop_keys, actor=actor_id)
    for key in keys:
        await tx.run(_drop_key, wanted=key.key_id)
        await tx.run(_insert_key, **{name: getattr(key, name) for name in key.__slots__})
