"""Finds who a client id stands for: a row, or a document at the id's own address. It must not check a secret."""

from collections.abc import Callable

from activitypub.errors import ProtocolError
from server.actions.people.enrol_client import remember
from server.ids import MICROSECONDS
from server.oauth.documents import ACCEPT, is_address, read_document
from server.oauth.errors import Unusable
from server.remote.seam import FetchFailed
from server.services import Services
from server.store.clients import oauth
from server.store.clients.oauth import Client

# A client that moves its redirect URI does not want to wait a day, and people log in less often than this.
FRESH_SECONDS = 3600
UNKNOWN = "This app is not known here. It may have to be set up again on its side."


async def find_client(services: Services, client_id: str, *, before_fetch: Callable[[], None]) -> Client:
    """Return the client, its document fetched where it is older than an hour.

    `before_fetch` may raise, to keep whoever asks from having us knock at many doors.

    Raises:
        Unusable: there is none, or its document cannot be had or used.
    """
    async with services.database.read() as reader:
        known = await oauth.find_client(reader, client_id)
    if known is not None and (known.fetched_at is None or _is_fresh(services, known.fetched_at)):
        return known
    if not is_address(client_id):
        raise Unusable(UNKNOWN)
    before_fetch()
    try:
        document = await services.peers.fetch_json(client_id, ACCEPT)
    except FetchFailed as failure:
        if known is not None and failure.passing:
            return known
        raise Unusable(f"The app's document could not be read: {failure.reason}.") from None
    except ProtocolError:
        raise Unusable("The app's document makes no sense.") from None
    allow_http = services.site.config.federation.allow_http
    kind, applicant = read_document(client_id, document, allow_http=allow_http)
    async with services.database.write() as tx:
        return await remember(tx, services.site, applicant, kind=kind, client_id=client_id)


def _is_fresh(services: Services, fetched_at: int) -> bool:
    return services.site.clock.now() < fetched_at + FRESH_SECONDS * MICROSECONDS
