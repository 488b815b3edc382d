"""The decoder learns to draw sharp what the latents show small: crops of true pictures, seen as their block means."""

from collections.abc import Mapping

import torch
from diffusers import AutoencoderTiny
from torch import nn
from torch.nn import functional

from generator.starter.configuration import Configuration
from generator.starter.data import Drawn
from generator.starter.loop import Machine
from generator.starter.parts import vae

EDGE_WEIGHT = 0.5  # of the error of neighbouring pixels' differences, which keeps edges sharp
MEAN_WEIGHT = 1.0  # of the error of the means of blocks, which the latents say
USUAL = 0.03  # of a crop's errors; by it the gradients are about as large as those of the errors themselves
QUIET = 0.005  # what a crop without any error counts as; there a smaller error is nothing to strive for


class SharpeningLesson:
    """Give back the crop that a noisy, small version of it shows."""

    def __init__(self, model: AutoencoderTiny, drawn: Drawn, configuration: Configuration, machine: Machine) -> None:
        self.model = model.to(machine.device, memory_format=torch.channels_last)
        self.pictures = torch.from_numpy(drawn.pictures)
        self.settings, self.machine = configuration.decoder, machine
        self.scale = configuration.pictures.scale

    @property
    def parts(self) -> Mapping[str, nn.Module]:
        """The decoder alone; the encoder is fixed."""
        return {"decoder": self.model.decoder}

    @property
    def rates(self) -> Mapping[str, float]:
        """The stage's."""
        return {}

    @property
    def inner(self) -> tuple[str, ...]:
        """All but the first and the last convolution."""
        return tuple(f"decoder.layers.{place}." for place in range(1, len(self.model.decoder.layers) - 1))

    def loss(self, dice: torch.Generator) -> torch.Tensor:
        """The mean logarithm of the crops' errors, as in decibels: a quiet crop counts as much as a busy one."""
        true = self._crops(dice).to(self.machine.device).float().div(127.5).sub(1.0)
        true = true.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
        latents = functional.avg_pool2d(true, self.scale)
        noise = torch.randn(latents.shape, generator=dice).to(self.machine.device)
        amount = torch.rand(len(latents), 1, 1, 1, generator=dice).to(self.machine.device) * self.settings.noise
        with self.machine.autocast():
            drawn = self.model.decoder(latents + noise * amount)
        return USUAL * (self._errors(drawn.float() - true) + QUIET).log().mean()

    def _errors(self, off: torch.Tensor) -> torch.Tensor:
        """Of each crop the absolute error of pixels, of edges and of the means that were its latents."""
        edges = sum(_size(off.diff(dim=axis)) for axis in (2, 3))
        return _size(off) + EDGE_WEIGHT * edges + MEAN_WEIGHT * _size(functional.avg_pool2d(off, self.scale))

    def _crops(self, dice: torch.Generator) -> torch.Tensor:
        """Random crops on the grid of the latents: batch x side x side x 3, uint8."""
        side = self.settings.crop * self.scale
        places = (self.pictures.shape[1] - side) // self.scale + 1
        chosen = torch.randint(len(self.pictures), (self.settings.batch,), generator=dice).tolist()
        corners = (torch.randint(places, (self.settings.batch, 2), generator=dice) * self.scale).tolist()
        return torch.stack(
            [
                self.pictures[number, top : top + side, left : left + side]
                for number, (top, left) in zip(chosen, corners, strict=True)
            ]
        )


def _size(off: torch.Tensor) -> torch.Tensor:
    return off.abs().mean((1, 2, 3))


def make_lesson(configuration: Configuration, drawn: Drawn, machine: Machine) -> SharpeningLesson:
    """The whole lesson, from nothing."""
    torch.manual_seed(2)
    return SharpeningLesson(vae(configuration.decoder, configuration.denoiser.scaling), drawn, configuration, machine)
