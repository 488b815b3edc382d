"""Shows pictures as clients know them. It must not look anything up."""

from server.actions.network.shown_files import SMALL, picture_url
from server.mastodon.entities.basics import Focus, MediaAttachment, MediaMeta, MediaSize
from server.site import Site
from server.store.writing.media import Media

# Longest side of the small rendition.
THUMBNAIL = 400


def show_media(site: Site, picture: Media) -> MediaAttachment:
    """Return a picture: ours at our addresses, a peer's through us."""
    full = site.media_url(picture.file_key) if picture.file_key else picture_url(site, picture)
    own = picture.thumbnail_key or picture.web_key
    small = site.media_url(own) if own else picture_url(site, picture, SMALL)
    return MediaAttachment(
        id=str(picture.id),
        type=_kind(picture.media_type),
        url=full,
        preview_url=small or full,
        remote_url=picture.remote_url,
        preview_remote_url=None,
        text_url=None,
        meta=_meta(picture),
        description=picture.alt or None,
        blurhash=picture.blurhash,
    )


def _kind(media_type: str) -> str:
    kind = media_type.partition("/")[0]
    return kind if kind in ("image", "video", "audio") else "unknown"


def _meta(picture: Media) -> MediaMeta:
    focus = None
    if picture.focal_x is not None and picture.focal_y is not None:
        focus = Focus(x=picture.focal_x, y=picture.focal_y)
    width, height = picture.width, picture.height
    if not width or not height:
        return MediaMeta(original=None, small=None, focus=focus)
    scale = min(1.0, THUMBNAIL / max(width, height)) if picture.thumbnail_key else 1.0
    small = _size(max(1, round(width * scale)), max(1, round(height * scale)))
    return MediaMeta(original=_size(width, height), small=small, focus=focus)


def _size(width: int, height: int) -> MediaSize:
    return MediaSize(width=width, height=height, size=f"{width}x{height}", aspect=round(width / height, 6))
