"""The trained weights on their way out: as a folder of diffusers, or as a small checkpoint to go on from.

Both take the averaged weights in half precision. Files stay under 16 MiB, the size that every host of repositories
takes without further ado.
"""

import shutil
from pathlib import Path

import msgspec
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from generator.starter import loop, parts, tokenizer
from generator.starter.configuration import Configuration, Unusable

MAX_SHARD = "12MB"
TEXT_FILE, PAINTER_FILE, DECODER_FILE, JUDGE_FILE, PROGRESS_FILE = (
    "text_encoder.safetensors",
    "transformer.safetensors",
    "decoder.safetensors",
    "judge.safetensors",
    "progress.json",
)
NAME = "pinxit-starter"
CARD = """---
license: agpl-3.0
library_name: diffusers
pipeline_tag: text-to-image
---

# Pinxit starter

A small text-to-image diffusion model, trained from nothing by the Pinxit project on scenes that the project draws by
rules (no photograph, no picture of anybody's). It paints simple scenes of {words} words at 256 x 256 and knows
nothing else: no people's likenesses, no text, no brands. Words it was not taught change nothing.

- Pipeline: `DiffusionPipeline.from_pretrained(folder)`, PixArt's class; {steps} steps, guidance {guidance}.
- Trained: caption encoder {text_steps} steps, decoder {decoder_steps}, painter {painter_steps} of {batch} pictures.
- Weights: the average over training, half precision.
- Licence: as the project, AGPL-3.0-or-later.
"""


STAGES = ("text", "decoder", "denoiser", "judge")  # those with weights


class Progress(msgspec.Struct, frozen=True):
    """How far each stage is."""

    text: int
    decoder: int
    denoiser: int
    judge: int = 0


def export(configuration: Configuration, work: Path, target: Path) -> None:
    """Write the whole model as `DiffusionPipeline.from_pretrained` reads it, with its card and its description."""
    words = tokenizer.load(work / "tokenizer")
    whole = {name: part.half() for name, part in assemble(configuration, work, len(words)).items()}
    painter = parts.pipeline(configuration, words, whole)
    painter.save_pretrained(target, safe_serialization=True, max_shard_size=MAX_SHARD)
    progress = read_progress(work)
    known = tokenizer.vocabulary(words)
    card = CARD.format(
        words=len(known),
        steps=configuration.painting.steps,
        guidance=configuration.painting.guidance,
        text_steps=progress.text,
        decoder_steps=progress.decoder,
        painter_steps=progress.denoiser,
        batch=configuration.denoiser.batch,
    )
    (target / "README.md").write_text(card, encoding="utf-8")
    (target / "pinxit-model.json").write_bytes(_description(configuration, known))


def assemble(configuration: Configuration, work: Path, words: int) -> dict[str, nn.Module]:
    """The model's parts with their averaged weights; an untrained stage's are as they were born."""
    text, painting = configuration.text, configuration.denoiser
    encoder = parts.text_encoder(text, words)
    painter = parts.denoiser(painting, text.width, configuration.pictures.latent_side)
    vae = parts.vae(configuration.decoder, painting.scaling)
    if (work / "decoder.pt").is_file():
        vae.decoder.load_state_dict(loop.read_averages(work / "decoder.pt", "decoder"))
    if (work / "denoiser.pt").is_file():
        # Position tables are not trained and so not in a checkpoint; every trained weight must be.
        _fill(painter, loop.read_averages(work / "denoiser.pt", "transformer"))
        _fill(encoder, loop.read_averages(work / "denoiser.pt", "text_encoder"))
    elif (work / "text.pt").is_file():
        _fill(encoder, loop.read_averages(work / "text.pt", "text_encoder"))
    return {"text_encoder": encoder, "transformer": painter, "vae": vae}


def read_progress(work: Path) -> Progress:
    """How far the stages in a working folder are."""
    return Progress(*(loop.read_step(work / f"{stage}.pt") for stage in STAGES))


