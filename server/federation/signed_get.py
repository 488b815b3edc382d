"""Finds out who asks: by a bearer token, one of ours; by the signature of a GET, a peer's. It must not decide what
they may see."""

import structlog
from quart import g, request

from activitypub import errors as protocol
from activitypub.errors import ProtocolError
from activitypub.requests import SignedRequest, from_asgi
from server.federation.bearers import READ, find_bearer
from server.problems import Forbidden, Problem
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.network import domain_rules
from server.store.network.domain_rules import EVERYBODY
from server.store.people import actors
from server.store.people.actors import Actor

log = structlog.get_logger()


class Unsigned(Problem):
    """Only signed requests are answered here (`authorised_fetch`), and this is none, or its signature does not hold."""

    status = 401


async def may_strangers_read(services: Services) -> bool:
    """Say whether documents are for anybody: neither `authorised_fetch` nor a list of those whom we speak with."""
    if services.site.config.federation.authorised_fetch:
        return False
    async with services.database.read() as reader:
        return await domain_rules.find(reader, EVERYBODY) is None


async def check_authorised(services: Services) -> None:
    """Let the current request in, where only who says who they are may read.

    Raises:
        Unsigned: it has neither a token of ours nor a signature that holds.
        Forbidden: it comes from a server or somebody whom the operator suspended.
    """
    if await find_viewer(services) is not None:
        return
    if g.get("turned_away", False):
        raise Forbidden("You may not read here.")
    raise Unsigned("Here only signed requests are answered.")


async def find_viewer(services: Services) -> Actor | None:
    """Return who sent or signed the current request; None for a stranger, and for a signature that does not hold.

    A bad signature is no error of its own, nor a token that may not read: the answer would differ for what is there
    and what is not. For the same reason the door looks at tokens before it looks for anything.
    """
    bearer = await find_bearer(services)
    if bearer is not None and bearer.allows(READ):
        return bearer.actor
    if "signature" not in request.headers:
        return None
    if "signer" not in g:
        g.signer = await _find_signer(services)
    found: Actor | None = g.signer
    return found


async def _find_signer(services: Services) -> Actor | None:
    try:
        verified = await services.keys.check(_read_request(services.site.origin))
    except (ProtocolError, FetchFailed) as error:
        log.info("signed GET refused", path=request.path, reason=str(error))
        g.turned_away = isinstance(error, protocol.Forbidden)
        return None
    async with services.database.read() as reader:
        suspended = await domain_rules.suspends(reader, verified.host)
        actor = await actors.find_by_uri(reader, verified.actor_uri)
    g.turned_away = suspended
    return None if suspended else actor


def _read_request(origin: str) -> SignedRequest:
    scope = request.scope
    target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    return from_asgi(request.method, origin, target.decode("latin-1"), scope["headers"], b"")
