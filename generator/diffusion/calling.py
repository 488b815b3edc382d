"""One call of a pipeline for one batch: its arguments, its steps, its end.

A call that nobody wants any more is left by raising in the step callback, then cleaned: `_interrupt` would still
decode and hand back a half-made picture, and several pipelines do not have it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from PIL import Image, ImageOps

from generator.diffusion.abilities import Abilities, read_abilities
from generator.diffusion.loading import Loaded
from generator.diffusion.previews import Previewer
from generator.diffusion.shapes import Pipeline
from generator.engine import OnEvent, Order, Preview, Source, Step

PREVIEW_EVERY_STEPS = 2  # a look costs 0.3 ms, sending and showing it more


class Unwanted(Exception):
    """No order of the batch is wanted any more."""


@dataclass(frozen=True, slots=True)
class Painted:
    """A batch's pictures, in its order; `blanked` are those the model's own safety checker painted over."""

    images: list[Image.Image]
    blanked: list[bool]
    dropped: frozenset[str]  # ids that were cancelled while the others went on


@dataclass(slots=True)
class _Watch:
    """Hears of every step; the pipeline calls it."""

    orders: Sequence[Order]
    on_event: OnEvent
    previewer: Previewer | None
    dropped: set[str] = field(default_factory=set)

    def step(self, number: int, total: int, latents: torch.Tensor | None) -> None:
        for index, order in enumerate(self.orders):
            if order.id not in self.dropped and not self._tell(order, number, total, latents, index):
                self.dropped.add(order.id)
        if len(self.dropped) == len(self.orders):
            raise Unwanted

    def _tell(self, order: Order, number: int, total: int, latents: torch.Tensor | None, index: int) -> bool:
        if not self.on_event(Step(order.id, number, total)):
            return False
        # After the last step the picture itself follows at once.
        if not order.previews or latents is None or number % PREVIEW_EVERY_STEPS or number >= total:
            return True
        jpeg = self.previewer.look(latents[index], order.width, order.height) if self.previewer else None
        return jpeg is None or self.on_event(Preview(order.id, jpeg, number))


def paint(loaded: Loaded, orders: Sequence[Order], on_event: OnEvent) -> Painted:
    """Paint orders of one batch key; raises Unwanted, and whatever torch raises."""
    pipeline = _pipeline_for(loaded, orders[0])
    abilities = read_abilities(type(pipeline))
    watch = _Watch(orders, on_event, loaded.previewer)
    arguments = _arguments(orders, abilities) | _callback(watch, abilities, orders[0].steps)
    try:
        result = pipeline(**{name: value for name, value in arguments.items() if name in abilities.parameters})
    finally:
        # The hooks of an offload belong to the pipeline that hung them, whichever of the two was called; a
        # cached denoiser would otherwise keep the state of a call that was left.
        loaded.pipeline.maybe_free_model_hooks()
    blanked = getattr(result, "nsfw_content_detected", None) or [False] * len(orders)
    images = [image.convert("RGB") for image in result.images]
    return Painted(images, [bool(flag) for flag in blanked], frozenset(watch.dropped))


def _pipeline_for(loaded: Loaded, order: Order) -> Pipeline:
    return loaded.remix if order.source is not None and loaded.remix is not None else loaded.pipeline


def _arguments(orders: Sequence[Order], abilities: Abilities) -> dict[str, object]:
    first = orders[0]
    arguments: dict[str, object] = {
        "prompt": [order.prompt for order in orders],
        "width": first.width,
        "height": first.height,
        "num_inference_steps": first.steps,
        # Made on the CPU, so that a seed means the same noise on every machine.
        "generator": [torch.Generator("cpu").manual_seed(order.seed) for order in orders],
        "output_type": "pil",
        # PixArt would tidy a prompt where two more libraries happen to be there.
        "clean_caption": False,
    }
    if abilities.guidance is not None:
        arguments[abilities.guidance] = first.guidance
    negative = _negative(orders, abilities)
    if negative is not None:
        arguments["negative_prompt"] = negative
    if first.source is not None:
        arguments |= _source(first.source, first, abilities)
    return arguments


def _negative(orders: Sequence[Order], abilities: Abilities) -> list[str] | None:
    if abilities.guidance == "true_cfg_scale":
        # Qwen-Image leaves its guidance off altogether unless it is given a negative; its makers use a space.
        return [order.negative or " " for order in orders]
    if orders[0].negative is None:
        return None
    return [order.negative or "" for order in orders]


def _source(source: Source, order: Order, abilities: Abilities) -> dict[str, object]:
    image = Image.frombytes("RGB", (source.width, source.height), source.pixels)
    fitted = ImageOps.fit(image, (order.width, order.height), Image.Resampling.LANCZOS)
    if "strength" not in abilities.parameters:
        return {"image": [fitted]}  # an instruction model: the prompt says what to change
    # At least one step must run; the margin is for diffusers' `int(steps * strength)`.
    return {"image": fitted, "strength": min(1.0, max(source.strength, 1.001 / order.steps))}


def _callback(watch: _Watch, abilities: Abilities, steps: int) -> dict[str, object]:
    def on_step_end(
        pipeline: Pipeline, index: int, _timestep: object, tensors: dict[str, torch.Tensor]
    ) -> dict[str, torch.Tensor]:
        # What really runs, not what was asked: a remix leaves the first steps out.
        watch.step(index + 1, pipeline.num_timesteps, tensors.get("latents"))
        return tensors

    def on_old_step_end(index: int, _timestep: object, latents: torch.Tensor) -> None:
        watch.step(index + 1, max(steps, index + 1), latents)

    if abilities.callback is None:
        return {}
    return {"callback_on_step_end": on_step_end, "callback": on_old_step_end, "callback_steps": 1}
