"""Keeps what moves in a foreign picture file, as an animated WebP. It must only run in the sandbox's process.

Each frame is cleaned like a picture of its own. What is beyond a bound does not move: its first picture is shown.
"""

import io
from dataclasses import dataclass, field

from PIL import GifImagePlugin, Image, PngImagePlugin, WebPImagePlugin

from server.media.decode import clean

FORMATS = (
    GifImagePlugin.GifImageFile.format,
    PngImagePlugin.PngImageFile.format,
    WebPImagePlugin.WebPImageFile.format,
)
# As wide as pages show them, at most; larger ones are films, which have formats of their own.
SIDE_AT_MOST = 800
# Half a minute at ten pictures a second.
FRAMES_AT_MOST = 300
# All frames together, as they come and as they are kept. Of noise, the worst there is, 13 million pixels a second are
# decoded and made smaller, and 5 million encoded: nine seconds in all, a third of what the sandbox has. Those kept take
# four bytes each, 80 MB, which is less than a still picture of fifty million pixels needs.
PIXELS_IN_AT_MOST = 60_000_000
PIXELS_OUT_AT_MOST = 20_000_000
# Eight pictures of ours; noise again, which is no loss to see standing still.
BYTES_AT_MOST = 4 * 1024 * 1024
# Browsers show what claims to be faster than fifty pictures a second at ten.
SHORTEST_MS, INSTEAD_MS = 20, 100
LONGEST_MS = 60_000
# The encoder's effort, of 6: at 4, as for still pictures, it takes twice as long.
EFFORT = 2
# The flags of a WebP with several frames, and the one for transparency (RFC 9649, section 2.7).
_FLAGS, _ALPHA = 20, 0x10
# What Pillow's readers raise on a file that ends too early or contradicts itself.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, ArithmeticError, IndexError, TypeError, MemoryError)


@dataclass(slots=True)
class _Film:
    """Frames of one size and how long each is shown, in milliseconds."""

    frames: list[Image.Image] = field(default_factory=list)
    durations: list[int] = field(default_factory=list)


def animate(data: bytes, *, side: int, xmp: bytes | None, quality: int) -> bytes | None:
    """Return the animation in a file as WebP, no side longer than `side`; None where nothing moves, or too much."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if not getattr(opened, "is_animated", False):
                return None
            # A file that does not say how often plays once; 0 is for ever.
            loop = int(opened.info.get("loop", 1))
            film = _read(opened, min(side, SIDE_AT_MOST))
            return _encode(film, loop, xmp, quality) if film is not None else None
    except (Image.DecompressionBombError, *_DAMAGE):
        return None


def _read(opened: Image.Image, side: int) -> _Film | None:
    """Clean frame after frame; None for what is a single picture, and for what has more than may be kept."""
    scale = min(1.0, side / max(opened.size))
    kept = max(1, round(opened.width * scale)) * max(1, round(opened.height * scale))
    most = min(FRAMES_AT_MOST, PIXELS_IN_AT_MOST // (opened.width * opened.height), PIXELS_OUT_AT_MOST // kept)
    # An APNG may have a picture for those who know no better, which is none of the film.
    first = 1 if opened.info.get("default_image") else 0
    film = _Film()
    while _turn(opened, first + len(film.frames)):
        if len(film.frames) == most:
            return None
        frame = clean(opened)
        frame.thumbnail((side, side), Image.Resampling.LANCZOS)
        film.durations.append(_duration(opened))
        # Encoders write what stands here, a comment or a profile, without being asked.
        frame.info = {}
        film.frames.append(frame)
    return film if len(film.frames) > 1 else None


def _turn(opened: Image.Image, number: int) -> bool:
    """Go to a frame; false behind the last one. How many there are is what the file says, which nobody need believe."""
    try:
        opened.seek(number)
    except EOFError:
        return False
    return True


def _duration(opened: Image.Image) -> int:
    said = int(opened.info.get("duration", 0))
    return min(said, LONGEST_MS) if said >= SHORTEST_MS else INSTEAD_MS


def _encode(film: _Film, loop: int, xmp: bytes | None, quality: int) -> bytes | None:
    marked = {} if xmp is None else {"xmp": xmp}
    buffer = io.BytesIO()
    film.frames[0].save(
        buffer,
        "WEBP",
        save_all=True,
        append_images=film.frames[1:],
        duration=film.durations,
        loop=max(0, min(loop, 65_535)),
        background=(0, 0, 0, 0),
        quality=quality,
        method=EFFORT,
        **marked,
    )
    return _show_holes(film, buffer.getvalue()) if buffer.tell() <= BYTES_AT_MOST else None


def _show_holes(film: _Film, webp: bytes) -> bytes:
    """Say in the head of the file that there are holes: the encoder does so only for those inside of what it draws."""
    if all(frame.mode == "RGB" for frame in film.frames):
        return webp
    return webp[:_FLAGS] + bytes([webp[_FLAGS] | _ALPHA]) + webp[_FLAGS + 1 :]
