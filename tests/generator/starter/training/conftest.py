"""Tests of the training import torch, and so are collected only where they are wanted."""

from importlib.util import find_spec
from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    unwanted = "not diffusers" in config.option.markexpr or find_spec("diffusers") is None
    return True if unwanted and collection_path.name != "conftest.py" else None
