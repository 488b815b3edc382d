"""Few sizes and few places, so that a thing looks alike wherever it stands. Plain arithmetic, no drawing.

A small model learns patches, not things: what comes in any size at any place it has to learn anew every time, on a
ladder of sizes and a grid of places the same few patches come again and again. Things a whole number of patches apart
are made of the very same ones.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

PATCH = 1.0 / 8.0  # of the picture's short side: what the bundled model sees as one
STEP = PATCH / 2.0  # where there is no room to keep to whole patches
RUNG = math.sqrt(2.0)  # from one size to the next
_SIZE = 0.1  # one of the sizes, the geometric mean of width and height; the ladder goes on above it and below
_GIVE = 1.15  # how much a thing may outgrow the room that was found for it


def stepped(height: float, width: float, tallest: float = math.inf, widest: float = math.inf) -> float:
    """The height of the largest size about as large as wanted, and no larger than there is room.

    `width` is in heights, all else in the world's lengths.
    """
    across = math.sqrt(width)
    rung = math.floor(math.log(height * across * _GIVE / _SIZE, RUNG) + 1e-9)
    found = float(_SIZE * RUNG**rung / across)
    while found > tallest or found * width > widest:
        found /= RUNG
    return found


def snapped(length: float, step: float = STEP) -> float:
    """The nearest place of the grid."""
    return round(length / step) * step


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a thing reaches before its place and beyond it."""

    before: float
    after: float


def in_patches(places: Sequence[float], reaches: Sequence[Reach], low: float, high: float) -> list[float] | None:
    """The nearest places of whole patches, of things in order; None where they would meet or leave `low` to `high`."""
    found = [snapped(place, PATCH) for place in places]
    ends = [low, *(place + reach.after for place, reach in zip(found, reaches, strict=True))]
    starts = [*(place - reach.before for place, reach in zip(found, reaches, strict=True)), high]
    apart = all(end <= start + 1e-9 for end, start in zip(ends, starts, strict=True))
    return found if apart else None
