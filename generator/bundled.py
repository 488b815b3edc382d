"""The model that comes with Pinxit: where it lies, and whether what loads it is installed. It must not load it."""

from importlib.util import find_spec
from pathlib import Path

NAME = "starter"
FOLDER = Path(__file__).parent / "starter" / "model"
NEEDS = ("torch", "diffusers", "transformers")


def find() -> Path | None:
    """Its folder; None where that or a library that loads it is missing."""
    is_whole = (FOLDER / "model_index.json").is_file() and all(find_spec(name) for name in NEEDS)
    return FOLDER if is_whole else None
