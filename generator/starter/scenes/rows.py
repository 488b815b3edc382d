"""Standing things side by side: who comes left of whom, and how much room each gets. Plain arithmetic, no drawing."""

import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from generator.starter.scenes.description import Relation, Size
from generator.starter.scenes.kind import Kind

CLOSE = frozenset({"tree", "pine", "cactus", "flower", "tulip", "sunflower"})
SIZES: dict[Size, float] = {"small": 0.6, "medium": 1.0, "big": 1.45}


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


def ordered(subjects: Sequence[int], relations: Sequence[Relation], dice: random.Random) -> list[int]:
    """Subjects from left to right, by chance except where a relation says otherwise."""
    order = list(subjects)
    if not any(relation.where in ("left", "right") for relation in relations):
        dice.shuffle(order)
        return order
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


def spread(items: Sequence[Placed], width: float, dice: random.Random, *, lean: float = 0.5) -> list[Placed]:
    """Give the items, already in order, their x; all shrink alike when there is too little room.

    `lean` is where the middle of the row would like to be, as a part of the width.
    """
    if not items:
        return []
    room = width * 0.92
    gaps = [_gap(a, b) for a, b in itertools.pairwise(items)]
    needed = sum(item.width for item in items) + sum(gaps)
    shrink = min(1.0, room / needed)
    loose = (room - needed * shrink) / (len(items) + 1)
    air = min(loose * 0.75, 0.16)
    total = needed * shrink + air * (len(items) - 1)
    middle = min(max(width * lean, total / 2 + width * 0.04), width * 0.96 - total / 2)
    x = middle - total / 2
    placed = []
    for index, item in enumerate(items):
        half = item.width * shrink / 2
        sway = dice.uniform(-0.3, 0.3) * air
        placed.append(replace(item, x=x + half + sway, height=item.height * shrink))
        x += 2 * half + air + (gaps[index] * shrink if index < len(gaps) else 0.0)
    return placed


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


def grid(count: int, *, wide: bool) -> list[tuple[float, float, float]]:
    """Places for some alike things in a unit square: middle x, middle y and size of each."""
    if count == 1:
        return [(0.5, 0.5, 0.62)]
    rows = _rows(count, wide=wide)
    size = min(0.84 / max(rows), 0.84 / len(rows))
    return [
        (
            (index + 0.5) / number * (0.94 if number > 1 else 1.0) + (0.03 if number > 1 else 0.0),
            (row + 0.5) / len(rows),
            size,
        )
        for row, number in enumerate(rows)
        for index in range(number)
    ]


def _rows(count: int, *, wide: bool) -> tuple[int, ...]:
    if wide and count <= 5:
        return (count,)
    return {2: (2,), 3: (1, 2), 4: (2, 2), 5: (2, 1, 2), 6: (3, 3), 7: (2, 3, 2), 8: (3, 2, 3), 9: (3, 3, 3)}[count]
