"""The judge's word about pictures, and how often it is what their scenes' seeds say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch

from generator.starter.data import Pixels
from generator.starter.judge_stage import Eye, to_tensor
from generator.starter.scenes.random_scene import imagine
from generator.starter.sight import THINGS, UNSEEN, sights, things

MARKED = ("kind", "count to 3", "count from 4", "where", "time", "weather", "style")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the judge sees in pictures: how surely each of `THINGS` is there, and each answer to `SIGHTS` is right."""

    things: torch.Tensor  # number x things
    sights: Mapping[str, torch.Tensor]  # number x answers


def look(eye: Eye, pictures: Pixels) -> Seen:
    """What the judge's eye sees in pictures of the size it was taught on, of things also in a mirror."""
    eye.eval()
    with torch.inference_mode():
        seen, said = eye(to_tensor(torch.from_numpy(pictures)))
        mirrored, _ = eye(to_tensor(torch.from_numpy(pictures)).flip(3))
    return Seen(seen.log_softmax(1) + mirrored.log_softmax(1), said)


def marks(seen: Seen, seeds: Sequence[int]) -> dict[str, tuple[int, int]]:
    """How many were right, of how many, by what was asked.

    `kind`: of all things that are there; of a picture with two things the two likeliest count as seen. `where`: two
    things are arranged as they should be, and both answers prefer the one of the two that it should be. Counts to
    three and from four are apart.
    """
    right: dict[str, list[bool]] = {name: [] for name in MARKED}
    for number, seed in enumerate(seeds):
        scene = imagine(seed)
        there, truth = things(scene), sights(scene)
        likeliest = {THINGS[place] for place in seen.things[number].topk(max(1, len(there))).indices.tolist()}
        right["kind"] += [thing in likeliest for thing in sorted(there)]
        said = {q: int(scores[number].argmax()) == truth[q] for q, scores in seen.sights.items() if truth[q] != UNSEEN}
        for question in ("time", "weather", "style"):
            right[question] += [said[question]] if question in said else []
        if truth["count"] > 0:
            right["count to 3" if truth["count"] <= 3 else "count from 4"].append(said["count"])
        if "arranged" in said:
            right["where"].append(said["arranged"] and _in_their_places(seen, number, truth["near"], truth["beyond"]))
    return {name: (sum(found), len(found)) for name, found in right.items()}


def _in_their_places(seen: Seen, number: int, near: int, beyond: int) -> bool:
    first, second = seen.sights["near"][number], seen.sights["beyond"][number]
    return bool(first[near] > first[beyond] and second[beyond] > second[near])


def share(mark: tuple[int, int]) -> float:
    """The right of those asked; 0 where nothing was asked."""
    return mark[0] / mark[1] if mark[1] else 0.0
