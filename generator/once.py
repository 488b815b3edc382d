"""The shell tool: one request as a JSON line in, a picture file out, and its manifest on stdout.

It must not know engines; it takes those `generator.__main__` has opened.
"""

import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec
from PIL import Image

from generator.engine import Engine, Event, Failure, Picture, Request, Step
from generator.limits import settle
from generator.messages import MAX_LINE_BYTES

EXIT_DONE = 0
EXIT_NO_PICTURE = 1


class OnceRequest(msgspec.Struct, forbid_unknown_fields=True):
    """The line on stdin; only the prompt is needed."""

    prompt: str
    negative: str | None = None
    seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    width: int | None = None
    height: int | None = None
    model: str | None = None


def paint_once(engines: Sequence[Engine], source: BinaryIO, sink: BinaryIO, path: str, default_model: str) -> int:
    """Paint the request on `source` into the file at `path` (its suffix names the format); return the exit code."""
    try:
        asked = msgspec.json.decode(source.readline(MAX_LINE_BYTES), type=OnceRequest)
    except msgspec.MsgspecError as error:
        return _complain(f"the line is not a request: {error}")
    answer = _paint(engines, asked, default_model)
    if isinstance(answer, Failure):
        return _complain(answer.message)
    Image.frombytes("RGB", (answer.width, answer.height), answer.pixels).save(Path(path))
    sink.write(msgspec.json.encode(answer.manifest) + b"\n")
    sink.flush()
    return EXIT_DONE


def _paint(engines: Sequence[Engine], asked: OnceRequest, default_model: str) -> Picture | Failure:
    models = {model.name: model for engine in engines for model in engine.capabilities()}
    order = settle(_as_request(asked, default_model), models)
    if isinstance(order, Failure):
        return order
    for engine in engines:
        if any(model.name == order.model for model in engine.capabilities()):
            return engine.generate([order], _show)[0]
    raise AssertionError("a settled order names a model that no engine has")


def _as_request(asked: OnceRequest, default_model: str) -> Request:
    return Request(
        id="once",
        prompt=asked.prompt,
        negative=asked.negative,
        seed=secrets.randbelow(2**32) if asked.seed is None else asked.seed,
        steps=asked.steps,
        guidance=asked.guidance,
        width=asked.width,
        height=asked.height,
        model=asked.model or default_model,
        previews=False,
    )


def _show(event: Event) -> bool:
    if isinstance(event, Step):
        print(f"step {event.step} of {event.total}", file=sys.stderr)
    return True


def _complain(sentence: str) -> int:
    print(f"pinxit generator: {sentence}", file=sys.stderr)
    return EXIT_NO_PICTURE
