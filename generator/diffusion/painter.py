"""The diffusers engine: keeps models loaded as memory allows, and turns orders into pictures.

It must not know frames nor the server.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image

from generator import catalogue
from generator.diffusion.abilities import describe
from generator.diffusion.calling import Painted, Unwanted, paint
from generator.diffusion.folder import Folder, read_folder
from generator.diffusion.loading import Loaded, choose_device, free, library_versions, load, quieten
from generator.diffusion.words import unknown_words
from generator.engine import (
    Engine,
    EngineLost,
    Failure,
    Manifest,
    ModelCapabilities,
    ModelSettings,
    OnEvent,
    Order,
    Picture,
)

# What a broken GPU context raises (torch 2.8 and later); nothing in this process can use the GPU after it.
_LOST_ERRORS: tuple[type[Exception], ...] = (torch.AcceleratorError,) if hasattr(torch, "AcceleratorError") else ()
_CPU_MEMORY_SIGNS = ("not enough memory", "can't allocate memory")  # torch on a CPU raises a bare RuntimeError


@dataclass(slots=True)
class Model:
    """One configured model, in memory or not."""

    settings: ModelSettings
    folder: Folder
    capabilities: ModelCapabilities
    loaded: Loaded | None = None


Loader = Callable[[ModelSettings, Folder, str], Loaded]


def build(models: Sequence[ModelSettings]) -> Engine:
    """Read every model's folder and load the first model; ValueError or OSError when one cannot be used."""
    quieten()
    painter = Painter([open_model(settings) for settings in models], load)
    painter.warm_up()
    return painter


def open_model(settings: ModelSettings) -> Model:
    """Read what a model's folder says, without its weights; ValueError when it cannot be used."""
    if settings.path is None:
        raise ValueError(f"the model {settings.name} has no path")
    folder = read_folder(Path(settings.path))
    known = catalogue.read(folder.path) or catalogue.find(settings.name)
    return Model(settings, folder, describe(settings, folder, known, choose_device(settings)))


class Painter:
    """The engine. Besides models marked `resident` it keeps one in memory: the last that painted."""

    def __init__(self, models: Sequence[Model], loader: Loader) -> None:
        self._models = {model.settings.name: model for model in models}
        self._loader = loader

    def capabilities(self) -> tuple[ModelCapabilities, ...]:
        """Say what each model can do."""
        return tuple(model.capabilities for model in self._models.values())

    def warm_up(self) -> None:
        """Load the first model, so that nobody waits for it and a broken one stops the start."""
        self._ready(next(iter(self._models.values())))

    def generate(self, orders: Sequence[Order], on_event: OnEvent) -> list[Picture | Failure]:
        """Paint orders of one batch key; a batch that is too large for the memory is painted in halves."""
        model = self._models[orders[0].model]
        answers = self._try(model, orders, on_event)
        if answers is not None:
            return answers
        free(model.capabilities.device)
        if len(orders) == 1:
            return [_too_large(orders[0])]
        middle = len(orders) // 2
        return [*self.generate(orders[:middle], on_event), *self.generate(orders[middle:], on_event)]

    def _try(self, model: Model, orders: Sequence[Order], on_event: OnEvent) -> list[Picture | Failure] | None:
        """Answer the orders, or None when the memory did not suffice; the caller frees it, outside the handler,
        where the traceback no longer holds the tensors."""
        started = time.monotonic()
        try:
            loaded = self._ready(model)
            painted = paint(loaded, orders, on_event)
        except Unwanted:
            return [_cancelled(order) for order in orders]
        except (torch.OutOfMemoryError, MemoryError):
            return None
        except _LOST_ERRORS as error:
            raise EngineLost(str(error).splitlines()[0]) from error
        except RuntimeError as error:
            if any(sign in str(error) for sign in _CPU_MEMORY_SIGNS):
                return None
            raise
        seconds = (time.monotonic() - started) / len(orders)
        return _answers(model, loaded, orders, painted, seconds)

    def _ready(self, model: Model) -> Loaded:
        if model.loaded is None:
            for other in self._models.values():
                if other.loaded is not None and not other.settings.resident:
                    other.loaded = None
                    free(other.capabilities.device)
            model.loaded = self._loader(model.settings, model.folder, model.capabilities.device)
        return model.loaded


def _answers(
    model: Model, loaded: Loaded, orders: Sequence[Order], painted: Painted, seconds: float
) -> list[Picture | Failure]:
    answers: list[Picture | Failure] = []
    for order, image, is_blanked in zip(orders, painted.images, painted.blanked, strict=True):
        if order.id in painted.dropped:
            answers.append(_cancelled(order))
        elif is_blanked:
            answers.append(Failure(order.id, "invalid", "The model's own safety checker withheld the picture."))
        else:
            answers.append(_picture(order, image, _manifest(model.capabilities, loaded, order, seconds)))
    return answers


def _picture(order: Order, image: Image.Image, manifest: Manifest) -> Picture:
    return Picture(order.id, image.width, image.height, image.tobytes(), manifest)


def _manifest(model: ModelCapabilities, loaded: Loaded, order: Order, seconds: float) -> Manifest:
    return Manifest(
        engine="diffusers",
        model=model.name,
        revision=model.revision,
        license=model.license,
        license_class=model.license_class,
        seed=order.seed,
        steps=order.steps,
        guidance=order.guidance,
        width=order.width,
        height=order.height,
        prompt=order.prompt,
        negative=order.negative,
        # A model that reads free text knows every word, and what its tokenizer calls unknown is none.
        unknown_words=unknown_words(loaded.pipeline, order.prompt) if model.vocabulary else (),
        drawn_by_rules=False,
        library_versions=library_versions(),
        seconds=seconds,
        dtype=loaded.dtype,
        device=model.device,
        strength=order.source.strength if order.source else None,
    )


def _cancelled(order: Order) -> Failure:
    return Failure(order.id, "cancelled", "The request was cancelled.")


def _too_large(order: Order) -> Failure:
    sentence = f"The memory does not suffice for {order.width} x {order.height} pixels with this model."
    return Failure(order.id, "memory", sentence)
