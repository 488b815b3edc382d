"""Turns a foreign picture file into clean pixels and the mark it bears. It must only run in the sandbox's process.

Whatever the file calls itself, its bytes say what it is; of everything that stands beside the pixels only the mark of
origin is kept.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from server.media.marks import Mark, find_mark
from server.problems import Invalid, TooLarge, Unsupported

# By Pillow's names, which it knows once their modules are imported: what phones, cameras and painting programs write.
FORMATS = {
    JpegImagePlugin.JpegImageFile.format: "image/jpeg",
    # Several JPEGs in one file, as phones write them; the reader of JPEG finds that out.
    MpoImagePlugin.MpoImageFile.format: "image/jpeg",
    PngImagePlugin.PngImageFile.format: "image/png",
    WebPImagePlugin.WebPImageFile.format: "image/webp",
    GifImagePlugin.GifImageFile.format: "image/gif",
    AvifImagePlugin.AvifImageFile.format: "image/avif",
}
_READERS = tuple(form for form in FORMATS if form in Image.OPEN)
MEDIA_TYPES = tuple(dict.fromkeys(FORMATS.values()))
# Mastodon makes larger ones smaller and thereby drops what stands beside the pixels; Pixelfed refuses sides over 5000.
PIXELS_AT_MOST = 8_294_400
SIDE_AT_MOST = 4096


@dataclass(frozen=True, slots=True)
class Decoded:
    """RGB or RGBA pixels in sRGB, upright, at most `PIXELS_AT_MOST`; the type of the file; its mark of origin."""

    picture: Image.Image
    media_type: str
    mark: Mark | None


def decode(data: bytes, *, max_pixels: int) -> Decoded:
    """Decode the first picture of a file.

    Raises:
        Unsupported: it is none of `FORMATS`.
        TooLarge: it has more pixels; they are not decoded.
        Invalid: it is damaged.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_READERS) as opened:
            _check_size(opened, max_pixels)
            media_type = FORMATS[opened.format or ""]
            mark = find_mark(_blocks(data, opened), _texts(opened))
            return Decoded(clean(opened), media_type, mark)
    except Image.DecompressionBombError:
        raise TooLarge(_too_large(max_pixels)) from None
    except UnidentifiedImageError:
        raise Unsupported(f"This is no picture that is taken here: {', '.join(MEDIA_TYPES)}.") from None
    except (OSError, SyntaxError, ValueError, EOFError, ArithmeticError, IndexError, TypeError):
        # What Pillow's readers raise on a file that ends too early or contradicts itself.
        raise Invalid("This picture is damaged.", field="file") from None


def _check_size(opened: Image.Image, max_pixels: int) -> None:
    if opened.width * opened.height > max_pixels:
        raise TooLarge(_too_large(max_pixels))


def _too_large(max_pixels: int) -> str:
    return f"A picture may have {max_pixels:,} pixels."


def _blocks(data: bytes, opened: Image.Image) -> Iterator[bytes]:
    yield data
    for value in opened.info.values():
        if isinstance(value, bytes):
            yield value
        elif isinstance(value, str):
            yield value.encode(errors="replace")


def _texts(opened: Image.Image) -> dict[str, str]:
    return {name: str(value) for name, value in opened.info.items() if isinstance(name, str) and isinstance(value, str)}


def clean(opened: Image.Image) -> Image.Image:
    """Return the picture that a file is at, as `Decoded` has it."""
    opened.load()
    upright = ImageOps.exif_transpose(opened)
    if upright.width * upright.height > PIXELS_AT_MOST or max(upright.size) > SIDE_AT_MOST:
        upright = _plain_mode(upright)
        upright.thumbnail(_fitting(upright.size), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return _plain_mode(_to_srgb(upright))


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    width, height = size
    scale = min(1.0, (PIXELS_AT_MOST / (width * height)) ** 0.5, SIDE_AT_MOST / max(size))
    return max(1, int(width * scale)), max(1, int(height * scale))


def _to_srgb(picture: Image.Image) -> Image.Image:
    """The colour profile goes with the rest, so its colours are settled now."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    holes = picture.getchannel("A") if picture.mode == "RGBA" else None
    try:
        colours = ImageCms.profileToProfile(
            picture.convert("RGB") if holes else picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError):
        return picture
    if colours is None:
        return picture
    if holes is not None:
        colours.putalpha(holes)
    return colours


def _plain_mode(picture: Image.Image) -> Image.Image:
    """RGB, or RGBA where there are holes; the colours of 16 bits are brought to 8."""
    if picture.mode in ("RGB", "RGBA"):
        return picture
    if picture.mode.startswith("I;16") or picture.mode == "I":
        return picture.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture.convert("RGB")
