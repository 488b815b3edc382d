"""Shows our posts as Notes to those who may see them. It must not decide who that is; `finding` asks."""

from quart import Response

from activitypub.activities import Document
from server.actions.network.represent import represent_post
from server.actions.network.represent_picture import represent_promise
from server.federation import respond
from server.federation.finding import find_post
from server.federation.signed_get import find_viewer
from server.problems import NotFound
from server.services import Services
from server.site import Site
from server.store.writing import promises


async def show_post(services: Services, name: str, post_id: int) -> Response:
    """Answer with a Note; to its author also with one whose pictures are still painted."""
    try:
        shown = await find_post(services, name, post_id)
    except NotFound:
        promised = await _find_promised(services, name, post_id)
        if promised is None:
            raise
        return respond.document(promised, open=False)
    async with services.database.read() as reader:
        note = await represent_post(reader, services.site, shown.author, shown.post)
    return respond.document(note, open=shown.open)


def post_page(site: Site, name: str, post_id: int) -> str:
    """Where a browser finds this post."""
    return site.post_url(name.lower(), post_id)


async def _find_promised(services: Services, name: str, post_id: int) -> Document | None:
    viewer = await find_viewer(services)
    async with services.database.read() as reader:
        promise = await promises.find(reader, post_id)
        if promise is None or viewer is None or viewer.uri != services.site.actor_uri(name.lower()):
            return None
        if promise.actor_id != viewer.id:
            return None
        return await represent_promise(reader, services.site, viewer, promise)
