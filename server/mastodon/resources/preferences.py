"""How somebody posts and reads, as clients ask for it: a few values under names with colons."""

import msgspec

from server.actions.people.preferences import PreferenceChange, change_preferences
from server.mastodon.call import Call
from server.mastodon.route import Route
from server.mastodon.words import show_visibility
from server.store.people import preferences


class Preferences(msgspec.Struct, kw_only=True, frozen=True):
    """What somebody chose."""

    visibility: str = msgspec.field(name="posting:default:visibility")
    sensitive: bool = msgspec.field(name="posting:default:sensitive")
    language: str | None = msgspec.field(name="posting:default:language")
    quote_policy: str = msgspec.field(name="posting:default:quote_policy")
    expand_media: str = msgspec.field(name="reading:expand:media")
    expand_spoilers: bool = msgspec.field(name="reading:expand:spoilers")
    autoplay_gifs: bool = msgspec.field(name="reading:autoplay:gifs")
    paint_word: str | None = msgspec.field(name="pinxit:paint_word")
    reply_policy: str = msgspec.field(name="pinxit:reply_policy")


class PreferenceFields(msgspec.Struct, kw_only=True):
    """What may change; what is not sent stays. An empty language or word is none."""

    visibility: str | None = msgspec.field(default=None, name="posting:default:visibility")
    sensitive: bool | None = msgspec.field(default=None, name="posting:default:sensitive")
    language: str | None = msgspec.field(default=None, name="posting:default:language")
    quote_policy: str | None = msgspec.field(default=None, name="posting:default:quote_policy")
    expand_media: str | None = msgspec.field(default=None, name="reading:expand:media")
    expand_spoilers: bool | None = msgspec.field(default=None, name="reading:expand:spoilers")
    autoplay_gifs: bool | None = msgspec.field(default=None, name="reading:autoplay:gifs")
    paint_word: str | None = msgspec.field(default=None, name="pinxit:paint_word")
    reply_policy: str | None = msgspec.field(default=None, name="pinxit:reply_policy")


async def show(call: Call) -> Preferences:
    """Return what I chose; where I chose nothing, what the instance does."""
    async with call.database.read() as reader:
        return _show(call, await preferences.find(reader, call.me.id))


async def change(call: Call, fields: PreferenceFields) -> Preferences:
    """Change what I chose. Mastodon has this on its pages only."""
    wanted = PreferenceChange(
        visibility=fields.visibility,
        sensitive=fields.sensitive,
        language=fields.language,
        quote_policy=fields.quote_policy,
        expand_media=fields.expand_media,
        expand_spoilers=fields.expand_spoilers,
        autoplay_gifs=fields.autoplay_gifs,
        paint_word=fields.paint_word,
        reply_policy=fields.reply_policy,
    )
    async with call.database.write() as tx:
        return _show(call, await change_preferences(tx, call.me, wanted))


def _show(call: Call, chosen: preferences.Preferences) -> Preferences:
    return Preferences(
        visibility=show_visibility(chosen.visibility or call.site.config.posting.visibility),
        sensitive=chosen.sensitive,
        language=chosen.language,
        quote_policy=chosen.quote_policy,
        expand_media=chosen.expand_media,
        expand_spoilers=chosen.expand_spoilers,
        autoplay_gifs=chosen.autoplay_gifs,
        paint_word=chosen.paint_word,
        reply_policy=chosen.reply_policy,
    )


_PATH = "/api/v1/preferences"

ROUTES = (
    Route("GET", _PATH, show, "read:accounts", "person", gives=Preferences),
    Route("PATCH", _PATH, change, "write:accounts", "person", PreferenceFields, gives=Preferences),
)
