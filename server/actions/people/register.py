"""Makes accounts and the instance's own actor. It must not generate keys or hash passwords; both take time."""

import re
from dataclasses import dataclass, replace

from server.actions.people.proof_keys import make_proof_key
from server.actions.telling.tell import tell_admins
from server.problems import Conflict, Invalid
from server.site import INSTANCE_NAME, Site
from server.store.database import Transaction
from server.store.people import accounts, actors
from server.store.people.accounts import Account
from server.store.people.actors import Actor, ActorKey

# What every peer accepts: Mastodon allows more, Pixelfed less.
_USERNAME = re.compile(r"[a-z0-9_]{1,30}\Z")
RESERVED_NAMES = frozenset(
    {INSTANCE_NAME, "actor", "admin", "administrator", "inbox", "moderator", "pinxit", "root", "system"}
)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An RSA key in PEM, both halves."""

    private_pem: str
    public_pem: str


def check_username(username: str) -> str:
    """Return the username in lower case. Raises Invalid when it may not be one."""
    name = username.strip().lower()
    if not _USERNAME.match(name):
        raise Invalid("A username has 1 to 30 of the characters a-z, 0-9 and _.", field="username")
    if name in RESERVED_NAMES:
        raise Invalid(f"The username {name} is reserved.", field="username")
    return name


async def register(
    tx: Transaction, site: Site, username: str, *, password_hash: str, keys: KeyPair, admin: bool = False
) -> Actor:
    """Make an account with its actor and key.

    Raises:
        Invalid: the name may not be one.
        Conflict: the name is or was taken (a peer would not believe a second key for it).
    """
    name = check_username(username)
    uri = site.actor_uri(name)
    if await actors.find_by_uri(tx, uri) is not None:
        raise Conflict(f"The username {name} is taken.")
    actor = build_person(site, name, uri)
    await actors.add(tx, actor)
    await actors.replace_keys(tx, actor.id, build_keys(site, actor, keys))
    role = "admin" if admin else "user"
    await accounts.add(tx, Account(actor.id, name, password_hash, role, site.clock.now(), None))
    await tell_admins(tx, site, "admin.sign_up", by=actor)
    return actor


async def ensure_instance_actor(tx: Transaction, site: Site, keys: KeyPair) -> Actor:
    """Return the actor that signs our fetches, making it at the first call."""
    known = await actors.find_by_uri(tx, site.instance_uri)
    if known is not None:
        return known
    actor = _instance(site)
    await actors.add(tx, actor)
    await actors.replace_keys(tx, actor.id, build_keys(site, actor, keys))
    return actor


def build_keys(site: Site, actor: Actor, keys: KeyPair) -> tuple[ActorKey, ActorKey]:
    """Return the rows of an actor's keys: the one for requests, and a new one for proofs."""
    now = site.clock.now()
    signing = ActorKey(f"{actor.uri}#main-key", actor.id, "rsa", keys.public_pem, keys.private_pem, now)
    return signing, make_proof_key(site, actor)


def build_person(site: Site, name: str, uri: str) -> Actor:
    """Return the row of somebody of ours under a name that was checked."""
    person = _build(site, "Person", name, uri, url=site.profile_url(name))
    return replace(
        person, followers_uri=f"{uri}/followers", following_uri=f"{uri}/following", featured_uri=f"{uri}/featured"
    )


def _instance(site: Site) -> Actor:
    uri = site.instance_uri
    instance = _build(site, "Application", INSTANCE_NAME, uri, url=f"{site.origin}/about")
    return replace(instance, name=site.config.site.name, locked=True)


def _build(site: Site, type: str, name: str, uri: str, *, url: str) -> Actor:
    """Return an actor of ours with nothing chosen yet, and without collections of its own."""
    now = site.clock.now()
    return Actor(
        id=site.ids.new(),
        uri=uri,
        local=True,
        type=type,
        username=name,
        host=site.domain,
        name=None,
        summary_html=None,
        url=url,
        inbox=f"{uri}/inbox",
        shared_inbox=site.shared_inbox,
        outbox=f"{uri}/outbox",
        followers_uri=None,
        following_uri=None,
        featured_uri=None,
        icon_url=None,
        image_url=None,
        locked=False,
        # Being listed and searched is for each to choose.
        discoverable=False,
        indexable=False,
        moved_to=None,
        also_known_as="[]",
        created_at=now,
        fetched_at=now,
        gone_at=None,
        suspended_at=None,
    )
