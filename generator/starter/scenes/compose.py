"""Where everything stands in a scene: subjects and relations in, places out. It draws nothing."""

import math
import random
from collections.abc import Sequence
from dataclasses import replace

from generator.starter.scenes.description import Ground, Relation, Scene
from generator.starter.scenes.dice import throw
from generator.starter.scenes.kind import Home, Kind
from generator.starter.scenes.kinds import KINDS
from generator.starter.scenes.ladder import PATCH, RUNG, STEP, Reach, in_patches, snapped, stepped
from generator.starter.scenes.rows import SIZES, Placed, grid, near, ordered, ranks, spread

# How far below the horizon the feet of things are, as a part of the ground: at the back, and in front.
FEET: dict[Ground, tuple[float, float]] = {
    "meadow": (0.2, 0.62),
    "field": (0.1, 0.62),
    "beach": (0.5, 0.72),
    "sea": (0.05, 0.6),
    "lake": (0.02, 0.8),
    "desert": (0.32, 0.66),
    "road": (0.3, 0.62),
    "table": (0.5, 0.56),
}
EDGE = 0.01  # air around a thing
LAND: tuple[Home, ...] = ("back", "front", "any")
# How near what floats is, as a part of the water: in one row, or in a far and a near one.
_DEPTHS: dict[int, tuple[tuple[float, float], ...]] = {1: ((0.12, 0.5),), 2: ((0.08, 0.16), (0.66, 0.74))}


def compose(scene: Scene, width: float, height: float, horizon: float) -> list[Placed]:
    """Every single thing with its place, the farthest first; lengths in world units."""
    dice = throw(scene.seed, "composition")
    if scene.ground in ("plain", "pattern", "space", "underwater"):
        return _hang(scene, width, height, dice)
    below = [*_stand(scene, width, height, horizon), *_float(scene, width, height, horizon, dice)]
    placed = [*below, *_fly(scene, width, horizon, dice, below)]
    for relation in scene.relations:
        placed = _relate(placed, relation, width)
    looking = [_faced(item, scene, width) for item in placed]
    return sorted(looking, key=lambda item: (item.y, item.subject, item.number))


def home_of(scene: Scene, kind: Kind) -> Home:
    """Where a kind is in this scene: a bird on a table stands, a boat in the desert lies on the sand."""
    if scene.ground == "table" or (kind.home == "water" and scene.ground not in ("sea", "lake", "beach")):
        return "front"
    if kind.home in ("space", "deep"):
        return "sky" if kind.home == "space" else ("water" if scene.ground in ("sea", "lake", "beach") else "front")
    return kind.home


def _items(scene: Scene, homes: Sequence[Home]) -> dict[int, list[Placed]]:
    found: dict[int, list[Placed]] = {}
    things = sum(subject.count for subject in scene.subjects)
    for index, subject in enumerate(scene.subjects):
        kind = KINDS[subject.kind]
        if home_of(scene, kind) in homes:
            tall = near(kind, things) * SIZES[subject.size]
            count = 1 if kind.gathers else subject.count
            found[index] = [Placed(index, number, kind, 0.0, 0.0, tall) for number in range(count)]
    return found


def _stand(scene: Scene, width: float, height: float, horizon: float) -> list[Placed]:
    """Things on land: in one row if they fit, else the small ones in a row before the large ones."""
    groups = _items(scene, LAND)
    if not groups:
        return []
    order = ordered(list(groups), scene.relations)
    items = [_grounded(scene, item, height, horizon) for index in order for item in groups[index]]
    stacked = {r.first for r in scene.relations if r.where in ("above", "below", "inside", "before", "behind")}
    related = any(relation.where in ("left", "right", "beside") for relation in scene.relations)
    fits = sum(item.width for item in items) * 1.15 < width * 0.95
    rows = [
        [item for item in items if item.subject not in stacked],
        [item for item in items if item.subject in stacked],
    ]
    if not (fits or related):
        rows = [[item for item in items if (item.kind.home == "back") == back] for back in (True, False)]
    afloat = any(home_of(scene, KINDS[subject.kind]) == "water" for subject in scene.subjects)
    leans = (0.3, 0.7) if afloat else (0.36, 0.64) if rows[0] and rows[1] else (0.5, 0.5)
    return [item for row, place in zip(rows, leans, strict=True) for item in spread(row, width, lean=place)]


