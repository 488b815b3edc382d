"""The drawing engine: pictures drawn by rules from the words it knows. It learns nothing and needs no model."""

import io
import time
from collections.abc import Sequence

import numpy as np
import PIL
from PIL import Image

from generator.drawing.parser import parse
from generator.drawing.settle import settle
from generator.drawing.tidy import refuse, tidy
from generator.drawing.words import vocabulary
from generator.engine import (
    Failure,
    Manifest,
    ModelCapabilities,
    ModelSettings,
    OnEvent,
    Order,
    Picture,
    Preview,
    Step,
)
from generator.starter.scenes.description import Scene
from generator.starter.scenes.paint import STAGES, paint

LABEL = "Pinxit drawing (drawn by rules)"
LICENSE = "CC0-1.0"
REVISION = "1"  # of the rules; another for every release in which a seed gives another picture
SIZES = ((768, 768), (1024, 768), (768, 1024), (1024, 576), (576, 1024), (512, 512))
PREVIEW_SIDE = 192
# The stages up to here show something to look forward to; the last is the picture itself.
PREVIEWED = ("land", "subjects")


class DrawingEngine:
    """Implements `generator.engine.Engine` for the models named "drawing"."""

    def __init__(self, models: Sequence[ModelSettings]) -> None:
        self.models = tuple(_capabilities(model) for model in models)

    def capabilities(self) -> tuple[ModelCapabilities, ...]:
        """What each configured drawing model can do: all the same."""
        return self.models

    def generate(self, orders: Sequence[Order], on_event: OnEvent) -> list[Picture | Failure]:
        """Draw one after the other."""
        return [_draw(order, on_event) for order in orders]


def build(models: Sequence[ModelSettings]) -> DrawingEngine:
    """The engine for the configured models."""
    return DrawingEngine(models)


def understand(prompt: str, negative: str | None, seed: int) -> tuple[Scene, tuple[str, ...]]:
    """The scene a prompt means, and its words that were not understood."""
    wish = parse(prompt)
    if negative:
        refuse(wish, parse(negative))
    tidy(wish)
    unknown = tuple(wish.unknown)
    return settle(wish, seed), unknown


def _draw(order: Order, on_event: OnEvent) -> Picture | Failure:
    started = time.perf_counter()
    scene, unknown = understand(order.prompt, order.negative, order.seed)
    image = Image.new("RGB", (order.width, order.height))
    for number, image in enumerate(paint(scene, order.width, order.height), start=1):
        if not _tell(order, number, image, on_event):
            return Failure(order.id, "cancelled", "The drawing was cancelled.")
    seconds = time.perf_counter() - started
    return Picture(order.id, image.width, image.height, image.tobytes(), _manifest(order, unknown, seconds))


def _tell(order: Order, number: int, image: Image.Image, on_event: OnEvent) -> bool:
    """Report a stage, with a small picture of it if asked; whether to go on."""
    if not on_event(Step(order.id, number, len(STAGES))):
        return False
    if not order.previews or STAGES[number - 1] not in PREVIEWED:
        return True
    small = image.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.BOX)
    encoded = io.BytesIO()
    small.save(encoded, "JPEG", quality=80)
    return on_event(Preview(order.id, encoded.getvalue(), number))


def _manifest(order: Order, unknown: tuple[str, ...], seconds: float) -> Manifest:
    return Manifest(
        engine="drawing",
        model=order.model,
        revision=REVISION,
        license=LICENSE,
        license_class="own",
        seed=order.seed,
        steps=len(STAGES),
        guidance=0.0,
        width=order.width,
        height=order.height,
        prompt=order.prompt,
        negative=order.negative,
        unknown_words=unknown,
        drawn_by_rules=True,
        library_versions={"numpy": np.__version__, "pillow": PIL.__version__},
        seconds=seconds,
        dtype="uint8",
        device="cpu",
    )


def _capabilities(model: ModelSettings) -> ModelCapabilities:
    return ModelCapabilities(
        name=model.name,
        engine="drawing",
        label=model.label or LABEL,
        license=LICENSE,
        license_class="own",
        sizes=SIZES,
        multiple=1,
        min_side=64,
        max_side=2048,
        default_steps=len(STAGES),
        max_steps=len(STAGES),
        default_guidance=0.0,
        max_guidance=0.0,
        has_negative=True,
        has_progress=True,
        has_previews=True,
        drawn_by_rules=True,
        revision=REVISION,
        vocabulary=vocabulary(),
    )
