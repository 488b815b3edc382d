"""Takes in a foreign picture file: it is opened in a sandbox of its own and comes back as files of ours.

It must not open the file here, nor keep anything of it.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

import msgspec

from server.media import sandbox
from server.media.renditions import Quality, Renditions
from server.media.sandbox import PROBLEMS, Answer, Task
from server.problems import Invalid, TooLarge

# The largest file of a phone; Mastodon's limit for pictures is the same.
BYTES_AT_MOST = 16 * 1024 * 1024
# What phones of fifty megapixels make.
PIXELS_AT_MOST = 50_000_000
# Fifty million pixels take four seconds on a slow core.
SECONDS_AT_MOST = 45.0
_LINE_BYTES_AT_MOST = 4096


@dataclass(frozen=True, slots=True)
class Ingested:
    """The files of a picture that came from outside, what its own type was, and IPTC's word if it was generated."""

    files: Renditions
    media_type: str
    source: str | None


async def ingest(
    data: bytes, quality: Quality, *, max_pixels: int = PIXELS_AT_MOST, max_bytes: int = BYTES_AT_MOST
) -> Ingested:
    """Bring a picture file into our forms: upright, sRGB, without metadata but the mark of a generator.

    Raises:
        TooLarge: it has too many bytes or pixels.
        Unsupported: it is no picture that we know.
        Invalid: it is damaged.
    """
    task = Task(max_pixels=max_pixels, jpeg=quality.jpeg, webp=quality.webp)
    answer, files = await _develop(task, data, max_bytes)
    if len(files) != 3:
        raise Invalid("This picture cannot be read.", field="file")
    renditions = Renditions(
        jpeg=files[0],
        webp=files[1],
        thumbnail=files[2],
        width=answer.width,
        height=answer.height,
        blurhash=answer.blurhash,
        digest_multibase=answer.digest_multibase,
    )
    return Ingested(renditions, answer.media_type, answer.source)


async def copy(data: bytes, sides: Sequence[int], *, quality: int, max_pixels: int, max_bytes: int) -> list[bytes]:
    """Copy a picture file as WebP, once for each of `sides`, its longest side at most that; raises like `ingest`.

    Of what moves the first copy does, and a second one, which stands still, is there even where one was asked for.
    """
    task = Task(max_pixels=max_pixels, jpeg=quality, webp=quality, sides=tuple(sides))
    _, files = await _develop(task, data, max_bytes)
    if len(files) not in (len(sides), max(2, len(sides))):
        raise Invalid("This picture cannot be read.", field="file")
    return files


async def _develop(task: Task, data: bytes, max_bytes: int) -> tuple[Answer, list[bytes]]:
    if len(data) > max_bytes:
        raise TooLarge(f"A picture may have {max_bytes:,} bytes.")
    output = await _run(msgspec.json.encode(task) + b"\n", data)
    line, found, files = output.partition(b"\n")
    if not found or len(line) > _LINE_BYTES_AT_MOST:
        # It died of its limits, or of what the file did to it.
        raise Invalid("This picture cannot be read.", field="file")
    answer = msgspec.json.decode(line, type=Answer)
    if answer.problem:
        raise PROBLEMS[answer.problem](answer.message)
    if len(files) != sum(answer.sizes):
        raise Invalid("This picture cannot be read.", field="file")
    ends = list(accumulate(answer.sizes, initial=0))
    return answer, [files[start:end] for start, end in pairwise(ends)]


async def _run(line: bytes, data: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # a folder named like one of our packages, where we were started, is not ours
        "-m",
        sandbox.__name__,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(SECONDS_AT_MOST):
            output, _ = await process.communicate(line + data)
    except TimeoutError:
        raise Invalid("This picture takes too long to read.", field="file") from None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return output


def _environment() -> dict[str, str]:
    """None of ours, which has secrets: only where the interpreter and this package are found."""
    root = str(Path(sandbox.__file__).resolve().parents[2])
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}
