"""The generator process against a bare `pipe(...)` loop: what its frames, steps and previews cost.

Both paint with the same tiny model from the same folder, one thread each, in turns, so that whatever else the
machine does falls on both. `python -m tests.bench.bench_worker FOLDER` is the bare loop.
"""

import asyncio
import importlib
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from generator.messages import ChildSettings, ModelSettings, Request, Step
from server.studio.child import Child
from tests.bench.table import Row
from tests.generator.scripted import PROGRAM, request

SIDE, STEPS = 256, 8
ROUNDS, PICTURES = 7, 5
DRAWING = ChildSettings((ModelSettings("drawing", "drawing"),))
SCRIPTED = (sys.executable, str(PROGRAM))


class Bare:
    """A process that paints without any of ours."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.bench.bench_worker", str(folder)]
        environment = os.environ | {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment,
        )
        self.paint(1)

    def paint(self, count: int) -> float:
        """Paint so many, and return the seconds it took."""
        assert self._process.stdin is not None and self._process.stdout is not None
        print(count, file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def run() -> list[Row]:
    """Measure."""
    with TemporaryDirectory() as name:
        folder = Path(name) / "tiny"
        command = [sys.executable, "-m", "tests.tiny_pipelines", "sd1", str(folder)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return asyncio.run(_measure(folder))


async def _measure(folder: Path) -> list[Row]:
    return [*await _rates(folder), await _start(), await _round_trip(), await _hand_over()]


async def _rates(folder: Path) -> list[Row]:
    model = ModelSettings("tiny", "diffusers", path=str(folder), device="cpu")
    child, bare = Child(ChildSettings((model,), threads=1)), Bare(folder)
    await child.start()
    seconds: dict[str, list[float]] = {"bare": [], "plain": [], "previews": []}
    try:
        await _paint(child, 1, previews=True)
        for _ in range(ROUNDS):
            seconds["bare"].append(bare.paint(PICTURES))
            seconds["plain"].append(await _paint(child, PICTURES, previews=False))
            seconds["previews"].append(await _paint(child, PICTURES, previews=True))
    finally:
        await child.stop()
        bare.close()
    note = f"rate against a bare pipe(), tiny SD, {SIDE} px, {STEPS} steps, {PICTURES / median(seconds['bare']):.3g}/s"
    return [
        Row("generator, progress on", _ratio(seconds, "plain"), "of bare", 0.95, at_least=True, note=note),
        Row("generator, progress and previews", _ratio(seconds, "previews"), "of bare", 0.95, at_least=True, note=note),
    ]


def _ratio(seconds: dict[str, list[float]], name: str) -> float:
    """The median over the rounds, each against its own bare neighbour."""
    return median(bare / ours for bare, ours in zip(seconds["bare"], seconds[name], strict=True))


async def _paint(child: Child, count: int, *, previews: bool) -> float:
    started = time.perf_counter()
    await asyncio.gather(*(child.render(_request(n, previews=previews), lambda _event: None) for n in range(count)))
    return time.perf_counter() - started


def _request(number: int, *, previews: bool) -> Request:
    return request(
        str(number),
        "a red fox in snow",
        model="tiny",
        seed=number,
        steps=STEPS,
        guidance=7.5,
        width=SIDE,
        height=SIDE,
        previews=previews,
    )


async def _start() -> Row:
    taken = []
    for _ in range(ROUNDS):
        child = Child(DRAWING)
        started = time.perf_counter()
        await child.start()
        taken.append((time.perf_counter() - started) * 1000)
        await child.stop()
    return Row("generator start, drawing engine", median(taken), "ms", 300, note="spawn to its ready frame")


async def _round_trip() -> Row:
    """From `render` to the first step, which the scripted engine reports at once."""
    taken: list[float] = []
    child = Child(ChildSettings((ModelSettings("scripted", "drawing"),)), command=SCRIPTED)
    await child.start()
    for number in range(50):
        started = time.perf_counter()

        def on_event(event: object, started: float = started) -> None:
            if isinstance(event, Step) and event.step == 1:
                taken.append((time.perf_counter() - started) * 1000)

        await child.render(request(str(number)), on_event)
    await child.stop()
    return Row("request to first step, idle generator", median(taken), "ms", 50, note="without the step itself")


async def _hand_over() -> Row:
    taken: list[float] = []
    child = Child(ChildSettings((ModelSettings("scripted", "drawing"),)), command=SCRIPTED)
    await child.start()
    for number in range(50):
        started = time.perf_counter()
        await child.render(request(str(number), steps=1, width=1024, height=1024), lambda _event: None)
        taken.append((time.perf_counter() - started) * 1000)
    await child.stop()
    return Row("a 1024 x 1024 picture through the pipe", median(taken), "ms", 20, note="3.1 MB, request to picture")


def _bare_loop(arguments: Sequence[str]) -> None:
    # By name, because the benchmark itself must not import torch beside what it measures.
    torch, diffusers = importlib.import_module("torch"), importlib.import_module("diffusers")
    torch.set_num_threads(1)
    pipe = diffusers.AutoPipelineForText2Image.from_pretrained(arguments[0], local_files_only=True)
    pipe.set_progress_bar_config(disable=True)
    for line in sys.stdin:
        started = time.perf_counter()
        for seed in range(int(line)):
            generator = torch.Generator("cpu").manual_seed(seed)
            pipe("a red fox in snow", width=SIDE, height=SIDE, num_inference_steps=STEPS, generator=generator)
        print(time.perf_counter() - started, flush=True)


if __name__ == "__main__":
    _bare_loop(sys.argv[1:])
