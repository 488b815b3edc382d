"""Descriptions of models: those we know, and those beside the weights."""

from pathlib import Path

import msgspec
import pytest

from generator import catalogue
from generator.catalogue import KNOWN, KnownModel, find, pin, read, write

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_every_known_model_has_a_name_of_its_own() -> None:
    assert len({model.name for model in KNOWN}) == len(KNOWN)
    assert all(find(model.name) is model for model in KNOWN)
    assert find("unheard-of") is None


@pytest.mark.parametrize("model", KNOWN, ids=lambda model: model.name)
def test_every_known_model_paints_within_its_own_limits(model: KnownModel) -> None:
    assert 1 <= model.steps <= model.max_steps
    assert 0 <= model.guidance <= model.max_guidance
    assert model.sizes is not None
    assert all(side % 64 == 0 and model.min_side <= side <= model.max_side for size in model.sizes for side in size)


def test_a_description_in_toml_is_read_from_beside_the_weights(tmp_path: Path) -> None:
    (tmp_path / catalogue.TOML_NAME).write_text(
        """
        name = "starter"
        label = "Starter"
        license = "CC0-1.0"
        license_class = "own"
        sizes = [[256, 256], [320, 192]]
        steps = 20
        guidance = 3.5
        vocabulary = ["fox", "red"]
        """
    )

    model = read(tmp_path)

    assert model is not None
    assert (model.label, model.sizes, model.vocabulary) == ("Starter", ((256, 256), (320, 192)), ("fox", "red"))


def test_a_folder_without_a_description_has_none(tmp_path: Path) -> None:
    assert read(tmp_path) is None


@pytest.mark.parametrize(
    "text", ["name = ", 'name = "x"\nlabel = "x"', 'license_klass = "own"', 'name = 7\nlabel = "x"']
)
def test_a_description_that_cannot_be_read_says_so(tmp_path: Path, text: str) -> None:
    (tmp_path / catalogue.TOML_NAME).write_text(text)

    with pytest.raises(ValueError, match="cannot be read"):
        read(tmp_path)


def test_a_pinned_model_is_written_beside_its_weights_and_read_again(tmp_path: Path) -> None:
    pinned = pin(KNOWN[0], COMMIT)
    write(tmp_path, pinned)

    assert read(tmp_path) == pinned
    assert pinned.revision == COMMIT


def test_a_model_from_the_hub_is_not_written_without_its_revision(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no pinned revision"):
        write(tmp_path, msgspec.structs.replace(KNOWN[0], revision=None))


@pytest.mark.parametrize("commit", ["main", "v1.0", COMMIT[:12], COMMIT.upper(), COMMIT + "\n"])
def test_only_a_whole_commit_is_a_revision(commit: str) -> None:
    with pytest.raises(ValueError, match="not a commit"):
        pin(KNOWN[0], commit)
