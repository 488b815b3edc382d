"""Idle memory of each process of a fresh instance, and how long it takes to start."""

import tempfile
import time
from pathlib import Path

from tests.bench.table import Row
from tests.interop.instance import Instance
from tests.interop.process import eventually
from tests.processes import children_of, find_processes, resident_megabytes

# The web process alone was promised; the others are shown.
WEB_MEGABYTES = 120
START_ROUNDS = 3


def run() -> list[Row]:
    """Start an instance three times; measure its processes when the generator is there."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Instance(Path(folder) / "instance")
        instance.init()
        starts = []
        for _ in range(START_ROUNDS):
            begun = time.monotonic()
            instance.serve()
            starts.append(time.monotonic() - begun)
            rows = _measure(instance)
            instance.stop()
    return [
        Row("start-up: serve until the front door answers", sorted(starts)[1], "s wall", note="median of 3"),
        *rows,
    ]


def _measure(instance: Instance) -> list[Row]:
    folder = str(instance.folder)
    web, work = (eventually(lambda name=name: find_processes("--dir", folder, name))[0] for name in ("web", "work"))
    generator = eventually(lambda: children_of(work), what="the generator")[0]
    parent = find_processes("--dir", folder, "serve")[0]
    return [
        Row("idle memory: web process", resident_megabytes(web), "MB RSS", WEB_MEGABYTES),
        Row("idle memory: work process", resident_megabytes(work), "MB RSS"),
        Row("idle memory: generator (drawing)", resident_megabytes(generator), "MB RSS"),
        Row("idle memory: parent", resident_megabytes(parent), "MB RSS"),
    ]
