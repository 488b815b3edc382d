"""Who is behind a bearer token, and what a refusal says of it (RFC 6750, RFC 9728). It must not make or end tokens."""

from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from server.oauth import scopes as scope_names
from server.passwords import hash_token
from server.problems import Problem
from server.site import Site
from server.store.clients import tokens
from server.store.database import Reader
from server.store.people import accounts, actors
from server.store.people.accounts import Account
from server.store.people.actors import Actor

# Ours have 43 letters; a token is hashed before it is looked up, and nobody's has a kilobyte.
TOKEN_LETTERS_AT_MOST = 512
RESOURCE_METADATA = "/.well-known/oauth-protected-resource"
_KEPT = "/?:@!$&'()*+,;=-._~%[]"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who sent a token. Without `actor` it is an app that speaks for itself; without `client_id`, a person's shell."""

    token_hash: str = field(repr=False)
    client_id: str | None
    scopes: frozenset[str]
    actor: Actor | None
    account: Account | None

    def allows(self, scope: str) -> bool:
        """Whether the token is good for what demands this scope."""
        return scope_names.covers(self.scopes, scope)


class BadToken(Problem):
    """A token was sent, and it is not good: unknown, revoked, run out, or its account is suspended."""

    status = 401


async def read_bearer(
    reader: Reader, site: Site, authorization: str | None, *, query_token: str | None = None
) -> Bearer | None:
    """Return who sent this token, in the header or else in the query; None when none was sent.

    Raises:
        BadToken: one was sent, and it is not good.
    """
    sent = read_header(authorization) or query_token
    if not sent:
        return None
    if len(sent) > TOKEN_LETTERS_AT_MOST:
        raise BadToken("The access token is invalid.")
    token_hash, now = hash_token(sent), site.clock.now()
    found = await tokens.find_live(reader, token_hash, now=now)
    if found is None:
        own = await tokens.find_app(reader, token_hash, now=now)
        if own is None:
            raise BadToken("The access token is invalid.")
        return Bearer(token_hash, own.client_id, scope_names.parse(own.scopes), None, None)
    person = await find_person(reader, found.actor_id)
    if person is None:
        raise BadToken("The account of this token is suspended.")
    account, actor = person
    return Bearer(token_hash, found.client_id, scope_names.parse(found.scopes), actor, account)


async def is_live(reader: Reader, site: Site, token_hash: str) -> bool:
    """Whether a token is still good, for what outlives a request: streams ask this again and again."""
    now = site.clock.now()
    found = await tokens.find_live(reader, token_hash, now=now)
    if found is None:
        return await tokens.find_app(reader, token_hash, now=now) is not None
    return await find_person(reader, found.actor_id) is not None


async def find_person(reader: Reader, actor_id: int) -> tuple[Account, Actor] | None:
    """Return one of our people; None for somebody who may not act any more."""
    account = await accounts.find_by_actor(reader, actor_id)
    actor = await actors.find(reader, actor_id)
    if account is None or actor is None or account.suspended_at or actor.suspended_at or actor.gone_at:
        return None
    return account, actor


def read_header(authorization: str | None) -> str | None:
    """Return the token in an Authorization header; None for another scheme or an empty one."""
    scheme, _, value = (authorization or "").strip().partition(" ")
    return value.strip() or None if scheme.lower() == "bearer" else None


def challenge(site: Site, error: str | None, resource: str | None) -> str:
    """Return the value of WWW-Authenticate.

    `error` is RFC 6750's (`invalid_token`, `insufficient_scope`), None when no token was sent; `resource` is the
    address that was asked for, whose metadata is then named.
    """
    parts = [f'realm="{site.domain}"']
    if error is not None:
        parts.append(f'error="{error}"')
    if resource is not None:
        parts.append(f'resource_metadata="{metadata_url(site, resource)}"')
    return f"Bearer {', '.join(parts)}"


def metadata_url(site: Site, resource: str) -> str:
    """Return where the metadata of an address of ours lie: its path and query after the well-known one (RFC 9728).

    A query that holds a token is left out: this address is written down in more places than the other.
    """
    parts = urlsplit(resource)
    query = f"?{parts.query}" if parts.query and "access_token=" not in parts.query else ""
    target = "" if parts.path == "/" and not query else f"{parts.path}{query}"
    # Only what an address may hold goes into the header.
    return f"{site.origin}{RESOURCE_METADATA}{quote(target, safe=_KEPT)}"
