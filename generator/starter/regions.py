"""Where in the pictures of seeds the things stand, for a painter that is to look at them first. It draws nothing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from generator.starter.scenes.compose import compose
from generator.starter.scenes.random_scene import imagine
from generator.starter.scenes.stage import HORIZON


def regions(seeds: Sequence[int], side: int) -> NDArray[np.bool_]:
    """True in the box around every thing (number x side x side), for square pictures."""
    found = np.zeros((len(seeds), side, side), np.bool_)
    for number, seed in enumerate(seeds):
        scene = imagine(seed)
        for thing in compose(scene, 1.0, 1.0, HORIZON[scene.ground]):
            across, upright = (
                slice(max(0, int(low * side)), max(0, int(np.ceil(high * side))))
                for low, high in (
                    (thing.x - thing.width / 2, thing.x + thing.width / 2),
                    (thing.y - thing.height, thing.y),
                )
            )
            found[number, upright, across] = True
    return found
