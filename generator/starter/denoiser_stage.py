"""The transformer learns to paint small pictures from captions, and the caption encoder goes on learning with it.

Rectified flow: on the straight line from picture to noise it says the direction. Times past the middle come more
often (logit-normal, shifted towards the noise as in Esser et al. 2024), for there the caption decides most: pictures
this flat show through much noise.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from transformers import PreTrainedTokenizerFast

from generator.starter import tokenizer as words
from generator.starter.configuration import Configuration
from generator.starter.data import Drawn, captions_of
from generator.starter.loop import Machine
from generator.starter.parts import TRAIN_TIMESTEPS, denoiser, text_encoder
from generator.starter.regions import regions
from generator.starter.scenes.description import Scene
from generator.starter.scenes.random_scene import imagine
from generator.starter.sight import things
from generator.starter.text_stage import encode

NO_SIZES = {"resolution": None, "aspect_ratio": None}  # what PixArt's larger sizes are told


@dataclass(frozen=True, slots=True)
class Captioned:
    """Small pictures (number x 3 x side x side, uint8) and what is said of each (number x paraphrases x tokens)."""

    latents: torch.Tensor
    captions: torch.Tensor
    nothing: torch.Tensor  # the empty caption
    weights: torch.Tensor  # how often each is shown, in relation
    regions: torch.Tensor  # where its things stand (number x side x side, bool)


class PaintingLesson:
    """Say which way the noise lies, for pictures with captions."""

    def __init__(
        self, parts: Mapping[str, nn.Module], shown: Captioned, configuration: Configuration, machine: Machine
    ) -> None:
        self._parts = {name: part.to(machine.device) for name, part in parts.items()}
        self.shown, self.settings, self.machine = shown, configuration.denoiser, machine
        self.painter: Callable[..., tuple[torch.Tensor]] = self._parts["transformer"]
        if configuration.running.compile and machine.device.type == "cuda":
            # Launching so small a net's kernels one by one takes longer than their work.
            self.painter = torch.compile(self.painter, dynamic=True)

    @property
    def parts(self) -> Mapping[str, nn.Module]:
        """The transformer and the caption encoder."""
        return self._parts

    @property
    def rates(self) -> Mapping[str, float]:
        """The encoder, which knows its words already, goes slowly."""
        return {"text_encoder": self.settings.text_rate}

    @property
    def inner(self) -> tuple[str, ...]:
        """The blocks of both."""
        return ("transformer.transformer_blocks.", "text_encoder.transformer.layer.")

    def loss(self, dice: torch.Generator) -> torch.Tensor:
        """The squared error of the direction, where things stand more than elsewhere."""
        chosen = torch.multinomial(self.shown.weights, self.settings.batch, replacement=True, generator=dice)
        clean = self.shown.latents[chosen].float().div(127.5).sub(1.0).mul(self.settings.scaling)
        noise = torch.randn(clean.shape, generator=dice)
        # One from every part of the distribution: the loss depends on the time more than on the picture.
        parts = torch.arange(self.settings.batch) + torch.rand(self.settings.batch, generator=dice)
        thrown = torch.special.ndtri(parts / self.settings.batch)
        times = torch.sigmoid(self.settings.time_middle + self.settings.time_spread * thrown)
        spread = times.view(-1, 1, 1, 1)
        seen = clean + (noise - clean) * spread
        ids = self._captions(chosen, dice)
        device = self.machine.device
        with self.machine.autocast():
            said = self._paint(seen.to(device), ids.to(device), times.to(device))
        counts = torch.where(self.shown.regions[chosen].unsqueeze(1), self.settings.thing_weight, 1.0)
        wrong = (said.float() - (noise - clean).to(device)).square().mean(1, keepdim=True)
        return (wrong * counts.to(device)).sum() / counts.sum()

    def _paint(self, seen: torch.Tensor, ids: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
        hidden, mask = encode(self._parts["text_encoder"], ids)
        (said,) = self.painter(
            seen,
            encoder_hidden_states=hidden,
            encoder_attention_mask=mask,
            timestep=times * TRAIN_TIMESTEPS,
            added_cond_kwargs=NO_SIZES,
            return_dict=False,
        )
        return said

    def _captions(self, chosen: torch.Tensor, dice: torch.Generator) -> torch.Tensor:
        """One paraphrase of each, some of them empty."""
        number = torch.randint(self.shown.captions.shape[1], (len(chosen),), generator=dice)
        left_out = torch.rand(len(chosen), 1, generator=dice) < self.settings.dropout
        return torch.where(left_out, self.shown.nothing, self.shown.captions[chosen, number])


def make_lesson(
    configuration: Configuration,
    tokenizer: PreTrainedTokenizerFast,
    taught: Mapping[str, torch.Tensor],
    drawn: Drawn,
    machine: Machine,
) -> PaintingLesson:
    """The lesson, with the caption encoder as `taught`."""
    torch.manual_seed(3)
    text = configuration.text
    encoder = text_encoder(text, len(tokenizer))
    encoder.load_state_dict(dict(taught))
    parts = {
        "transformer": denoiser(configuration.denoiser, text.width, configuration.pictures.latent_side),
        "text_encoder": encoder,
    }
    shown = Captioned(
        latents=torch.from_numpy(drawn.pictures).permute(0, 3, 1, 2).contiguous(),
        captions=read_captions(tokenizer, drawn.seeds, configuration.pictures.paraphrases, text.max_tokens),
        nothing=words.encode(tokenizer, [""], text.max_tokens),
        regions=torch.from_numpy(regions(drawn.seeds, configuration.pictures.latent_side)),
        weights=weigh([imagine(seed) for seed in drawn.seeds], configuration.denoiser.balance),
    )
    return PaintingLesson(parts, shown, configuration, machine)


def read_captions(
    tokenizer: PreTrainedTokenizerFast, seeds: Sequence[int], paraphrases: int, max_tokens: int
) -> torch.Tensor:
    """Seeds x paraphrases x tokens."""
    said = [caption for seed in seeds for caption in captions_of(seed, paraphrases)]
    return words.encode(tokenizer, said, max_tokens).view(len(seeds), paraphrases, max_tokens)


def weigh(shown: Sequence[Scene], balance: float) -> torch.Tensor:
    """How often to show each picture, in relation: for each kind of thing in it, for rare things and styles more often.

    With a balance of 0 pictures come as often as there are things in them, with 1 all kinds, and all styles, about as
    often as each other.
    """
    there = [things(scene) for scene in shown]
    wanted = _weigh_words([thing for picture in there for thing in picture], balance)
    of_style = _weigh_words([scene.style for scene in shown], balance)
    weights = [sum(wanted[thing] for thing in picture) or 1.0 for picture in there]
    return torch.tensor([weight * of_style[scene.style] for weight, scene in zip(weights, shown, strict=True)])


def _weigh_words(said: Sequence[str], balance: float) -> dict[str, float]:
    """The weight of each word: 1 for one that comes as often as the mean, more for a rarer one."""
    often = Counter(said)
    usual = len(said) / max(1, len(often))
    return {word: (usual / number) ** balance for word, number in often.items()}
