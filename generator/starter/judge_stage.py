"""A classifier of small pictures, taught on true ones only: what evaluation asks what a painted picture shows."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from generator.starter.attributes import QUESTIONS, answers
from generator.starter.configuration import Judge
from generator.starter.data import Drawn, Pixels
from generator.starter.loop import Machine
from generator.starter.parts import heads
from generator.starter.scenes.random_scene import imagine

# Asked of pictures; what only a caption can tell (the season of a far hill) is not.
ASKED = ("kind", "colour", "count", "size", "where", "ground", "ground colour", "time", "weather", "style")


class Eye(nn.Module):
    """Four levels of convolutions, then an answer to each question."""

    def __init__(self, width: int) -> None:
        super().__init__()
        widths = (width, width * 2, width * 4, width * 4)
        layers: list[nn.Module] = []
        before = 3
        for level, wide in enumerate(widths):
            layers += [nn.Conv2d(before, wide, 3, padding=1, stride=1 if level == 0 else 2), nn.GroupNorm(8, wide)]
            layers += [nn.GELU(), nn.Conv2d(wide, wide, 3, padding=1), nn.GroupNorm(8, wide), nn.GELU()]
            before = wide
        self.layers = nn.Sequential(*layers, nn.Flatten())
        self.mix = nn.LazyLinear(width * 8)
        self.heads = heads(width * 8)

    def forward(self, pictures: torch.Tensor) -> dict[str, torch.Tensor]:
        """The scores of the answers; `pictures` is number x 3 x side x side, -1 to 1."""
        seen = functional.gelu(self.mix(self.layers(pictures)))
        return {question: self.heads[question](seen) for question in ASKED}


class JudgeLesson:
    """Answer every question about a scene from its picture."""

    def __init__(self, eye: Eye, drawn: Drawn, settings: Judge, machine: Machine) -> None:
        self.eye = eye.to(machine.device)
        self.pictures, self.settings, self.machine = drawn.pictures, settings, machine
        truths = [answers(imagine(seed)) for seed in drawn.seeds]
        self.truths = {question: torch.tensor([truth[question] for truth in truths]) for question in ASKED}

    @property
    def parts(self) -> Mapping[str, nn.Module]:
        """The one net."""
        return {"eye": self.eye}

    @property
    def rates(self) -> Mapping[str, float]:
        """The stage's."""
        return {}

    def loss(self, dice: torch.Generator) -> torch.Tensor:
        """The mean over the questions of the cross entropy, on pictures with a little noise."""
        chosen = torch.randint(len(self.pictures), (self.settings.batch,), generator=dice)
        pictures = to_tensor(self.pictures[chosen.numpy()])
        noisy = pictures + 0.05 * torch.randn(pictures.shape, generator=dice)
        with self.machine.autocast():
            said = self.eye(noisy.to(self.machine.device))
        losses = [
            functional.cross_entropy(scores.float(), self.truths[question][chosen].to(self.machine.device))
            for question, scores in said.items()
        ]
        return torch.stack(losses).mean()


def make_lesson(drawn: Drawn, settings: Judge, machine: Machine) -> JudgeLesson:
    """The whole lesson, from nothing."""
    torch.manual_seed(4)
    eye = Eye(settings.width)
    eye(to_tensor(drawn.pictures[:1]))  # lets the lazy layer see its size
    return JudgeLesson(eye, drawn, settings, machine)


def judge(eye: Eye, pictures: Pixels) -> dict[str, list[str]]:
    """What the eye says of each picture, small as it was taught on."""
    eye.eval()
    with torch.inference_mode():
        said = eye(to_tensor(pictures))
    return {question: [QUESTIONS[question][place] for place in scores.argmax(1)] for question, scores in said.items()}


def to_tensor(pictures: Pixels) -> torch.Tensor:
    """Pictures (number x side x side x 3, uint8) as the eye sees them."""
    return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float().div(127.5).sub(1.0)
