"""What this machine can multiply and hold, and how long a known model would take on it. It must not load a model.

An offer of a model is worth little without the seconds it would take here. They are estimated: the operations of all
steps (`KnownModel.teraflops`) over the speed measured with one large product of matrices, of which whole networks
reach about half.
"""

import os
import time
from pathlib import Path

import msgspec
import numpy as np

from generator.catalogue import KnownModel

# A network's layers are smaller and less regular than the product that was measured.
SHARE_REACHED = 0.5
# The decoder of a picture of one megapixel, which runs once: about ten teraflops in every family with the usual one.
DECODER_TERAFLOPS = 10.0
SIDE = 1536  # 7 gigaflops: a tenth of a second of one core
ROUNDS = 4
GIGABYTE = 1_000_000_000


class Machine(msgspec.Struct, frozen=True):
    """Where a model would run: `kind` is `cpu` or `cuda`; `memory_gigabytes` is the GPU's, or what is free of RAM."""

    kind: str
    name: str
    memory_gigabytes: float
    teraflops: float  # a second, in the precision that painting uses there


class Offer(msgspec.Struct, frozen=True):
    """A known model as it would do on a machine; None is unknown."""

    name: str
    label: str
    license: str
    license_class: str
    source: str | None
    weights_gigabytes: float | None
    memory_gigabytes: float | None
    fits: bool | None
    seconds: float | None


def measure_processor() -> Machine:
    """Multiply once to warm up and a few times for the clock; takes less than a second of each core."""
    left = np.random.default_rng(0).random((SIDE, SIDE), dtype=np.float32)
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.perf_counter()
        left @ left
        best = min(best, time.perf_counter() - began)
    return Machine("cpu", _processor_name(), _free_memory() / GIGABYTE, 2 * SIDE**3 / best / 1e12)


def make_offer(model: KnownModel, machine: Machine) -> Offer:
    """Say how `model` would do on `machine`, at its first size with its own number of steps."""
    return Offer(
        name=model.name,
        label=model.label,
        license=model.license,
        license_class=model.license_class,
        source=model.source,
        weights_gigabytes=model.weights_gigabytes,
        memory_gigabytes=model.memory_gigabytes,
        fits=_fits(model, machine),
        seconds=_seconds(model, machine),
    )


def _seconds(model: KnownModel, machine: Machine) -> float | None:
    if model.teraflops is None or not model.sizes:
        return None
    calls = 2 if model.guidance > 1 else 1  # with and without the prompt
    width, height = model.sizes[0]
    work = model.teraflops * model.steps * calls + DECODER_TERAFLOPS * width * height / 1024**2
    return work / (machine.teraflops * SHARE_REACHED)


def _fits(model: KnownModel, machine: Machine) -> bool | None:
    if machine.kind == "cpu":
        # Painting on a processor is in single precision: twice the bytes of half precision.
        return None if model.weights_gigabytes is None else 2 * model.weights_gigabytes <= machine.memory_gigabytes
    return None if model.memory_gigabytes is None else model.memory_gigabytes <= machine.memory_gigabytes


def _processor_name() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return f"{cores} processor cores" if cores > 1 else "one processor core"


def _free_memory() -> int:
    """The bytes that could be had; all there are where the system does not say."""
    facts = Path("/proc/meminfo")
    if facts.is_file():
        for line in facts.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
