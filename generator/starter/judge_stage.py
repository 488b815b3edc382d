"""A judge of pictures, taught on true ones only: what evaluation asks what a painted picture shows.

It sees pictures twice as large as the latents, of all styles, and answers what can be seen (`sight`).
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from generator.starter import loop
from generator.starter.configuration import Configuration, Judge, Unusable
from generator.starter.data import Drawn
from generator.starter.loop import Machine
from generator.starter.scenes.random_scene import imagine
from generator.starter.sight import SIGHTS, THINGS, UNSEEN, sights, things

_IN_A_ROW = SIGHTS["arranged"].index("in a row")
_MIRRORED = {"near": "beyond", "beyond": "near"}  # of a row, by a mirror
_SLIDE = 0.1  # of half a side, each way
_ZOOM = 0.1
_NOISE = 0.05


class Residual(nn.Module):
    """Two convolutions beside the thing itself."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.GroupNorm(8, width),
            nn.GELU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.GroupNorm(8, width),
            nn.GELU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
        )

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        """The same size."""
        changed: torch.Tensor = self.layers(seen)
        return seen + changed


class Eye(nn.Module):
    """A stem of fine strokes, three levels of convolutions, then an answer to each question."""

    def __init__(self, settings: Judge) -> None:
        super().__init__()
        width = settings.width
        layers: list[nn.Module] = [nn.PixelUnshuffle(2), nn.Conv2d(12, width // 2, 3, padding=1)]
        layers += [nn.GroupNorm(8, width // 2), nn.GELU(), nn.Conv2d(width // 2, width, 3, padding=1, stride=2)]
        for wider in (width * 2, width * 4):
            layers += [Residual(width) for _ in range(settings.blocks)]
            layers += [nn.Conv2d(width, wider, 3, padding=1, stride=2)]
            width = wider
        layers += [Residual(width) for _ in range(settings.blocks)]
        self.layers = nn.Sequential(*layers, nn.GroupNorm(8, width), nn.GELU(), nn.Flatten())
        self.mix = nn.Linear(width * (settings.side // 16) ** 2, width)
        self.things = nn.Linear(width, len(THINGS))
        self.sights = nn.ModuleDict({question: nn.Linear(width, len(options)) for question, options in SIGHTS.items()})

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        """The scores of the things and of the answers; `pictures` is number x 3 x side x side, -1 to 1."""
        seen = functional.gelu(self.mix(self.layers(pictures)))
        return self.things(seen), {question: head(seen) for question, head in self.sights.items()}


class JudgeLesson:
    """Say what is in a picture."""

    def __init__(self, eye: Eye, drawn: Drawn, settings: Judge, machine: Machine) -> None:
        self.eye = eye.to(machine.device)
        self.pictures, self.settings, self.machine = torch.from_numpy(drawn.pictures), settings, machine
        scenes = [imagine(seed) for seed in drawn.seeds]
        answers = [sights(scene) for scene in scenes]
        self.things = torch.tensor([[float(thing in things(scene)) for thing in THINGS] for scene in scenes])
        self.things /= self.things.sum(1, keepdim=True).clamp_min(1.0)  # two things share; nothing costs nothing
        self.sights = {question: torch.tensor([answer[question] for answer in answers]) for question in SIGHTS}

    @property
    def parts(self) -> Mapping[str, nn.Module]:
        """The one net."""
        return {"eye": self.eye}

    @property
    def rates(self) -> Mapping[str, float]:
        """The stage's."""
        return {}

    @property
    def inner(self) -> tuple[str, ...]:
        """All convolutions and the layer that mixes them."""
        return ("eye.layers.", "eye.mix.")

    def loss(self, dice: torch.Generator) -> torch.Tensor:
        """The cross entropies, of the things that are there and of the answers that can be seen."""
        device = self.machine.device
        chosen = torch.randint(len(self.pictures), (self.settings.batch,), generator=dice)
        pictures, turned = disturb(to_tensor(self.pictures[chosen]), dice)
        with self.machine.autocast():
            seen, said = self.eye(pictures.to(device))
        loss = self.settings.thing_weight * functional.cross_entropy(seen.float(), self.things[chosen].to(device))
        swapped = turned & (self.sights["arranged"][chosen] == _IN_A_ROW)
        for question, scores in said.items():
            mirrored = _MIRRORED.get(question, question)
            truth = torch.where(swapped, self.sights[mirrored][chosen], self.sights[question][chosen])
            answered = max(1, int((truth != UNSEEN).sum()))
            wrong = functional.cross_entropy(scores.float(), truth.to(device), ignore_index=UNSEEN, reduction="sum")
            loss = loss + wrong / answered
        return loss


def make_lesson(drawn: Drawn, settings: Judge, machine: Machine) -> JudgeLesson:
    """The whole lesson, from nothing."""
    torch.manual_seed(4)
    return JudgeLesson(Eye(settings), drawn, settings, machine)


def read(configuration: Configuration, path: Path) -> Eye:
    """A taught judge; `Unusable` where there is none yet."""
    if not path.is_file():
        raise Unusable(f"{path} is missing: teach the judge first, with `train judge`")
    eye = Eye(configuration.judge)
    eye.load_state_dict(loop.read_averages(path, "eye"))
    return eye


def disturb(pictures: torch.Tensor, dice: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures mirrored, slid aside, seen from a little nearer or farther and made noisy; and which are mirrored."""
    turned = torch.rand(len(pictures), generator=dice) < 0.5
    zoom = 1.0 + _ZOOM * (2.0 * torch.rand(len(pictures), generator=dice) - 1.0)
    placed = torch.zeros(len(pictures), 2, 3)
    placed[:, 0, 0] = torch.where(turned, -zoom, zoom)
    placed[:, 1, 1] = zoom
    placed[:, :, 2] = _SLIDE * (2.0 * torch.rand(len(pictures), 2, generator=dice) - 1.0)
    grid = functional.affine_grid(placed, list(pictures.shape), align_corners=False)
    moved = functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
    return moved + _NOISE * torch.randn(moved.shape, generator=dice), turned


def to_tensor(pictures: torch.Tensor) -> torch.Tensor:
    """Pictures (number x side x side x 3, uint8) as the eye sees them."""
    return pictures.permute(0, 3, 1, 2).float().div(127.5).sub(1.0)
