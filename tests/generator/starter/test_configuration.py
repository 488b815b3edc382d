"""The one configuration file of the training."""

from pathlib import Path

import pytest

from generator.starter import configuration


def test_the_shipped_file_is_whole() -> None:
    read = configuration.read()
    assert read.pictures.scale == 8
    assert read.decoder.crop < read.pictures.latent_side


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(configuration.DEFAULT.read_text().replace("[running]", "[running]\nthread = 1"))
    with pytest.raises(ValueError, match="thread"):
        configuration.read(path)


@pytest.mark.parametrize(
    ("line", "wrong", "said"),
    [
        ("draw_side = 128", 48, "averaged"),
        ("latent_side = 32", 48, "averaged"),
        ("side = 256", 250, "averaged"),
        ("side = 256", 512, "the decoder enlarges 8 times"),
        ("side = 64", 48, "averaged"),
        ("side = 64", 8, "the judge halves"),
        ("patch = 4", 3, "patches"),
        ("kept_side = 64", 0, "at least one pixel"),
        ("patch = 4", 0, "at least one pixel"),
    ],
)
def test_sides_that_do_not_divide_each_other_are_refused(tmp_path: Path, line: str, wrong: int, said: str) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(configuration.DEFAULT.read_text().replace(f"\n{line}", f"\n{line.split('=')[0]}= {wrong}"))
    with pytest.raises(ValueError, match=said):
        configuration.read(path)


def test_a_kind_that_there_is_not_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(configuration.DEFAULT.read_text().replace("kinds = []", 'kinds = ["cat", "sailbot"]'))
    with pytest.raises(ValueError, match="sailbot"):
        configuration.read(path)