def _grounded(scene: Scene, item: Placed, height: float, horizon: float) -> Placed:
    back, front = FEET[scene.ground]
    nearness = back if item.kind.home == "back" else front
    foot = _kept_in(horizon + (height - horizon) * nearness, height)
    return replace(item, y=foot, height=stepped(item.height, item.kind.width, foot * 0.96))


def _kept_in(foot: float, lowest: float, tall: float = 0.0) -> float:
    """The nearest place of whole patches above `lowest`, where there is one so that all of the thing is seen."""
    found = snapped(foot, PATCH)
    if found <= tall:
        found += PATCH
    return found - PATCH if found >= lowest - 1e-9 else found


def _faced(item: Placed, scene: Scene, width: float) -> Placed:
    """Of two kinds the things on the right look back to the left; what is alone and what is alike looks one way."""
    return replace(item, mirrored=item.kind.faces and len(scene.subjects) > 1 and item.x > width * 0.56)


def _float(scene: Scene, width: float, height: float, horizon: float, dice: random.Random) -> list[Placed]:
    groups = _items(scene, ("water",))
    if not groups:
        return []
    depth = (height - horizon) * (0.36 if scene.ground == "beach" else 1.0)
    order = ordered(list(groups), scene.relations)
    rows = ranks([item for index in order for item in groups[index]], width)
    shared = any(home_of(scene, KINDS[subject.kind]) in LAND for subject in scene.subjects)
    lean = 0.72 if shared else 0.5 if len(rows) == 1 else 0.38
    placed = []
    for row, (far, near_by) in zip(rows, _DEPTHS[len(rows)], strict=True):
        parts = {index: dice.uniform(far, near_by) if len(groups) > 1 or len(row) > 1 else 0.34 for index in groups}
        sized = [
            replace(
                item,
                y=_kept_in(horizon + depth * parts[item.subject], height),
                height=item.height * (0.78 + 0.44 * parts[item.subject]),
            )
            for item in row
        ]
        placed += spread(sized, width, lean=lean)
        lean = 1.0 - lean
    return placed


def _fly(scene: Scene, width: float, horizon: float, dice: random.Random, below: Sequence[Placed]) -> list[Placed]:
    """Things in the sky; one or two of them on the other side than what stands below."""
    groups = _items(scene, ("sky",))
    if not groups:
        return []
    order = ordered(list(groups), scene.relations)
    items = [item for index in order for item in groups[index]]
    rows = ranks(items, width)
    crowded = max(0.7, 1.06 - 0.06 * len(items)) / len(rows) ** 0.5
    lean = 0.5
    if below and len(items) <= 2:
        lean = 0.3 if _middle(below) > 0.5 * width else 0.7
    placed = []
    for number, row in enumerate(rows):
        sized = []
        for place, item in enumerate(row):
            tall = stepped(item.height * crowded, item.kind.width, horizon * 0.76 / len(rows))
            free = max(0.0, horizon * 0.86 / len(rows) - tall)
            level = 0.4 if len(items) == 1 else (0.15 + 0.6 * ((place * 0.618 + dice.random() * 0.25) % 1.0))
            top = horizon * (0.06 + 0.86 * number / len(rows))
            sized.append(replace(item, y=top + tall + free * level, height=tall))
        if len(rows) == 1:
            sized = [replace(item, y=_kept_in(item.y, horizon + 0.01, item.height)) for item in sized]
        else:
            sized = [replace(item, y=snapped(item.y)) for item in sized]
        placed += spread(sized, width, lean=lean)
    return placed


