"""What the engine does when the memory, the GPU or the model's own checker says no; a pipeline at the loader's seam."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
import torch
from PIL import Image

from generator.diffusion.loading import Loaded
from generator.diffusion.painter import Painter, open_model
from generator.engine import EngineLost, Failure, ModelSettings, Order, Picture
from tests.generator.diffusion.tiny import Studio, folder

pytestmark = pytest.mark.diffusers


@dataclass
class Pipeline:
    """Paints grey pictures; `accident` is told how many at once and may raise."""

    accident: Callable[[int], None] = lambda _count: None
    blanked: list[bool] | None = None
    calls: list[int] = field(default_factory=list)
    cleaned: int = 0
    num_timesteps: int = 1

    def __call__(self, *, prompt: list[str], width: int, height: int) -> SimpleNamespace:
        self.calls.append(len(prompt))
        self.accident(len(prompt))
        images = [Image.new("RGB", (width, height), "grey") for _ in prompt]
        return SimpleNamespace(images=images, nsfw_content_detected=self.blanked)

    def maybe_free_model_hooks(self) -> None:
        self.cleaned += 1


def painter(*pipelines: Pipeline, resident: bool = False) -> tuple[Painter, list[str]]:
    """A painter whose models, named 0, 1, … are the pipelines given, and the names in the order of loading."""
    loads: list[str] = []

    def loader(settings: ModelSettings, *_: object) -> Loaded:
        loads.append(settings.name)
        return Loaded(pipelines[int(settings.name)], None, None, "float32")  # type: ignore[arg-type]

    models = [
        open_model(ModelSettings(str(n), "diffusers", path=str(folder("sd1")), device="cpu", resident=resident))
        for n in range(len(pipelines))
    ]
    return Painter(models, loader), loads


def orders(count: int, model: str = "0") -> list[Order]:
    order = Studio("sd1").order()
    return [
        Order(str(n), order.prompt, None, n, order.steps, order.guidance, 64, 64, model, previews=False)
        for n in range(count)
    ]


def paint(engine: Painter, wanted: list[Order]) -> list[Picture | Failure]:
    return engine.generate(wanted, lambda _event: True)


def out_of_memory_above(most: int, error: Exception) -> Callable[[int], None]:
    def accident(count: int) -> None:
        if count > most:
            raise error

    return accident


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 96 GiB"),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
        MemoryError(),
    ],
)
def test_a_batch_too_large_for_the_memory_is_painted_in_halves(error: Exception) -> None:
    pipeline = Pipeline(out_of_memory_above(1, error))
    engine, _ = painter(pipeline)

    answers = paint(engine, orders(3))

    assert [type(answer) for answer in answers] == [Picture] * 3
    assert [answer.id for answer in answers] == ["0", "1", "2"]
    assert pipeline.calls == [3, 1, 2, 1, 1]
    assert pipeline.cleaned == len(pipeline.calls)


def test_one_picture_too_large_for_the_memory_is_refused_and_the_engine_stays_usable() -> None:
    pipeline = Pipeline(out_of_memory_above(0, torch.OutOfMemoryError("CUDA out of memory")))
    engine, _ = painter(pipeline)

    (answer,) = paint(engine, orders(1))
    assert answer == Failure("0", "memory", "The memory does not suffice for 64 x 64 pixels with this model.")

    pipeline.accident = lambda _count: None
    assert isinstance(paint(engine, orders(1))[0], Picture)


def test_an_error_of_the_gpu_itself_loses_the_engine() -> None:
    engine, _ = painter(Pipeline(out_of_memory_above(0, torch.AcceleratorError("CUDA error: device-side assert"))))

    with pytest.raises(EngineLost, match="device-side assert"):
        paint(engine, orders(1))


def test_any_other_error_is_passed_on_after_cleaning() -> None:
    pipeline = Pipeline(out_of_memory_above(0, RuntimeError("shapes do not fit")))
    engine, _ = painter(pipeline)

    with pytest.raises(RuntimeError, match="shapes"):
        paint(engine, orders(1))
    assert pipeline.cleaned == 1


def test_a_picture_that_the_safety_checker_blanked_is_not_handed_out() -> None:
    engine, _ = painter(Pipeline(blanked=[False, True]))

    first, second = paint(engine, orders(2))

    assert isinstance(first, Picture)
    assert second == Failure("1", "invalid", "The model's own safety checker withheld the picture.")


def test_a_model_makes_room_for_the_next() -> None:
    engine, loads = painter(Pipeline(), Pipeline())
    for model in ("0", "0", "1", "0"):
        paint(engine, orders(1, model))

    assert loads == ["0", "1", "0"]


def test_a_resident_model_stays() -> None:
    engine, loads = painter(Pipeline(), Pipeline(), resident=True)
    for model in ("0", "1", "0"):
        paint(engine, orders(1, model))

    assert loads == ["0", "1"]
