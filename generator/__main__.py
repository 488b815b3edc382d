"""The generator as a program: the server's child, or a shell tool that paints one picture.

    python -m generator SETTINGS                           frames on stdin and stdout, see generator.messages
    echo '{"prompt": "a red star"}' | python -m generator --once star.png [SETTINGS]

SETTINGS is the JSON of `ChildSettings`: `{"models": [{"name": "drawing", "engine": "drawing"},
{"name": "sdxl", "engine": "diffusers", "path": "/srv/models/sdxl", "device": "cuda"}], "threads": 2}`;
without it --once paints with the bundled model, or draws where that is not installed. Exit codes: 0 done, 1 --once
made no picture, 2 it could not start, 3 broken frames, 4 engine lost. It never opens a network connection: the hub
libraries are told to stay offline.
"""

import argparse
import contextlib
import fcntl
import importlib
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import BinaryIO, NoReturn, cast

from generator import bundled
from generator.engine import Engine, EngineName, ModelSettings
from generator.loop import Loop
from generator.messages import ChildSettings, read_settings

EXIT_CANNOT_START = 2
PIPE_BYTES = 1024 * 1024  # a megapixel is 3 MB: three wake-ups of the server instead of fifty
ENGINE_PACKAGES: dict[EngineName, str] = {"drawing": "generator.drawing", "diffusers": "generator.diffusion.painter"}
LIBRARY_SETTINGS = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "TRANSFORMERS_VERBOSITY": "error",
    "DIFFUSERS_VERBOSITY": "error",
}
DRAWING = ModelSettings("drawing", "drawing")


def main(packages: Mapping[EngineName, str] = MappingProxyType(ENGINE_PACKAGES)) -> NoReturn:
    """Run as the child or as the shell tool, with the engines in `packages`."""
    arguments = _read_arguments()
    source, sink = _take_streams()
    try:
        settings = read_settings(arguments.settings) if arguments.settings else choose_settings()
        engines = open_engines(settings, packages)
    # Whatever stops an engine from opening (no torch, no such folder, no GPU) is one line for the operator.
    except Exception as error:
        print(f"pinxit generator: cannot start: {type(error).__name__}: {error}", file=sys.stderr)
        _leave(EXIT_CANNOT_START)
    if arguments.once:
        once = importlib.import_module("generator.once")
        _leave(once.paint_once(engines, source, sink, arguments.once, settings.models[0].name))
    _leave(serve(engines, source, sink))


def choose_settings() -> ChildSettings:
    """Return what paints where nobody says it, the default first."""
    folder = bundled.find()
    starter = (ModelSettings(bundled.NAME, "diffusers", path=str(folder)),) if folder else ()
    return ChildSettings((*starter, DRAWING))


def open_engines(settings: ChildSettings, packages: Mapping[EngineName, str]) -> list[Engine]:
    """Import and build each engine that a configured model asks for, and no other."""
    os.environ.update(LIBRARY_SETTINGS)
    if settings.threads is not None:
        os.environ.update({"OMP_NUM_THREADS": str(settings.threads), "MKL_NUM_THREADS": str(settings.threads)})
    engines = []
    for name, package in packages.items():
        models = [model for model in settings.models if model.engine == name]
        if models:
            build = cast(Callable[[Sequence[ModelSettings]], Engine], importlib.import_module(package).build)
            engines.append(build(models))
    return engines


def serve(engines: Sequence[Engine], source: BinaryIO, sink: BinaryIO) -> int:
    """Be the server's child until told to leave; return the exit code."""
    loop = Loop(engines, source, sink)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.stop())
    return loop.run()


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m generator", description="Paint pictures from words.")
    parser.add_argument("--once", metavar="FILE", help="read one request as a JSON line, write this picture, leave")
    parser.add_argument("settings", nargs="?", help="the models, as JSON")
    arguments = parser.parse_args()
    if not arguments.once and not arguments.settings:
        parser.error("the settings are missing")
    return arguments


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep the real stdin and stdout to ourselves, so that a library's print or prompt cannot break a frame."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux's
        with contextlib.suppress(OSError):  # not a pipe, or over the user's allowance: slower, and no worse
            fcntl.fcntl(sink, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    return source, sink


def _leave(code: int) -> NoReturn:
    # Without the interpreter's tear-down: the frame-reading thread may hold the lock of its stream for ever,
    # and unloading torch takes longer than everything else here.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