def _relate(placed: list[Placed], relation: Relation, width: float) -> list[Placed]:
    """Move the first subject of a relation where it belongs, if it is not there already."""
    first = [item for item in placed if item.subject == relation.first]
    second = [item for item in placed if item.subject == relation.second]
    if not first or not second or relation.first == relation.second:
        return placed
    others = [item for item in placed if item.subject != relation.first]
    if relation.where in ("left", "right"):
        side = -1 if relation.where == "left" else 1
        while _span(first) + _span(second) + STEP > 0.96 * width:
            first, second = _smaller(first), _smaller(second)
        lacking = 0.5 * (_span(first) + _span(second)) + STEP - side * (_middle(first) - _middle(second))
        kept = [item for item in others if item.subject != relation.second]
        if lacking <= STEP:
            return kept + first + second
        moved = _slid(first, side * lacking, width)
        rest = lacking - side * (moved[0].x - first[0].x)
        return kept + moved + (_slid(second, -side * rest, width) if rest > 0.5 * STEP else second)
    if relation.where in ("above", "inside", "below", "before", "behind"):
        return others + _stacked(first, second, relation, width)
    return placed


def _middle(items: Sequence[Placed]) -> float:
    return sum(item.x for item in items) / len(items)


def _span(items: Sequence[Placed]) -> float:
    return max(item.x + item.width / 2 for item in items) - min(item.x - item.width / 2 for item in items)


def _smaller(items: Sequence[Placed]) -> list[Placed]:
    """The things one size of the ladder smaller, and as much nearer to each other."""
    middle = _middle(items)
    shrunk = [middle + (item.x - middle) / RUNG for item in items]
    apart = max(shrunk) - min(shrunk) >= STEP * (len(items) - 1)  # else they would fall together
    places = [snapped(place) for place in shrunk] if apart else shrunk
    return [replace(item, x=place, height=item.height / RUNG) for item, place in zip(items, places, strict=True)]


def _slid(items: Sequence[Placed], right: float, width: float) -> list[Placed]:
    """The things moved sideways, as far as they stay in the picture."""
    free_left = max(0.0, min(item.x - item.width / 2 for item in items) - 0.02 * width)
    free_right = max(0.0, 0.98 * width - max(item.x + item.width / 2 for item in items))
    moved = STEP * math.trunc(min(max(right, -free_left), free_right) / STEP)
    return [replace(item, x=item.x + moved) for item in items]


def _stacked(first: Sequence[Placed], second: Sequence[Placed], relation: Relation, width: float) -> list[Placed]:
    target, right = second[0], _middle(second) - _middle(first)
    if relation.where == "above":
        if first[0].kind.home in ("sky", "space"):
            room = max(2 * STEP, min(item.y - item.height for item in second) - EDGE)
            foot = STEP * math.floor(room / STEP)
            return [
                replace(
                    item,
                    y=min(item.y, foot),
                    height=min(item.height, stepped(item.height, item.kind.width, min(item.y, foot) - EDGE)),
                )
                for item in _slid(first, right, width)
            ]
        fit = min(1.0, 0.55 * target.width * len(second) / max(0.001, sum(item.width for item in first)))
        middle = _middle(first)
        sized = [replace(item, height=stepped(item.height * fit, item.kind.width)) for item in first]
        # A hair in front of what it stands on, so that it is painted after it.
        return [
            replace(
                item,
                x=snapped(target.x + (item.x - middle) * fit),
                y=target.y + 0.0005 * item.number,
                kind=_raised(item.kind, target.height / item.height),
            )
            for item in sized
        ]
    beside = _slid(first, right + (0.0 if relation.where == "inside" else 0.24 * target.width), width)
    if relation.where == "behind":
        return [replace(item, y=min(item.y, target.y - STEP)) for item in beside]
    nearer = max(item.y for item in second) + STEP
    return [replace(item, y=max(item.y, nearer)) for item in beside]


def _raised(kind: Kind, lift: float) -> Kind:
    """The same kind drawn on top of something `lift` of its own heights tall."""
    return replace(
        kind, body=(kind.body[0], kind.body[1] - lift), draw=lambda pen, look: kind.draw(pen.at(0.0, -lift), look)
    )


