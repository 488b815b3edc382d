"""What can be measured on pictures without a net: colours by pixels, likeness, variety. Pictures are uint8 RGB."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from generator.starter.data import Pixels
from generator.starter.scenes.description import COLOURS, Colour, Scene
from generator.starter.scenes.palette import NAMED

_BORDER = 3  # pixels of 64
_LEAST_DISTANCE = 60.0  # summed over the channels: less is the ground itself, shaded
_LEAST_PART = 0.25  # of the farthest colour's distance: less is an edge, mostly ground
_LEAST_PIXELS = 8
# How much a channel weighs for the eye, roughly.
_WEIGHTS = np.array([0.8, 1.2, 0.7])


def is_plain(scene: Scene) -> bool:
    """Whether the pixel test can read the scene: flat things of one coloured kind on one colour."""
    alone = len(scene.subjects) == 1 and scene.subjects[0].colour is not None
    return alone and scene.ground == "plain" and scene.style == "flat" and scene.ground_colour is not None


def colours_of(picture: Pixels) -> tuple[Colour, Colour | None]:
    """The names of the ground's colour and of what stands on it; None where nothing stands out.

    A thing has the colour that most of its pixels are nearest to: a mean of roof and wall would be neither's.
    """
    seen = picture.astype(np.float64)
    edge = [seen[:_BORDER], seen[-_BORDER:], seen[:, :_BORDER], seen[:, -_BORDER:]]
    ground = np.median(np.concatenate([strip.reshape(-1, 3) for strip in edge]), axis=0)
    distance = np.abs(seen - ground).sum(-1)
    apart = seen[distance > max(_LEAST_DISTANCE, _LEAST_PART * float(distance.max()))]
    (name,) = names_of(ground[None])
    if len(apart) <= _LEAST_PIXELS:
        return name, None
    return name, Counter(names_of(apart)).most_common(1)[0][0]


def names_of(colours: NDArray[np.float64]) -> list[Colour]:
    """The nearest named colour of each (number x 3)."""
    named = np.array([NAMED[name] for name in COLOURS], np.float64)
    places = ((colours[:, None] - named) ** 2 * _WEIGHTS).sum(-1).argmin(1)
    return [COLOURS[place] for place in places]


def colour_scores(scenes: Sequence[Scene], pictures: Pixels) -> dict[str, float]:
    """How many grounds, things, and both together have the colour that their scene names; -1 without any scene."""
    pairs = [(scene, picture) for scene, picture in zip(scenes, pictures, strict=True) if is_plain(scene)]
    if not pairs:
        return {"background": -1.0, "object": -1.0, "both": -1.0}
    said = [(scene, colours_of(picture)) for scene, picture in pairs]
    grounds = [found[0] == scene.ground_colour for scene, found in said]
    things = [found[1] == scene.subjects[0].colour for scene, found in said]
    both = [ground and thing for ground, thing in zip(grounds, things, strict=True)]
    return {"background": _part(grounds), "object": _part(things), "both": _part(both)}


def decibels(true: Pixels, painted: Pixels) -> float:
    """The mean peak signal to noise ratio of pairs of pictures."""
    errors = ((true.astype(np.float64) - painted.astype(np.float64)) ** 2).mean((1, 2, 3))
    return float(np.mean(10.0 * np.log10(255.0**2 / np.maximum(errors, 1e-6))))


def variety(pictures: Pixels) -> float:
    """The mean distance of pixels between every two of the pictures."""
    seen = pictures.astype(np.float64)
    pairs = [(first, second) for first in range(len(seen)) for second in range(first)]
    return float(np.mean([np.abs(seen[first] - seen[second]).mean() for first, second in pairs]))


def nearest(pictures: Pixels, others: Pixels) -> float:
    """The smallest distance of any of the pictures to any of the others."""
    seen = others.astype(np.float32)
    return float(min(np.abs(seen - picture.astype(np.float32)).mean((1, 2, 3)).min() for picture in pictures))


def _part(right: Sequence[bool]) -> float:
    return sum(right) / len(right)
