"""Every kind of thing there is, by its name."""

from collections.abc import Mapping

from generator.starter.scenes import (
    animals,
    birds,
    boats,
    buildings,
    deep,
    desert,
    flowers,
    people,
    shapes,
    space,
    things,
    trees,
)
from generator.starter.scenes.kind import Kind

FAMILIES = (animals, birds, boats, buildings, deep, desert, flowers, people, shapes, space, things, trees)
KINDS: Mapping[str, Kind] = {kind.name: kind for family in FAMILIES for kind in family.KINDS}