def _hang(scene: Scene, width: float, height: float, dice: random.Random) -> list[Placed]:
    """Things on a plain ground: every subject a cell, every cell a grid."""
    inside = {relation.first: relation.second for relation in scene.relations if relation.where == "inside"}
    free = [index for index in range(len(scene.subjects)) if index not in inside]
    rows = _cell_rows(free, scene)
    placed: dict[int, list[Placed]] = {}
    for row, members in enumerate(rows):
        for column, index in enumerate(members):
            box = (width * column / len(members), height * row / len(rows), width / len(members), height / len(rows))
            placed[index] = _cell(scene, index, box, dice)
    for first, second in inside.items():
        placed[first] = _within(scene, first, placed.get(second, []))
    return [item for index in sorted(placed, key=lambda index: index in inside) for item in placed[index]]


def _cell_rows(free: list[int], scene: Scene) -> list[list[int]]:
    upper, lower = set(), set()
    for relation in scene.relations:
        if relation.where in ("above", "below") and {relation.first, relation.second} <= set(free):
            upper.add(relation.first if relation.where == "above" else relation.second)
            lower.add(relation.second if relation.where == "above" else relation.first)
    order = ordered(free, scene.relations) if scene.relations else list(free)
    if not upper:
        return [order] if len(order) <= 3 else [order[: len(order) // 2], order[len(order) // 2 :]]
    top = [index for index in order if index in upper]
    return [top, [index for index in order if index not in top]]


def _cell(scene: Scene, index: int, box: tuple[float, float, float, float], dice: random.Random) -> list[Placed]:
    left, top, wide, tall = box
    subject = scene.subjects[index]
    kind = KINDS[subject.kind]
    one = kind.gathers or subject.count == 1
    roomy = 1.3 if one and len(scene.subjects) > 1 else 1.0  # side by side the air between them is shared
    loose = scene.ground in ("underwater", "space")
    middles, height = [], 0.0
    for x, y, most in grid(1 if one else subject.count, kind, wide, tall):
        height = stepped(most * roomy * SIZES[subject.size], kind.width, tall * 0.96, wide * 0.96)
        sway = 0.05 * min(wide, tall) if loose else 0.0
        middles.append((left + x + dice.uniform(-sway, sway), top + y + dice.uniform(-sway, sway)))
    half = kind.width * height / 2
    across = _aligned([x for x, _ in middles], Reach(half, half), left, left + wide)
    feet = _aligned([y + height / 2 for _, y in middles], Reach(height, 0.0), top, top + tall)
    return [
        Placed(index, number, kind, x, foot, height) for number, (x, foot) in enumerate(zip(across, feet, strict=True))
    ]


def _aligned(places: Sequence[float], reach: Reach, low: float, high: float) -> list[float]:
    """Every place moved to the grid: whole patches if the rows or columns stay apart, else the finer one."""
    once = sorted(set(places))
    airy = Reach(reach.before + EDGE, reach.after + EDGE)
    whole = in_patches(once, [airy] * len(once), low, high)
    if whole is None:
        return [_inside(place, reach, low, high) for place in places]
    return [whole[once.index(place)] for place in places]


def _inside(place: float, reach: Reach, low: float, high: float) -> float:
    """The nearest place of the finer grid where a thing touches no edge; off the grid where there is none."""
    for slide in (0.0, STEP, -STEP):
        found = snapped(place) + slide
        if low < found - reach.before and found + reach.after <= high - STEP / 4:
            return found
    return min(max(place, low + reach.before), high - reach.after - EDGE)


def _within(scene: Scene, index: int, hosts: Sequence[Placed]) -> list[Placed]:
    kind = KINDS[scene.subjects[index].kind]
    placed = []
    for number, host in enumerate(hosts):
        tall = stepped(host.height * 0.42 * min(1.0, 1.0 / kind.width), kind.width)
        middle = host.y - host.height * (0.4 if host.kind.name == "triangle" else 0.5)
        placed.append(Placed(index, number, kind, host.x, middle + tall / 2, tall))
    return placed
