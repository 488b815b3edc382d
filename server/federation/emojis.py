"""Shows our custom emoji as documents of their own. It must not show anybody else's."""

from quart import Response

from activitypub.emoji import build_emoji
from server.actions.writing.emojis import find_own_named
from server.federation import respond
from server.federation.finding import ABSENT
from server.problems import NotFound
from server.services import Services


async def show_emoji(services: Services, name: str) -> Response:
    """Answer with an Emoji."""
    async with services.database.read() as reader:
        found = await find_own_named(reader, services.site, name)
    if found is None:
        raise NotFound(ABSENT)
    return respond.document(build_emoji(found))
