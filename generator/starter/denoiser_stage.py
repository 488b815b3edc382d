"""The transformer learns to paint small pictures from captions, and the caption encoder goes on learning with it.

Rectified flow: on the straight line from picture to noise it says the direction. Times near the middle come more
often (logit-normal), for there the caption decides most.
"""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import nn
from torch.nn import functional
from transformers import PreTrainedTokenizerFast

from generator.starter import tokenizer as words
from generator.starter.configuration import Configuration
from generator.starter.data import Drawn, captions_of
from generator.starter.loop import Machine
from generator.starter.parts import TRAIN_TIMESTEPS, denoiser, text_encoder
from generator.starter.text_stage import encode

NO_SIZES = {"resolution": None, "aspect_ratio": None}  # what PixArt's larger sizes are told


class PaintingLesson:
    """Say which way the noise lies, for pictures with captions."""

    def __init__(
        self, parts: Mapping[str, nn.Module], latents: torch.Tensor, captions: torch.Tensor, machine: Machine
    ) -> None:
        """`latents` is pictures x 3 x side x side, uint8; `captions` pictures x paraphrases x tokens."""
        self._parts = {name: part.to(machine.device) for name, part in parts.items()}
        self.latents, self.captions, self.machine = latents, captions, machine
        self.painter: Callable[..., tuple[torch.Tensor]] = self._parts["transformer"]
        self.batch, self.dropout, self.scaling, self.text_rate = 1, 0.0, 1.0, 1.0

    def configured(self, configuration: Configuration, nothing: torch.Tensor) -> "PaintingLesson":
        """The lesson with the numbers of its stage; `nothing` is the empty caption."""
        settings = configuration.denoiser
        self.batch, self.dropout = settings.batch, settings.dropout
        self.scaling, self.text_rate, self.nothing = settings.scaling, settings.text_rate, nothing
        if configuration.running.compile and self.machine.device.type == "cuda":
            self.painter = torch.compile(self.painter, dynamic=True)
        return self

    @property
    def parts(self) -> Mapping[str, nn.Module]:
        """The transformer and the caption encoder."""
        return self._parts

    @property
    def rates(self) -> Mapping[str, float]:
        """The encoder, which knows its words already, goes slowly."""
        return {"text_encoder": self.text_rate}

    def loss(self, dice: torch.Generator) -> torch.Tensor:
        """The squared error of the direction."""
        chosen = torch.randint(len(self.latents), (self.batch,), generator=dice)
        clean = self.latents[chosen].float().div(127.5).sub(1.0).mul(self.scaling)
        noise = torch.randn(clean.shape, generator=dice)
        times = torch.sigmoid(torch.randn(self.batch, generator=dice))
        spread = times.view(-1, 1, 1, 1)
        seen = clean + (noise - clean) * spread
        ids = self._captions(chosen, dice)
        device = self.machine.device
        with self.machine.autocast():
            said = self._paint(seen.to(device), ids.to(device), times.to(device))
        return functional.mse_loss(said.float(), (noise - clean).to(device))

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
        number = torch.randint(self.captions.shape[1], (len(chosen),), generator=dice)
        left_out = torch.rand(len(chosen), 1, generator=dice) < self.dropout
        return torch.where(left_out, self.nothing, self.captions[chosen, number])


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
    latents = torch.from_numpy(drawn.pictures).permute(0, 3, 1, 2).contiguous()
    captions = read_captions(tokenizer, drawn.seeds, configuration.pictures.paraphrases, text.max_tokens)
    nothing = words.encode(tokenizer, [""], text.max_tokens)
    return PaintingLesson(parts, latents, captions, machine).configured(configuration, nothing)


def read_captions(
    tokenizer: PreTrainedTokenizerFast, seeds: Sequence[int], paraphrases: int, max_tokens: int
) -> torch.Tensor:
    """Seeds x paraphrases x tokens."""
    said = [caption for seed in seeds for caption in captions_of(seed, paraphrases)]
    return words.encode(tokenizer, said, max_tokens).view(len(seeds), paraphrases, max_tokens)
