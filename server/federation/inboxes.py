"""Shows the inbox of one of our people to themselves, and to nobody else. It must not take anything in."""

from quart import Response

from activitypub.activities import Document, without_context
from activitypub.audience import strip_blind
from activitypub.collection import build_collection
from activitypub.context import STREAM_TERMS, note_context
from activitypub.errors import ProtocolError
from activitypub.provenance import CONTEXT_TERMS
from activitypub.reading import read_json
from server.actions.network.current_document import current_document
from server.actions.writing.see import may_see_activity
from server.federation import respond
from server.federation.bearers import require_person
from server.federation.finding import find_person
from server.federation.paging import ACTIVITIES_PER_PAGE, FIRST, LAST, Entry, Span, lay_out_span, read_span
from server.problems import Forbidden
from server.services import Services
from server.site import Site
from server.store.database import Reader
from server.store.network import inboxes
from server.store.network.activities import Activity
from server.store.people import actors
from server.store.people.actors import Actor

# Everybody's statuses and notices, which is more than one fine scope says.
SCOPE = "activitypub:read:me:inbox"
# The activities of a page share one context.
CONTEXT = note_context({**CONTEXT_TERMS, **STREAM_TERMS})
VARY = "Accept, Authorization"
NOT_YOURS = "This is somebody else's."


async def show_inbox(services: Services, name: str) -> Response:
    """Answer with what came to somebody, newest first."""
    span = read_span()
    _, asker = await require_person(services, SCOPE)
    async with services.database.read() as reader:
        owner = await find_owner(reader, services.site, name, asker)
        uri = owner.inbox
        if span is not None:
            entries = await list_inbox(reader, services.site, owner, span)
            page = lay_out_span(uri, span, entries, ACTIVITIES_PER_PAGE, context=CONTEXT)
            return respond.document(page, open=False, vary=VARY)
        root = build_collection(
            uri, total=await inboxes.count(reader, owner.id), first=uri + FIRST, last=uri + LAST, context=CONTEXT
        )
    root["eventStream"] = f"{uri}/events"
    return respond.document(root, open=False, vary=VARY)


async def find_owner(reader: Reader, site: Site, name: str, asker: Actor) -> Actor:
    """Find whose it is, which must be who asks. Raises NotFound, Gone, Forbidden."""
    owner = await find_person(reader, site.actor_uri(name.lower()))
    if owner.id != asker.id:
        raise Forbidden(NOT_YOURS)
    return owner


async def list_inbox(reader: Reader, site: Site, owner: Actor, span: Span) -> list[Entry]:
    """Return a page of what came to somebody, and one entry more where there is more."""
    limit = ACTIVITIES_PER_PAGE + 1
    if span.after is None:
        listed = await inboxes.list_newest(reader, owner.id, before=span.before, limit=limit)
    else:
        listed = await inboxes.list_after(reader, owner.id, after=span.after, limit=limit)
    return [(place, await show_entry(reader, site, owner, activity)) for place, activity in listed]


async def show_entry(reader: Reader, site: Site, owner: Actor, activity: Activity) -> Document | None:
    """The document of what came, as it may be shown to `owner`; None for what was taken back since."""
    if not activity.outgoing:
        return _received(activity)
    author = await actors.find_by_uri(reader, activity.actor_uri)
    if author is None or not await may_see_activity(reader, activity, author, owner):
        return None
    document = await current_document(reader, site, author, activity)
    return None if document is None else strip_blind(without_context(document))


def _received(activity: Activity) -> Document | None:
    """What a peer sent, with the context that its own terms need."""
    try:
        return strip_blind(read_json(activity.document))
    except ProtocolError:
        # Kept by an older reader that took more.
        return None
