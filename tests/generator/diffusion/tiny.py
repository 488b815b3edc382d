"""The tiny pipelines as models of the engine: folders are written once a run, engines are made for each test."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import torch

from generator.diffusion.folder import Folder
from generator.diffusion.loading import Loaded, load
from generator.diffusion.painter import Painter, open_model
from generator.engine import Failure, ModelSettings, OnEvent, Order, Picture, Request
from generator.limits import settle
from tests import tiny_pipelines

STEPS = 4
KINDS = tuple(tiny_pipelines.KINDS)

torch.set_num_threads(1)


@cache
def folder(kind: str) -> Path:
    return tiny_pipelines.save(kind, Path(mkdtemp(prefix=f"pinxit-tiny-{kind}-")))


class Studio:
    """A painter over tiny models, with what it loaded in sight."""

    def __init__(self, *kinds: str, **changes: object) -> None:
        self.loaded: dict[str, Loaded] = {}
        settings = [
            ModelSettings(f"tiny-{kind}", "diffusers", path=str(folder(kind)), device="cpu", **changes)  # type: ignore[arg-type]
            for kind in kinds
        ]
        self.painter = Painter([open_model(model) for model in settings], self._load)
        self.models = {model.name: model for model in self.painter.capabilities()}

    def order(self, request_id: str = "1", **changes: object) -> Order:
        fields: dict[str, object] = {
            "prompt": "a red fox",
            "negative": None,
            "seed": 7,
            "steps": STEPS,
            "guidance": None,
            "width": 64,
            "height": 64,
            "model": next(iter(self.models)),
            "previews": False,
        }
        order = settle(Request(id=request_id, **(fields | changes)), self.models)  # type: ignore[arg-type]
        assert isinstance(order, Order), order
        return order

    def paint(self, order: Order, on_event: OnEvent = lambda _event: True) -> Picture:
        answer = self.answer(order, on_event)
        assert isinstance(answer, Picture), answer
        return answer

    def answer(self, order: Order, on_event: OnEvent = lambda _event: True) -> Picture | Failure:
        (answer,) = self.painter.generate([order], on_event)
        return answer

    def _load(self, settings: ModelSettings, model_folder: Folder, device: str) -> Loaded:
        self.loaded[settings.name] = load(settings, model_folder, device)
        return self.loaded[settings.name]
