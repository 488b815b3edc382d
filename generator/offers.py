"""`python -m generator.offers`: measures this machine and prints what each known model would take on it, as JSON.

A program of its own, because a GPU can be measured through torch alone and the server never imports that.
"""

import contextlib
import importlib
import importlib.util
import sys

import msgspec

from generator.catalogue import KNOWN
from generator.machine import Machine, Offer, make_offer, measure_processor

ACCELERATOR = "generator.diffusion.accelerator"


class Offers(msgspec.Struct, frozen=True):
    """The machine, and every known model on it."""

    machine: Machine
    models: tuple[Offer, ...]


def measure() -> Machine:
    """Measure the GPU if there is one that torch can use, else the processor."""
    if importlib.util.find_spec("torch") is not None:
        # A torch that cannot be loaded (a driver of another version) leaves the processor.
        with contextlib.suppress(ImportError, OSError, RuntimeError):
            found: Machine | None = importlib.import_module(ACCELERATOR).measure_accelerator()
            if found is not None:
                return found
    return measure_processor()


def make_offers(machine: Machine) -> Offers:
    """Return every known model as it would do on `machine`."""
    return Offers(machine, tuple(make_offer(model, machine) for model in KNOWN))


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(make_offers(measure())) + b"\n")
