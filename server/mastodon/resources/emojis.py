"""Custom emojis: there are none, and clients want to be told so."""

from server.mastodon.call import Call
from server.mastodon.entities.basics import Emoji
from server.mastodon.route import Route


async def list_emojis(call: Call) -> list[Emoji]:
    """Return the emojis of this instance: none."""
    return []


ROUTES = (Route("GET", "/api/v1/custom_emojis", list_emojis, None, "anyone", gives=list[Emoji]),)
