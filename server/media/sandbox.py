"""The process in which a foreign file is opened: one file in, its files out, with little memory and time.

A decoder that is led astray by a crafted file harms a process that holds no key, no database and no open file. It must
not import anything that does.
"""

import contextlib
import resource
import sys

import msgspec

from server.media.animation import animate
from server.media.decode import decode
from server.media.marks import write_mark
from server.media.renditions import Quality, copy_picture, encode_picture
from server.problems import Invalid, Problem, TooLarge, Unsupported

# Fifty million pixels as RGBA, a copy upright and one in other colours, beside the interpreter.
MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 30

PROBLEMS: dict[str, type[Problem]] = {"unsupported": Unsupported, "too large": TooLarge, "invalid": Invalid}


class Task(msgspec.Struct, frozen=True):
    """What is asked: the first line; the file follows to the end.

    With `sides` it is only copied, once for each, as WebP whose longest side is at most that. What moves does so in the
    first copy, and stands still in the others, of which there is one at least.
    """

    max_pixels: int
    jpeg: int
    webp: int
    sides: tuple[int, ...] = ()


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of it: the first line; as many files as there are `sizes` follow: JPEG, WebP, thumbnail, or copies."""

    problem: str = ""
    message: str = ""
    sizes: tuple[int, ...] = ()
    media_type: str = ""
    width: int = 0
    height: int = 0
    blurhash: str = ""
    digest_multibase: str = ""
    source: str | None = None


def main() -> None:
    """Read a task and its file, write the answer and its files."""
    confine()
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    answer, files = develop(task, sys.stdin.buffer.read())
    sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    for file in files:
        sys.stdout.buffer.write(file)
    sys.stdout.buffer.flush()


def develop(task: Task, data: bytes) -> tuple[Answer, tuple[bytes, ...]]:
    """Do the task on one file."""
    try:
        decoded = decode(data, max_pixels=task.max_pixels)
    except Problem as problem:
        name = next(name for name, kind in PROBLEMS.items() if isinstance(problem, kind))
        return Answer(problem=name, message=str(problem)), ()
    except MemoryError:
        return Answer(problem="too large", message="This picture needs too much memory."), ()
    xmp = write_mark(decoded.mark) if decoded.mark else None
    if task.sides:
        moving = animate(data, side=task.sides[0], xmp=xmp, quality=task.webp)
        still = task.sides[1:] or task.sides if moving is not None else task.sides
        copies = copy_picture(decoded.picture, xmp, still, task.webp)
        copies = copies if moving is None else (moving, *copies)
        return Answer(sizes=tuple(map(len, copies)), media_type=decoded.media_type), copies
    files = encode_picture(decoded.picture, xmp, Quality(task.jpeg, task.webp))
    answer = Answer(
        sizes=(len(files.jpeg), len(files.webp), len(files.thumbnail)),
        media_type=decoded.media_type,
        width=files.width,
        height=files.height,
        blurhash=files.blurhash,
        digest_multibase=files.digest_multibase,
        source=decoded.mark.source if decoded.mark else None,
    )
    return answer, (files.jpeg, files.webp, files.thumbnail)


def confine() -> None:
    """Give up what decoding does not need: memory, time, writing files. Some systems do not let memory be bounded."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
