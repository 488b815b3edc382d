"""`pinxit model`: what paints here, what else could, and fetching one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from generator import bundled, catalogue
from server.config import load
from tests.generator.diffusion.hub import COMMIT, open_hub
from tests.server.cli.shell import ONLY_DRAWING, Shell

SOURCE = "stable-diffusion-v1-5/stable-diffusion-v1-5"


def test_the_list_names_what_paints_and_what_could_with_licence_size_and_pace(shell: Shell) -> None:
    answer = shell.type("model", "list")
    assert answer.code == 0
    assert "drawing            draws by rules" in answer.out
    (line,) = [line for line in answer.out.splitlines() if line.lstrip().startswith("sd15")]
    assert "CreativeML-OpenRAIL-M · 2.1 GB" in line and "a picture" in line


def test_the_list_is_there_for_programs_too(shell: Shell) -> None:
    listing = json.loads(shell.type("model", "list", "--json").out)
    assert [one["name"] for one in listing["configured"]] == ["drawing"]
    assert {one["name"] for one in listing["offers"]["models"]} == {model.name for model in catalogue.KNOWN}


def test_a_picture_asked_of_no_model_counts_for_the_one_that_painted_it(shell: Shell) -> None:
    assert "draws by rules · no picture yet" in shell.says("model", "list")
    shell.says("generate", "a red boat", "--as", "alice")
    assert "draws by rules · about" in shell.says("model", "list")


def test_where_no_model_is_named_the_bundled_one_paints_unless_it_cannot_be_loaded(
    bare: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare.says("init", "--domain", "localhost:1", "--local")
    monkeypatch.setattr(bundled, "NEEDS", ())
    assert "starter            comes with Pinxit · AGPL-3.0-or-later · 15 MB · no picture yet" in bare.says(
        "model", "list"
    )
    monkeypatch.setattr(bundled, "NEEDS", ("a_library_that_nobody_has",))
    assert "starter" not in bare.says("model", "list")


def test_a_fetched_model_is_in_the_configuration_and_the_rest_of_the_file_stays(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled, "NEEDS", ())
    configuration = shell.folder / "pinxit.toml"
    configuration.write_text(configuration.read_text().replace(ONLY_DRAWING, ""))
    published = tmp_path / "published"
    # In a process of its own: this one stays without torch.
    subprocess.run([sys.executable, "-m", "tests.tiny_pipelines", "sd1", str(published)], check=True, timeout=240)
    (published / catalogue.JSON_NAME).unlink()
    shell.configure("# my own words")

    with open_hub(SOURCE, published) as hub:
        answer = shell.type("model", "add", "sd15", "--yes", "--hub", hub)

    assert answer.code == 0, answer
    assert "licence CreativeML-OpenRAIL-M" in answer.out
    assert "in the place of starter" in answer.out
    (model,) = load(shell.folder).generation.models
    assert (model.name, model.engine) == ("sd15", "diffusers")
    described = catalogue.read(Path(model.path))
    assert described is not None and described.revision == COMMIT
    assert "# my own words" in (shell.folder / "pinxit.toml").read_text()
    assert shell.refused("model", "add", "sd15", "--yes") == "sd15 is configured already"
    assert f"model.add             sd15  - -> {model.path}" in shell.type("audit").out


def test_an_unknown_model_names_the_known_ones(shell: Shell) -> None:
    assert "sdxl" in shell.refused("model", "add", "no-such-model")


def test_a_database_that_cannot_be_written_is_found_before_anything_is_fetched(shell: Shell) -> None:
    (shell.folder / "pinxit.db").unlink()
    assert "pinxit migrate" in shell.refused("model", "add", "sdxl", "--yes", "--hub", "http://127.0.0.1:1")


def test_a_hub_that_is_away_changes_nothing(shell: Shell) -> None:
    before = (shell.folder / "pinxit.toml").read_text()
    assert "does not tell about" in shell.refused("model", "add", "sdxl", "--yes", "--hub", "http://127.0.0.1:1")
    assert (shell.folder / "pinxit.toml").read_text() == before
