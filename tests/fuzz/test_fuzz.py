"""Every input that was ever trouble is tried again, and each target is fuzzed for some seconds."""

from pathlib import Path

import pytest

from tests.fuzz.session import fuzz, names, seeds_of
from tests.fuzz.targets import TARGETS

SECONDS = 3
SEEDS = [(name, path) for name in names() for path in seeds_of(name)]


@pytest.mark.parametrize(("name", "path"), SEEDS, ids=[f"{name}-{path.name}" for name, path in SEEDS])
def test_what_was_found_once_is_read_or_refused(name: str, path: Path) -> None:
    data = path.read_bytes()
    assert TARGETS[name](data) is None


@pytest.mark.parametrize("name", names())
def test_nothing_new_is_found_in_a_short_run(name: str, tmp_path: Path) -> None:
    stretch = fuzz(name, SECONDS, found=tmp_path)
    assert stretch.fault is None, stretch.fault
    # Far below what a loaded machine reaches, and far above a target that refuses everything at once.
    assert stretch.runs > 100
    assert stretch.covered > 10  # the HTML cleaner itself is native code, whose branches are not seen
