"""What the classes of diffusers can do, read from the classes themselves."""

import diffusers
import pytest

from generator.diffusion.abilities import find_remix_class, read_abilities
from generator.diffusion.painter import open_model
from generator.engine import ModelSettings
from tests.generator.diffusion.tiny import KINDS, folder

pytestmark = pytest.mark.diffusers


@pytest.mark.parametrize(
    ("pipeline", "guidance", "has_negative", "callback"),
    [
        ("StableDiffusionPipeline", "guidance_scale", True, "callback_on_step_end"),
        ("StableDiffusionXLPipeline", "guidance_scale", True, "callback_on_step_end"),
        ("StableDiffusion3Pipeline", "guidance_scale", True, "callback_on_step_end"),
        ("FluxPipeline", "guidance_scale", False, "callback_on_step_end"),
        ("Flux2KleinPipeline", "guidance_scale", False, "callback_on_step_end"),
        ("QwenImagePipeline", "true_cfg_scale", True, "callback_on_step_end"),
        ("ZImagePipeline", "guidance_scale", True, "callback_on_step_end"),
        ("PixArtAlphaPipeline", "guidance_scale", True, "callback"),
    ],
)
def test_a_class_is_read_by_its_signature(pipeline: str, guidance: str, has_negative: bool, callback: str) -> None:
    abilities = read_abilities(getattr(diffusers, pipeline))

    assert (abilities.guidance, abilities.has_negative, abilities.callback) == (guidance, has_negative, callback)


@pytest.mark.parametrize(
    ("pipeline", "remix"),
    [
        ("StableDiffusionXLPipeline", "StableDiffusionXLImg2ImgPipeline"),
        ("FluxPipeline", "FluxImg2ImgPipeline"),
        ("ZImagePipeline", "ZImageImg2ImgPipeline"),
        ("PixArtAlphaPipeline", None),
    ],
)
def test_the_class_for_a_remix_is_found(pipeline: str, remix: str | None) -> None:
    found = find_remix_class(getattr(diffusers, pipeline))

    assert (found.__name__ if found else None) == remix


@pytest.mark.parametrize("kind", KINDS)
def test_a_tiny_model_says_what_it_can_do(kind: str) -> None:
    model = open_model(ModelSettings("tiny", "diffusers", path=str(folder(kind)), device="cpu")).capabilities

    assert (model.has_progress, model.has_previews, model.remix) == (True, True, "strength")
    assert (model.has_negative, model.max_batch, model.device) == (kind != "flux", 1, "cpu")
    assert model.max_guidance == 20.0


def test_the_operator_sets_the_batch() -> None:
    settings = ModelSettings("tiny", "diffusers", path=str(folder("sd1")), device="cpu", batch=3)

    assert open_model(settings).capabilities.max_batch == 3
