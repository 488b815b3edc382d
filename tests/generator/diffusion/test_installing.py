"""A known model from a hub into a folder, and what is left there."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from generator import catalogue
from generator.catalogue import KnownModel
from generator.diffusion.installing import InstallFailed, choose_files, fetch, plan
from generator.diffusion.painter import build
from generator.engine import ModelSettings, Picture, Request
from tests.generator.diffusion.hub import COMMIT, open_hub
from tests.tiny_pipelines import describe, save

SOURCE = "somebody/tiny"

pytestmark = pytest.mark.diffusers


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = save("sd1", tmp_path_factory.mktemp("published"))
    (folder / catalogue.JSON_NAME).unlink()
    (folder / "README.md").write_text("about it")
    (folder / "whole.safetensors").write_bytes(b"a whole checkpoint beside the folder")
    (folder / "unet" / "diffusion_pytorch_model.fp16.safetensors").write_bytes(b"a second precision")
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"a pickle")
    return folder


@pytest.fixture(scope="module")
def hub(published: Path) -> Iterator[str]:
    with open_hub(SOURCE, published) as address:
        yield address


@pytest.fixture
def known() -> KnownModel:
    return msgspec.structs.replace(describe("sd1"), source=SOURCE)


def test_only_what_loading_needs_is_chosen() -> None:
    names = ["model_index.json", "README.md", "whole.safetensors", "unet/a.safetensors", "unet/a.fp16.safetensors"]
    assert choose_files([*names, "unet/a.bin", "tokenizer/merges.txt", "unet/a-00001-of-00002.safetensors"]) == (
        "model_index.json",
        "tokenizer/merges.txt",
        "unet/a-00001-of-00002.safetensors",
        "unet/a.safetensors",
    )


def test_a_plan_pins_the_commit_and_counts_the_bytes(hub: str, known: KnownModel, published: Path) -> None:
    planned = plan(known, hub)
    assert planned.model.revision == COMMIT
    assert planned.bytes == sum((published / name).stat().st_size for name in planned.files)


def test_a_fetched_model_is_described_and_paints(hub: str, known: KnownModel, tmp_path: Path) -> None:
    folder = tmp_path / "models" / "tiny"

    fetch(plan(known, hub), folder, hub)

    described = catalogue.read(folder)
    assert described is not None and described.revision == COMMIT
    assert not [path.name for path in folder.rglob("*") if path.suffix in (".bin", ".md")]
    engine = build([ModelSettings(name="tiny", engine="diffusers", path=str(folder), device="cpu")])
    order = Request("1", "a red star", None, 1, 2, 1.0, 64, 64, "tiny", previews=False)
    (picture,) = engine.generate([order], lambda event: True)
    assert isinstance(picture, Picture) and picture.manifest.revision == COMMIT


def test_a_hub_without_the_model_is_one_sentence(hub: str, known: KnownModel) -> None:
    with pytest.raises(InstallFailed, match="does not tell about somebody/else"):
        plan(msgspec.structs.replace(known, source="somebody/else"), hub)


def test_a_hub_that_is_not_there_is_one_sentence(known: KnownModel) -> None:
    with pytest.raises(InstallFailed, match="does not tell about"):
        plan(known, "http://127.0.0.1:1")
