"""The outbox: what somebody published, and where their clients hand in what they do next. It must not act itself."""

from quart import Response, request

from activitypub.activities import Document, without_context
from activitypub.audience import strip_blind
from activitypub.collection import build_collection
from activitypub.reading import read_json
from activitypub.submission import Submission, read_submission
from activitypub.vocabulary import is_as2_media_type
from server.actions.clients.submit import find_submitted, submit
from server.actions.clients.submit_undo import name_undone
from server.actions.network.current_document import current_document
from server.brake import Brake
from server.federation import respond
from server.federation.bearers import require_person
from server.federation.finding import find_person
from server.federation.inboxes import CONTEXT, NOT_YOURS, VARY
from server.federation.lookups import look_up
from server.federation.paging import ACTIVITIES_PER_PAGE, FIRST, LAST, Entry, Span, lay_out_span, read_span
from server.federation.permission import SCOPES, check_scope
from server.federation.signed_get import find_viewer
from server.problems import Forbidden, Unsupported
from server.services import Services
from server.site import Site
from server.store.database import Reader
from server.store.network import activities
from server.store.network.activities import Activity
from server.store.people.actors import Actor

# Mastodon's 300 requests in five minutes; each may become thousands of deliveries.
SUBMISSIONS_AT_MOST, SUBMISSIONS_SECONDS = 300, 300


async def show_outbox(services: Services, name: str) -> Response:
    """Answer with what somebody published, newest first: to themselves all of it, to others what is for everybody."""
    span = read_span()
    viewer = await find_viewer(services)
    async with services.database.read() as reader:
        owner = await find_person(reader, services.site.actor_uri(name.lower()))
        own = viewer is not None and viewer.id == owner.id
        uri = owner.outbox or f"{owner.uri}/outbox"
        if span is not None:
            entries = await _list(reader, services.site, owner, span, own=own)
            page = lay_out_span(uri, span, entries, ACTIVITIES_PER_PAGE, context=CONTEXT)
            return respond.document(page, open=not own, vary=VARY)
        root = await _root(reader, services.site, owner, uri, own=own)
    return respond.document(root, open=not own, vary=VARY)


async def _root(reader: Reader, site: Site, owner: Actor, uri: str, *, own: bool) -> Document:
    count = activities.count_own_outbox if own else activities.count_outbox
    total = await count(reader, owner.uri)
    if not own:
        return build_collection(uri, total=total, first=uri + FIRST, last=uri + LAST)
    # Some clients and test tools look for what they posted no further than here.
    newest = await _list(reader, site, owner, Span(), own=True)
    items = [item for _, item in newest[:ACTIVITIES_PER_PAGE] if item is not None]
    root = build_collection(uri, total=total, first=uri + FIRST, last=uri + LAST, items=items, context=CONTEXT)
    root["eventStream"] = f"{uri}/events"
    return root


async def _list(reader: Reader, site: Site, owner: Actor, span: Span, *, own: bool) -> list[Entry]:
    limit = ACTIVITIES_PER_PAGE + 1
    if span.after is None:
        below = activities.list_own_outbox if own else activities.list_outbox
        listed = await below(reader, owner.uri, before=span.before, limit=limit)
    else:
        above = activities.list_own_outbox_after if own else activities.list_outbox_after
        listed = await above(reader, owner.uri, after=span.after, limit=limit)
    return [(one.id, await show_own(reader, site, owner, one, own=own)) for one in listed]


async def show_own(reader: Reader, site: Site, owner: Actor, activity: Activity, *, own: bool) -> Document | None:
    """The document of an activity of `owner`; the blind recipients are for their own client alone."""
    document = await current_document(reader, site, owner, activity)
    if document is None:
        return None
    return without_context(document if own else strip_blind(document))


class Outbox:
    """Takes what clients hand in, and slows down who hands in too much."""

    def __init__(self, services: Services) -> None:
        self._brake = Brake(services.site.clock, most=SUBMISSIONS_AT_MOST, seconds=SUBMISSIONS_SECONDS)

    async def take(self, services: Services, name: str) -> Response:
        """Do what was handed in, and answer with the activity under its new id.

        Raises:
            ProtocolError: it cannot be read, or speaks for somebody else.
            Problem: it may not be done.
        """
        bearer, author = await require_person(services, *SCOPES)
        async with services.database.read() as reader:
            owner = await find_person(reader, services.site.actor_uri(name.lower()))
        if owner.id != author.id:
            raise Forbidden(NOT_YOURS)
        self._brake.spend(str(author.id))
        key = request.headers.get("Idempotency-Key")
        async with services.database.read() as reader:
            known = await find_submitted(reader, services.site, author, key)
        if known is None:
            submission = await _read(author)
            async with services.database.read() as reader:
                undone = await name_undone(reader, author, submission)
            check_scope(bearer, submission, undone=undone)
            await look_up(services, submission)
            async with services.database.write() as tx:
                known = await submit(tx, services.site, author, submission, key=key)
        return await _answer(services, author, known)


async def _read(author: Actor) -> Submission:
    """Read the body of the current request. Raises Unsupported, ProtocolError."""
    if not is_as2_media_type(request.headers.get("Content-Type", "")):
        raise Unsupported('Expected application/ld+json; profile="https://www.w3.org/ns/activitystreams".')
    return read_submission(read_json(await request.data), actor_uri=author.uri)


async def _answer(services: Services, author: Actor, activity: Activity) -> Response:
    async with services.database.read() as reader:
        document = await current_document(reader, services.site, author, activity)
    return respond.created(document or {"id": activity.uri, "type": activity.type}, activity.uri)
