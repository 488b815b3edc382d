"""Reads the JSON that a generation keeps of how it was painted. It must not know how painting works."""

import msgspec


class PaintedWith(msgspec.Struct, frozen=True):
    """How a picture was made. `drawn_by_rules` pictures come from drawing rules, not from a model."""

    engine: str
    model: str
    license: str
    seed: int
    steps: int
    guidance: float
    width: int
    height: int
    prompt: str
    revision: str | None = None
    negative: str | None = None
    drawn_by_rules: bool = False
    unknown_words: tuple[str, ...] = ()
    seconds: float = 0.0
    device: str = "cpu"


def read_manifest(text: str | None) -> PaintedWith | None:
    """Read a stored manifest; None where there is none."""
    return msgspec.json.decode(text, type=PaintedWith) if text else None
