"""The drawing engine, the default: `build` makes it, `understand` shows what it would make of a prompt."""

from generator.drawing.engine import build, understand

__all__ = ["build", "understand"]
