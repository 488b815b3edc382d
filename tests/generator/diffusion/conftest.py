"""Tiny models on the disk; and torch's 7 s of importing only where these tests are wanted."""

from importlib.util import find_spec
from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    unwanted = "not diffusers" in config.option.markexpr or find_spec("diffusers") is None
    return True if unwanted and collection_path.name != "conftest.py" else None
