"""Shows what our actors did, as it was sent, but never an older text of a post than its newest. It must not send."""

from quart import Response

from activitypub.audience import strip_blind
from server.actions.network.current_document import current_document
from server.actions.writing.see import may_see_activity
from server.federation import respond
from server.federation.finding import ABSENT, find_person
from server.federation.signed_get import find_viewer
from server.problems import NotFound
from server.services import Services
from server.store.database import Reader
from server.store.network import activities
from server.store.network.activities import Activity
from server.store.people.actors import Actor
from server.store.writing import promises


async def show_activity(services: Services, name: str, activity_id: int) -> Response:
    """Answer with an activity of one of our people."""
    return await _show(services, services.site.actor_uri(name.lower()), activity_id)


async def show_instance_activity(services: Services, activity_id: int) -> Response:
    """Answer with an activity of the instance's own actor."""
    return await _show(services, services.site.instance_uri, activity_id)


async def _show(services: Services, actor_uri: str, activity_id: int) -> Response:
    async with services.database.read() as reader:
        author = await find_person(reader, actor_uri)
        activity = await activities.find(reader, activity_id)
        if activity is None or not activity.outgoing or activity.actor_uri != author.uri:
            raise NotFound(ABSENT)
        open = await may_see_activity(reader, activity, author, None)
    viewer = None if open else await find_viewer(services)
    async with services.database.read() as reader:
        seen = open or await may_see_activity(reader, activity, author, viewer)
        if not seen and not await _is_promised_to(reader, activity, viewer):
            raise NotFound(ABSENT)
        document = await current_document(reader, services.site, author, activity)
    if document is None:
        raise NotFound(ABSENT)
    # Who else was meant is for the author's own client alone.
    own = viewer is not None and viewer.id == author.id
    return respond.document(document if own else strip_blind(document), open=open)


async def _is_promised_to(reader: Reader, activity: Activity, viewer: Actor | None) -> bool:
    """Whether this is the Create of a post whose pictures are still painted, and its author asks."""
    if viewer is None or viewer.uri != activity.actor_uri:
        return False
    return await promises.find_by_activity(reader, activity.id) is not None
