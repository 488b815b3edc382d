"""An engine that does what the prompt says, and the generator's program around it: `python scripted.py SETTINGS`.

It stands at the Engine seam, so that frames, batches, cancelling and crashes can be tested without a real painter.
"""

import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from generator.engine import (
    EngineLost,
    Failure,
    Manifest,
    ModelCapabilities,
    ModelSettings,
    OnEvent,
    Order,
    Picture,
    Preview,
    Request,
    Step,
)

PROGRAM = Path(__file__)
SIDE = 8
STEPS = 3
CAPABILITIES = ModelCapabilities(
    name="scripted",
    engine="drawing",
    label="Scripted",
    license="CC0-1.0",
    license_class="own",
    sizes=((SIDE, SIDE), (16, 8), (8, 16)),
    multiple=8,
    min_side=8,
    max_side=2048,
    default_steps=STEPS,
    max_steps=10,
    default_guidance=0.0,
    max_guidance=5.0,
    has_negative=False,
    has_progress=True,
    has_previews=True,
    max_batch=4,
)
MODELS = {"scripted": CAPABILITIES}


class ScriptedEngine:
    """Paints one colour, its seed; other prompts than "paint" are spelled out below."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def capabilities(self) -> tuple[ModelCapabilities, ...]:
        return (CAPABILITIES,)

    def generate(self, orders: Sequence[Order], on_event: OnEvent) -> list[Picture | Failure]:
        self.batches.append([order.id for order in orders])
        return [self._answer(order, on_event) for order in orders]

    def _answer(self, order: Order, on_event: OnEvent) -> Picture | Failure:
        match order.prompt:
            case "until cancelled":
                step = 0
                while on_event(Step(order.id, step := step + 1, step + 1)):
                    threading.Event().wait(0.005)  # painting takes time
                return Failure(order.id, "cancelled", "The request was cancelled.")
            case "raise":
                raise RuntimeError(f"tensors do not fit: {order.prompt}")
            case "lose the engine":
                raise EngineLost("device-side assert")
            case "die":
                os._exit(9)
            case "print":
                print("a library greets")
                os.write(1, b"another does so from C\n")
        return self._paint(order, on_event)

    def _paint(self, order: Order, on_event: OnEvent) -> Picture | Failure:
        for step in range(1, order.steps + 1):
            if not on_event(Step(order.id, step, order.steps)):
                return Failure(order.id, "cancelled", "The request was cancelled.")
            if order.previews and step == 2:
                on_event(Preview(order.id, b"\xff\xd8jpeg", step))
        pixels = bytes([order.seed % 256]) * (order.width * order.height * 3)
        return Picture(order.id, order.width, order.height, pixels, manifest(order))


def build(models: Sequence[ModelSettings]) -> ScriptedEngine:
    if models[0].name == "broken":
        print("the GPU is on fire", file=sys.stderr)
        raise OSError("no weights")
    return ScriptedEngine()


def request(request_id: str = "1", prompt: str = "paint", **changes: object) -> Request:
    fields: dict[str, object] = {
        "negative": None,
        "seed": 7,
        "steps": None,
        "guidance": None,
        "width": None,
        "height": None,
        "model": "scripted",
        "previews": False,
    }
    return Request(id=request_id, prompt=prompt, **(fields | changes))  # type: ignore[arg-type]


def manifest(order: Order) -> Manifest:
    return Manifest(
        engine="drawing",
        model=order.model,
        revision=None,
        license=CAPABILITIES.license,
        license_class=CAPABILITIES.license_class,
        seed=order.seed,
        steps=order.steps,
        guidance=order.guidance,
        width=order.width,
        height=order.height,
        prompt=order.prompt,
        negative=order.negative,
        unknown_words=(),
        drawn_by_rules=True,
        library_versions={"python": "3"},
        seconds=0.1,
        dtype="uint8",
        device="cpu",
    )


if __name__ == "__main__":
    from generator.__main__ import main

    main({"drawing": "tests.generator.scripted"})