def save_checkpoint(configuration: Configuration, work: Path, target: Path) -> None:
    """Write the averaged weights of all stages, in half precision, with the tokenizer and how far they are."""
    target.mkdir(parents=True, exist_ok=True)
    _save_half(loop.read_averages(work / "denoiser.pt", "transformer"), target / PAINTER_FILE)
    _save_half(loop.read_averages(work / "denoiser.pt", "text_encoder"), target / TEXT_FILE)
    _save_half(loop.read_averages(work / "decoder.pt", "decoder"), target / DECODER_FILE)
    if (work / "judge.pt").is_file():
        _save_half(loop.read_averages(work / "judge.pt", "eye"), target / JUDGE_FILE)
    tokenizer.load(work / "tokenizer").save_pretrained(target / "tokenizer")
    (target / PROGRESS_FILE).write_bytes(msgspec.json.encode(read_progress(work)) + b"\n")
    (target / "configuration.json").write_bytes(msgspec.json.format(msgspec.json.encode(configuration)) + b"\n")


def begin_from(checkpoint: Path, work: Path) -> None:
    """Lay the weights of a checkpoint into a working folder that has none yet; its optimizers begin anew."""
    if any((work / f"{stage}.pt").is_file() for stage in STAGES):
        raise Unusable(f"{work} holds a training already; it is not begun anew over it")
    if not (checkpoint / PROGRESS_FILE).is_file():
        raise Unusable(f"{checkpoint} is no checkpoint: it has no {PROGRESS_FILE}")
    work.mkdir(parents=True, exist_ok=True)
    progress = msgspec.json.decode((checkpoint / PROGRESS_FILE).read_bytes(), type=Progress)
    shutil.copytree(checkpoint / "tokenizer", work / "tokenizer", dirs_exist_ok=True)
    encoder = _load_whole(checkpoint / TEXT_FILE, "text_encoder")
    laid = {
        "text": encoder,
        "decoder": _load_whole(checkpoint / DECODER_FILE, "decoder"),
        "denoiser": _load_whole(checkpoint / PAINTER_FILE, "transformer") | encoder,
    }
    if (checkpoint / JUDGE_FILE).is_file():
        laid["judge"] = _load_whole(checkpoint / JUDGE_FILE, "eye")
    for stage, weights in laid.items():
        _lay(work / f"{stage}.pt", getattr(progress, stage), weights)


def _lay(path: Path, step: int, weights: dict[str, torch.Tensor]) -> None:
    averages = {name: value.clone() for name, value in weights.items()}
    loop.write_whole(path, {"step": step, "weights": weights, "averages": averages, "optimizers": []})


def _save_half(weights: dict[str, torch.Tensor], path: Path) -> None:
    save_file({name: value.half().contiguous() for name, value in weights.items()}, path)


def _load_whole(path: Path, part: str) -> dict[str, torch.Tensor]:
    return {f"{part}.{name}": value.float() for name, value in load_file(path).items()}


def _fill(module: nn.Module, weights: dict[str, torch.Tensor]) -> None:
    trained = {name for name, weight in module.named_parameters() if weight.requires_grad}
    if trained != set(weights):
        raise Unusable(f"the checkpoint's weights are not this configuration's: {sorted(trained ^ set(weights))[:3]}")
    module.load_state_dict(weights, strict=False)


def _description(configuration: Configuration, words: tuple[str, ...]) -> bytes:
    """What `generator.catalogue` reads beside the weights."""
    side = configuration.pictures.side
    return msgspec.json.format(
        msgspec.json.encode(
            {
                "name": NAME,
                "label": "Pinxit starter",
                "license": "AGPL-3.0-or-later",
                "license_class": "own",
                "sizes": [[side, side]],
                "min_side": side,
                "max_side": side,
                "steps": configuration.painting.steps,
                "max_steps": 50,
                "guidance": configuration.painting.guidance,
                "max_guidance": 10.0,
                "vocabulary": words,
            }
        )
    )
