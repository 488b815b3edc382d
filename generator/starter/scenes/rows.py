"""Standing things side by side: who comes left of whom, and how much room each gets. Plain arithmetic, no drawing."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from generator.starter.scenes.description import Relation, Size
from generator.starter.scenes.kind import Kind
from generator.starter.scenes.ladder import RUNG, STEP, Reach, in_patches, snapped, stepped

CLOSE = frozenset({"tree", "pine", "cactus", "flower", "tulip", "sunflower"})
SIZES: dict[Size, float] = {"small": 1.0 / RUNG, "medium": 1.0, "big": RUNG}


@dataclass(frozen=True, slots=True)
class Placed:
    """One thing in its place: world coordinates of its foot, and its height."""

    subject: int
    number: int
    kind: Kind
    x: float
    y: float
    height: float
    mirrored: bool = False

    @property
    def width(self) -> float:
        """World width."""
        return self.kind.width * self.height

    @property
    def heart(self) -> tuple[float, float]:
        """World coordinates of a place that shows the thing's own colour."""
        side = -1 if self.mirrored else 1
        return self.x + side * self.kind.body[0] * self.height, self.y + self.kind.body[1] * self.height


def ordered(subjects: Sequence[int], relations: Sequence[Relation]) -> list[int]:
    """Subjects from left to right, as they are named except where a relation says otherwise."""
    order = list(subjects)
    for _ in order:  # as many passes as there are subjects settle every chain
        for relation in relations:
            _obey(order, relation)
    return order


def _obey(order: list[int], relation: Relation) -> None:
    if relation.where not in ("left", "right") or not {relation.first, relation.second} <= set(order):
        return
    first, second = relation.first, relation.second
    left, right = (first, second) if relation.where == "left" else (second, first)
    if order.index(left) > order.index(right):
        order.remove(left)
        order.insert(order.index(right), left)


def spread(items: Sequence[Placed], width: float, *, lean: float = 0.5) -> list[Placed]:
    """Give the items, already in order, a size of the ladder and their x; all shrink when there is too little room.

    `lean` is where the middle of the row would like to be, as a part of the width.
    """
    if not items:
        return []
    shrink = min(1.0, width * 0.92 / _needed(items))
    sized = _sized(items, shrink)
    while _needed(sized) > width * 0.98:
        shrink /= RUNG
        sized = _sized(items, shrink)
    loose = max(0.0, width * 0.92 - _needed(sized)) / (len(sized) + 1)
    air = min(loose * 0.75, 0.16)
    total = _needed(sized) + air * (len(sized) - 1)
    x = min(max(width * lean, total / 2 + width * 0.04), width * 0.96 - total / 2) - total / 2
    x = x if total < width * 0.92 else (width - total) / 2
    middles: list[float] = []
    for item, gap in zip(sized, [*_gaps(sized), 0.0], strict=True):
        middles.append(x + item.width / 2)
        x += item.width + air + gap
    overlaps = [0.0, *(min(0.0, gap) for gap in _gaps(sized))]
    reaches = [Reach(item.width / 2 + lap, item.width / 2) for item, lap in zip(sized, overlaps, strict=True)]
    whole = in_patches(middles, reaches, 0.01 * width, 0.99 * width)
    found = whole or _stepping(middles, sized[0].width / 2, width - sized[-1].width / 2)
    return [replace(item, x=x) for item, x in zip(sized, found, strict=True)]


def _stepping(middles: Sequence[float], first: float, last: float) -> list[float]:
    """Places of the finer grid between two, no two the same; as they are where there are more things than places."""
    found: list[float] = []
    for middle in middles:
        found.append(max(snapped(middle), found[-1] + STEP if found else 0.0))
    for slide in (0.0, STEP, -STEP):
        if first <= found[0] + slide and found[-1] + slide <= last:
            return [place + slide for place in found]
    return list(middles)


def _sized(items: Sequence[Placed], shrink: float) -> list[Placed]:
    return [replace(item, height=stepped(item.height * shrink, item.kind.width)) for item in items]


def _needed(items: Sequence[Placed]) -> float:
    """The width of a row without air."""
    return sum(item.width for item in items) + sum(_gaps(items))


def _gaps(items: Sequence[Placed]) -> list[float]:
    return [_gap(left, right) for left, right in itertools.pairwise(items)]


def _gap(left: Placed, right: Placed) -> float:
    """Room between two neighbours; trees of one group stand into each other."""
    if left.subject == right.subject and left.kind.name in CLOSE:
        return -0.18 * left.width
    return 0.1 * min(left.width, right.width) + 0.015


def near(kind: Kind, things: int) -> float:
    """How tall a medium thing is among so many: small things are looked at from nearer, so that one can name them."""
    wide = math.sqrt(kind.width)
    wanted = 0.54 if things == 1 else 0.44  # the mean of width and height
    grown = kind.height * (1.18 if things == 1 else 1.0)
    return max(grown, math.sqrt(wide * kind.height * wanted) / wide)


def ranks(items: Sequence[Placed], width: float) -> list[list[Placed]]:
    """One row; or the far and the near one, of three or more things alike that would have to shrink in one."""
    alike = len({item.subject for item in items}) == 1
    if not alike or len(items) < 3 or sum(item.width for item in items) < width * 0.92:
        return [list(items)]
    return [list(items[: len(items) // 2]), list(items[len(items) // 2 :])]


def grid(count: int, kind: Kind, wide: float, tall: float) -> list[tuple[float, float, float]]:
    """Places for things of a kind in a box, in the rows in which they can be largest: middle x, middle y and height."""
    most = 0.62 * min(wide / kind.width, tall)
    rows = max(_ROWS[count], key=lambda rows: round(_height(rows, kind, wide, tall), 2))
    height = min(most, _height(rows, kind, wide, tall)) if count > 1 else most
    return [
        (
            wide * ((index + 0.5) / number * 0.94 + 0.03),
            tall * (row + 0.5) / len(rows),
            height,
        )
        for row, number in enumerate(rows)
        for index in range(number)
    ]


def _height(rows: tuple[int, ...], kind: Kind, wide: float, tall: float) -> float:
    return 0.84 * min(wide / (max(rows) * kind.width), tall / len(rows))


# How many in every row, the usual first.
_ROWS: dict[int, tuple[tuple[int, ...], ...]] = {
    1: ((1,),),
    2: ((2,), (1, 1)),
    3: ((1, 2), (3,), (1, 1, 1)),
    4: ((2, 2), (4,), (1, 1, 1, 1)),
    5: ((2, 1, 2), (5,), (1, 1, 1, 1, 1)),
    6: ((3, 3), (2, 2, 2)),
    7: ((2, 3, 2), (3, 4)),
    8: ((3, 2, 3), (4, 4), (2, 2, 2, 2)),
    9: ((3, 3, 3),),
}
