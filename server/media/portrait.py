"""Cuts a picture of an account to the shape that is shown: a square, or a wide one for the head of a profile.

It must not open anything foreign: what it is given came out of the sandbox.
"""

import asyncio
import io
from dataclasses import dataclass

from PIL import Image, ImageOps


@dataclass(frozen=True, slots=True)
class Shape:
    """Width and height in pixels."""

    width: int
    height: int


# Mastodon's sizes (account/avatar.rb, account/header.rb).
AVATAR = Shape(400, 400)
HEADER = Shape(1500, 500)


async def cut(jpeg: bytes, shape: Shape, *, quality: int) -> bytes:
    """Return a JPEG of ours cut around its middle and brought to `shape`, in a thread."""
    return await asyncio.to_thread(_cut, jpeg, shape, quality)


def _cut(jpeg: bytes, shape: Shape, quality: int) -> bytes:
    with Image.open(io.BytesIO(jpeg)) as opened:
        # Decoding at a fraction of the size costs a fraction of the time.
        opened.draft("RGB", (shape.width, shape.height))
        fitted = ImageOps.fit(opened.convert("RGB"), (shape.width, shape.height), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    fitted.info = {}
    fitted.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    return buffer.getvalue()
