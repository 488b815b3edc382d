"""Makes the files of a picture from its pixels: JPEG for the wire, WebP and a thumbnail for our pages.

It must not decode anything foreign; the pixels come from our own generator or out of the sandbox.
"""

import asyncio
import hashlib
import io
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from blurhash_rs import blurhash_encode
from PIL import Image

from activitypub.keys import base58_encode
from server.media.marks import Origin, write_xmp

THUMBNAIL_SIDE = 400
# blurhash costs 11 µs at this size and 1.8 ms on the whole picture, for the same five by four numbers.
BLURHASH_SIDE = 64
# Mastodon takes five components a side at the most.
BLURHASH_COMPONENTS = (4, 3)
# sha2-256, 32 bytes, as a multihash.
_SHA256_PREFIX = b"\x12\x20"


@dataclass(frozen=True, slots=True)
class Quality:
    """Encoder settings, 1 to 100. Below 90 a re-encoding peer shows blocks."""

    jpeg: int
    webp: int


@dataclass(frozen=True, slots=True)
class Renditions:
    """The encoded files, each with the mark of origin if there is one, and what is said about the JPEG."""

    jpeg: bytes
    webp: bytes
    thumbnail: bytes
    width: int
    height: int
    blurhash: str
    digest_multibase: str


async def render_files(
    pixels: bytes, width: int, height: int, origin: Origin, quality: Quality, executor: Executor | None = None
) -> Renditions:
    """Encode `pixels` (RGB, 8 bits, `height * width * 3` bytes) in a thread; Pillow lets the loop go on meanwhile."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(executor, encode, pixels, width, height, origin, quality)


def encode(pixels: bytes, width: int, height: int, origin: Origin, quality: Quality) -> Renditions:
    """Encode `pixels` (RGB, 8 bits, `height * width * 3` bytes)."""
    return encode_picture(Image.frombytes("RGB", (width, height), pixels), write_xmp(origin), quality)


def encode_picture(picture: Image.Image, xmp: bytes | None, quality: Quality) -> Renditions:
    """Encode a picture (RGB or RGBA); nothing of what it carries beside its pixels is written, only `xmp`."""
    marked = {} if xmp is None else {"xmp": xmp}
    # Encoders write what stands here, a comment or a profile, without being asked.
    picture.info = {}
    opaque = _flatten(picture)
    jpeg = _encode(opaque, "JPEG", quality=quality.jpeg, optimize=True, progressive=True, **marked)
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    tiny = _flatten(small)
    tiny.thumbnail((BLURHASH_SIDE, BLURHASH_SIDE))
    return Renditions(
        jpeg=jpeg,
        webp=_encode(picture, "WEBP", quality=quality.webp, method=4, **marked),
        thumbnail=_encode(small, "WEBP", quality=quality.webp, method=4, **marked),
        width=picture.width,
        height=picture.height,
        blurhash=blurhash_encode(tiny, *BLURHASH_COMPONENTS),
        digest_multibase="z" + base58_encode(_SHA256_PREFIX + hashlib.sha256(jpeg).digest()),
    )


def copy_picture(picture: Image.Image, xmp: bytes | None, sides: Sequence[int], quality: int) -> tuple[bytes, ...]:
    """Encode a picture (RGB or RGBA) as WebP for each of `sides`, made smaller where a side is longer."""
    marked = {} if xmp is None else {"xmp": xmp}
    picture.info = {}
    copies = []
    for side in sides:
        copy = picture.copy()
        copy.thumbnail((side, side), Image.Resampling.LANCZOS)
        copies.append(_encode(copy, "WEBP", quality=quality, method=4, **marked))
    return tuple(copies)


def _flatten(picture: Image.Image) -> Image.Image:
    """JPEG knows no holes; behind them it is white, as on most pages."""
    if picture.mode == "RGB":
        return picture.copy()
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _encode(picture: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()
