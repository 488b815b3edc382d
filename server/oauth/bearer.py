"""Who is behind a bearer token, and what a refusal says of it (RFC 6750, RFC 9728). It must not make or end tokens."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from server.oauth import scopes as scope_names
from server.passwords import hash_token
from server.problems import Problem
from server.site import Site
from server.store import accounts, actors, tokens
from server.store.accounts import Account
from server.store.actors import Actor
from server.store.database import Reader

# Ours have 43 letters; a token is hashed before it is looked up, and nobody's has a kilobyte.
TOKEN_LETTERS_AT_MOST = 512
RESOURCE_METADATA = "/.well-known/oauth-protected-resource"


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
    account = await accounts.find_by_actor(reader, found.actor_id)
    actor = await actors.find(reader, found.actor_id)
    if account is None or actor is None or account.suspended_at or actor.suspended_at or actor.gone_at:
        raise BadToken("The account of this token is suspended.")
    return Bearer(token_hash, found.client_id, scope_names.parse(found.scopes), actor, account)


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
    """Return where the metadata of a resource of ours lies: its path after the well-known one (RFC 9728, 3.1)."""
    parts = urlsplit(resource)
    # Only what an address may hold goes into the header.
    path = "".join(letter for letter in parts.path if 33 <= ord(letter) < 127 and letter not in '"\\')
    return f"{site.origin}{RESOURCE_METADATA}{'' if path == '/' else path}"
