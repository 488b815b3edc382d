"""Shows the stamps by which our people let others do something with their posts. It must not give any."""

from quart import Response

from activitypub.consent import build_stamp
from activitypub.notes import build_tombstone
from server.actions.writing.stamp import represent_stamp
from server.federation import respond
from server.federation.finding import ABSENT, Gone, find_post
from server.ids import iso
from server.problems import NotFound
from server.services import Services
from server.store.writing import consents
from server.store.writing.consents import ACCEPTED


async def show_stamp(services: Services, name: str, consent_id: int) -> Response:
    """Answer with a stamp while it holds; with 410 once it was taken back. Who may see the post may see it."""
    async with services.database.read() as reader:
        consent = await consents.find(reader, consent_id)
    uri = services.site.stamp_uri(services.site.actor_uri(name.lower()), consent_id)
    if consent is None or consent.stamp_uri != uri:
        raise NotFound(ABSENT)
    shown = await find_post(services, name, consent.post_id)
    document = build_stamp(represent_stamp(shown.author, shown.post, consent))
    if consent.state == ACCEPTED:
        return respond.document(document, open=shown.open)
    raise Gone(build_tombstone(uri, str(document["type"]), iso(services.site.clock.now())))
