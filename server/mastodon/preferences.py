"""How somebody posts and reads, as clients ask for it: a few values under names with colons."""

import msgspec

from server.mastodon.call import Call
from server.mastodon.route import Route
from server.mastodon.words import show_visibility
from server.store import preferences


class Preferences(msgspec.Struct, kw_only=True, frozen=True):
    """What somebody chose."""

    visibility: str = msgspec.field(name="posting:default:visibility")
    sensitive: bool = msgspec.field(name="posting:default:sensitive")
    language: str | None = msgspec.field(name="posting:default:language")
    quote_policy: str = msgspec.field(name="posting:default:quote_policy")
    expand_media: str = msgspec.field(name="reading:expand:media")
    expand_spoilers: bool = msgspec.field(name="reading:expand:spoilers")
    autoplay_gifs: bool = msgspec.field(name="reading:autoplay:gifs")


async def show(call: Call) -> Preferences:
    """Return what I chose; where I chose nothing, what the instance does."""
    async with call.database.read() as reader:
        chosen = await preferences.find(reader, call.me.id)
    return Preferences(
        visibility=show_visibility(chosen.visibility or call.site.config.posting.visibility),
        sensitive=chosen.sensitive,
        language=chosen.language,
        quote_policy=chosen.quote_policy,
        expand_media=chosen.expand_media,
        expand_spoilers=chosen.expand_spoilers,
        autoplay_gifs=chosen.autoplay_gifs,
    )


ROUTES = (Route("GET", "/api/v1/preferences", show, "read:accounts", "person", gives=Preferences),)
