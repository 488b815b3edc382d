"""Shows our posts as Notes to those who may see them. It must not decide who that is; `finding` asks."""

from quart import Response

from server.actions.represent import represent_post
from server.federation import respond
from server.federation.finding import find_post
from server.services import Services
from server.site import Site


async def show_post(services: Services, name: str, post_id: int) -> Response:
    """Answer with a Note."""
    shown = await find_post(services, name, post_id)
    async with services.database.read() as reader:
        note = await represent_post(reader, services.site, shown.author, shown.post)
    return respond.document(note, open=shown.open)


def post_page(site: Site, name: str, post_id: int) -> str:
    """Where a browser finds this post."""
    return site.post_url(name.lower(), post_id)
