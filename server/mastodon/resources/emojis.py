"""The custom emoji of this instance, which clients offer on their keyboard."""

from server.actions.writing.emojis import MAX_OURS
from server.mastodon.call import Call
from server.mastodon.entities.basics import Emoji
from server.mastodon.route import Route
from server.mastodon.showing.emoji import show_emoji
from server.store.writing import emojis
from server.store.writing.emojis import OURS


async def list_emojis(call: Call) -> list[Emoji]:
    """Return the emoji of this instance, by name."""
    async with call.database.read() as reader:
        found = await emojis.list_of_host(reader, OURS, limit=MAX_OURS)
    return [shown for one in found if (shown := show_emoji(call.site, one)) is not None]


ROUTES = (Route("GET", "/api/v1/custom_emojis", list_emojis, None, "anyone", gives=list[Emoji]),)
