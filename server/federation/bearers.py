"""Finds out who asks, from a bearer token, and demands one where nobody else may come in. It must not make tokens."""

from quart import g, request

from server.oauth.bearer import Bearer, challenge, read_bearer
from server.problems import Problem
from server.services import Services
from server.store.people.actors import Actor

# What a token must allow to read what is not for everybody.
READ = "read:statuses"


class NoToken(Problem):
    """A token is needed and none was sent."""

    status = 401


class Narrow(Problem):
    """The token is good, but not for this."""

    status = 403


async def find_bearer(services: Services, *, query_token: str | None = None) -> Bearer | None:
    """Return who sent a token with the current request; None when none was sent. Raises BadToken."""
    authorization = request.headers.get("Authorization")
    if not authorization and not query_token:
        return None
    if "bearer" not in g:
        async with services.database.read() as reader:
            g.bearer = await read_bearer(reader, services.site, authorization, query_token=query_token)
    found: Bearer | None = g.bearer
    return found


async def require_person(services: Services, *scopes: str, query_token: str | None = None) -> tuple[Bearer, Actor]:
    """Return whose token this is, when it allows one of the scopes. Raises NoToken, BadToken, Narrow."""
    bearer = await find_bearer(services, query_token=query_token)
    if bearer is None:
        raise NoToken("This needs an access token.")
    if bearer.actor is None:
        raise Narrow("This token speaks for an app and not for a person.")
    if not any(bearer.allows(scope) for scope in scopes):
        raise Narrow(f"This token does not allow {' or '.join(scopes[:3])}.")
    return bearer, bearer.actor


def demand(services: Services, error: str | None) -> str:
    """Return what WWW-Authenticate says about the current request."""
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    return challenge(services.site, error, f"{services.site.origin}{request.path}{query}")
