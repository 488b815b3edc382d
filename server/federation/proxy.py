"""Reads documents for clients (`proxyUrl`): from other servers with the signature of whom the client speaks for.

It must not be a way past our own rules: what may not be fetched is not, and what is not ActivityStreams is not shown.
"""

from collections.abc import Awaitable, Callable

from quart import Response, current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from activitypub import errors as protocol
from activitypub.audience import strip_blind
from activitypub.errors import ProtocolError
from activitypub.fields import is_uri, uri_of
from activitypub.vocabulary import same_origin, without_fragment
from server.brake import Brake
from server.federation import respond
from server.federation.bearers import require_person
from server.federation.finding import ABSENT
from server.problems import Forbidden, Invalid, NotFound, Problem
from server.remote.seam import FetchFailed, Refused
from server.remote.speaking import speaking
from server.services import Services
from server.store.people.actors import Actor

SCOPES = ("read:statuses", "read:search", "activitypub:read:remote:all")
# Each makes us knock at another server.
LOOKUPS_AT_MOST, LOOKUPS_SECONDS = 300, 300

Handler = Callable[..., Awaitable[Response]]


class Unreachable(Problem):
    """The other server did not give it."""

    status = 502


class Proxy:
    """Reads for clients, and slows down who asks too much."""

    def __init__(self, services: Services, own: Callable[[str], Handler | None]) -> None:
        """`own` says who answers an address of ours, by its endpoint."""
        self._brake = Brake(services.site.clock, most=LOOKUPS_AT_MOST, seconds=LOOKUPS_SECONDS)
        self._own = own

    async def take(self, services: Services) -> Response:
        """Answer with the document whose id stands in the form.

        Raises:
            Invalid: there is no such address.
            Forbidden: we do not go there.
            NotFound: it is not there, or not for this person.
            Unreachable: its server did not give it, or what it gave is not to be believed.
        """
        _, reader = await require_person(services, *SCOPES)
        uri = (await request.form).get("id", "").strip()
        if not is_uri(uri):
            raise Invalid("Expected an http address in the form's 'id'.", field="id")
        self._brake.spend(str(reader.id))
        if services.site.is_ours(uri):
            return await self._read_ours(services, uri)
        return await _fetch(services, reader, without_fragment(uri))

    async def _read_ours(self, services: Services, uri: str) -> Response:
        """The same handler as for a GET, which sees the same token."""
        path, _, query = without_fragment(uri).removeprefix(services.site.origin).partition("?")
        adapter: MapAdapter | None = current_app.create_url_adapter(request)
        handler = None
        if adapter is not None and not query:
            try:
                endpoint, values = adapter.match(path or "/", method="GET")
                handler = self._own(str(endpoint))
            except HTTPException:
                handler = None
        if handler is None:
            raise NotFound(ABSENT)
        return await handler(services, **values)


async def _fetch(services: Services, reader: Actor, uri: str) -> Response:
    check = speaking(services)
    try:
        await check(uri)
        found = await services.peers.fetch(uri, signer=await services.signers.of(reader.id), onward=check)
    except Refused as refusal:
        raise Forbidden(f"We do not go there: {refusal.reason}.") from None
    except protocol.Forbidden:
        raise Forbidden("This host is suspended here.") from None
    except ProtocolError as error:
        raise Unreachable(f"What its server gave cannot be read: {error}.") from None
    except FetchFailed as failure:
        if failure.status in (401, 403, 404, 410):
            raise NotFound(ABSENT) from None
        raise Unreachable(f"Its server did not give it: {failure.reason}.") from None
    named = uri_of(found.value)
    if named is None or not same_origin(named, found.url):
        raise Unreachable("What its server gave claims to be from elsewhere.")
    return respond.document(strip_blind(found.value), open=False)
