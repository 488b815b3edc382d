"""The addresses at which people and pictures are shown: ours at their own, peers' through us, so that no peer learns
who looks. It must not look anything up.
"""

from server.site import Site
from server.store.people.actors import Actor
from server.store.writing.emojis import CustomEmoji
from server.store.writing.media import Media

MEDIA, AVATAR, HEADER, EMOJI, CUSTOM = "media", "avatar", "header", "emoji", "custom"
# `STILL` is `FULL` where nothing moves, and else a copy that stands still.
FULL, SMALL, STILL = "full", "small", "still"


def avatar_url(site: Site, actor: Actor, size: str = FULL) -> str | None:
    """The address of somebody's portrait, which in `STILL` does not move; None where they have none."""
    return _portrait_url(site, AVATAR, actor, actor.icon_url, size)


def header_url(site: Site, actor: Actor, size: str = FULL) -> str | None:
    """The address of the wide picture of a profile, which in `STILL` does not move; None where there is none."""
    return _portrait_url(site, HEADER, actor, actor.image_url, size)


def picture_url(site: Site, picture: Media, size: str = FULL) -> str | None:
    """The address of a peer's picture; None for one of ours, and for what is no web address."""
    return _through_us(site, MEDIA, picture.id, picture.remote_url, size)


def emoji_url(site: Site, reaction_id: int, icon_url: str | None) -> str | None:
    """The address of the picture of an emoji that was given to a post; one of ours is at its own."""
    if icon_url is not None and site.media_key(icon_url) is not None:
        return icon_url
    return _through_us(site, EMOJI, reaction_id, icon_url)


def custom_emoji_url(site: Site, emoji: CustomEmoji, size: str = FULL) -> str | None:
    """The address of the picture of a custom emoji, which in `STILL` does not move."""
    if emoji.file_key is not None:
        return site.media_url(emoji.file_key)
    return _through_us(site, CUSTOM, emoji.id, emoji.icon_url, size)


def _portrait_url(site: Site, kind: str, actor: Actor, url: str | None, size: str) -> str | None:
    return url if actor.local else _through_us(site, kind, actor.id, url, size)


def _through_us(site: Site, kind: str, number: int, url: str | None, size: str = FULL) -> str | None:
    if url is None or not url.startswith(("https://", "http://")):
        return None
    return site.peer_file_url(kind, number, url, size)
