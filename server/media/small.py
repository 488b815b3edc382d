"""Makes a small picture out of one that came out of the sandbox. It must not open anything foreign."""

import asyncio
import io

from PIL import Image

# Twice as large as an emoji is ever shown; peers refuse files of more than 256 KB (Mastodon, custom_emoji.rb).
SIDE = 128


async def shrink(picture: bytes) -> bytes:
    """Return a PNG with the same shape and holes, no side longer than `SIDE`, in a thread."""
    return await asyncio.to_thread(_shrink, picture)


def _shrink(picture: bytes) -> bytes:
    with Image.open(io.BytesIO(picture)) as opened:
        small = opened.convert("RGBA")
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    small.info = {}
    buffer = io.BytesIO()
    small.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
