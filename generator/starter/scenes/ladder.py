"""Few sizes and few places, so that a thing looks alike wherever it stands. Plain arithmetic, no drawing.

A small model learns patches, not things: what comes in any size at any place it has to learn anew every time, on a
ladder of sizes and a grid of places the same few patches come again and again.
"""

import math

STEP = 1.0 / 16.0  # of the world's height: half a patch of the bundled model
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


def snapped(length: float) -> float:
    """The nearest place of the grid."""
    return round(length / STEP) * STEP
