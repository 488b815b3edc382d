"""Which model folders are loaded, and which are refused before anything in them is used."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from generator.diffusion.folder import read_folder
from generator.diffusion.loading import load
from generator.diffusion.painter import build, open_model
from generator.engine import ModelSettings
from tests.generator.diffusion.tiny import KINDS, folder

pytestmark = pytest.mark.diffusers

SCALES = {"sd1": (8, 64), "sdxl": (8, 64), "sd3": (16, 64), "flux": (16, 1024)}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder("sd1"), tmp_path / "model"))


def settings(path: Path) -> ModelSettings:
    return ModelSettings("tiny", "diffusers", path=str(path), device="cpu")


def change_index(path: Path, **entries: object) -> None:
    index = json.loads((path / "model_index.json").read_text())
    (path / "model_index.json").write_text(json.dumps(index | entries))


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_says_its_sizes(kind: str) -> None:
    read = read_folder(folder(kind))

    assert (read.scale, read.vae_class) == (8, "AutoencoderKL")
    assert (read.multiple, read.native_side) == SCALES[kind]


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: (path / "model_index.json").unlink(), "cannot be read"),
        (lambda path: (path / "model_index.json").write_text("[]"), "not a JSON object"),
        (lambda path: (path / "vae" / "config.json").write_text("{"), "not a JSON object"),
        (lambda path: (path / "unet" / "own.py").write_text("print('mine')"), "its own code"),
        (lambda path: change_index(path, _class_name=["pipeline", "Own"]), "names no pipeline class"),
        (lambda path: change_index(path, _class_name="os.system"), "names no pipeline class"),
        (lambda path: change_index(path, _class_name="OwnPipeline"), "has no pipeline OwnPipeline"),
        (lambda path: change_index(path, _class_name="AutoencoderKL"), "has no pipeline AutoencoderKL"),
        (lambda path: change_index(path, unet=["antigravity", "UNet"]), "takes parts from antigravity"),
        (lambda path: change_index(path, unet=["os.path", "UNet"]), "names no class"),
    ],
)
def test_a_folder_that_is_no_plain_model_is_refused(copy: Path, spoil: Callable[[Path], None], reason: str) -> None:
    spoil(copy)

    with pytest.raises(ValueError, match=reason):
        open_model(settings(copy))


def test_a_missing_folder_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        build([settings(Path("/nowhere"))])


def test_weights_that_are_not_safetensors_are_never_unpickled(copy: Path) -> None:
    weights = copy / "unet" / "diffusion_pytorch_model.safetensors"
    weights.unlink()
    torch.save({}, weights.with_name("diffusion_pytorch_model.bin"))

    with pytest.raises(OSError, match="diffusion_pytorch_model"):
        load(settings(copy), read_folder(copy), "cpu")


def test_a_model_without_a_description_is_offered_under_the_narrowest_terms(copy: Path) -> None:
    (copy / "pinxit-model.json").unlink()
    model = open_model(settings(copy)).capabilities

    assert (model.label, model.license, model.license_class) == ("tiny", "unknown", "non-commercial")
    assert (model.sizes, model.multiple, model.min_side, model.max_side) == (((64, 64),), 8, 64, 128)
    assert (model.default_steps, model.default_guidance) == (50, 7.5)


def test_a_model_with_a_description_is_offered_as_that_says() -> None:
    model = open_model(settings(folder("flux"))).capabilities

    assert (model.label, model.license, model.license_class) == ("Tiny flux", "CC0-1.0", "own")
    assert (model.sizes, model.default_steps) == (((64, 64), (128, 64)), 4)


def test_a_gpu_that_is_not_there_stops_the_start() -> None:
    with pytest.raises(ValueError, match="torch finds no such GPU"):
        open_model(ModelSettings("tiny", "diffusers", path=str(folder("sd1")), device="cuda:64"))
