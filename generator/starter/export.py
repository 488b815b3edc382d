"""The trained weights on their way out, as a folder of diffusers, and back in, to go on with elsewhere.

The averaged weights go, in half precision. Files stay under 16 MiB, the size that every host of repositories takes
without further ado. The judge, which paints nothing, is a file of its own.
"""

import shutil
from pathlib import Path

import msgspec
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from generator.starter import card, loop, parts, synonyms, tokenizer
from generator.starter.configuration import Configuration, Unusable

MAX_SHARD = "12MB"
PROGRESS_FILE = "progress.json"
JUDGE = Path(__file__).parent / "judge.safetensors"  # the one that the project judges by
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
    known = tokenizer.vocabulary(words)
    heard = synonyms.find_synonyms(known)
    synonyms.hear(words, heard)
    whole = {name: part.half() for name, part in assemble(configuration, work, len(words)).items()}
    painter = parts.pipeline(configuration, words, whole)
    painter.save_pretrained(target, safe_serialization=True, max_shard_size=MAX_SHARD)
    _load_in_single_precision(target / "text_encoder" / "config.json")
    (target / PROGRESS_FILE).write_bytes(msgspec.json.encode(read_progress(work)) + b"\n")
    card.write(target, configuration, len(known), synonyms.choose_shown(known, heard))
    for file in target.rglob("*.safetensors"):
        file.chmod(0o644)  # safetensors makes them for their owner alone


def _load_in_single_precision(config: Path) -> None:
    """transformers loads in the precision that is written here, diffusers in single; together they must be alike."""
    said = msgspec.json.decode(config.read_bytes(), type=dict[str, object])
    config.write_bytes(msgspec.json.format(msgspec.json.encode(said | {"dtype": "float32"})) + b"\n")


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


def export_judge(work: Path, target: Path) -> None:
    """Write the judge's weights."""
    weights = loop.read_averages(work / "judge.pt", "eye")
    save_file({name: value.half().contiguous() for name, value in weights.items()}, target)


def begin_from(model: Path, work: Path) -> None:
    """Lay a model's weights, and the judge, into a working folder that has none yet; the optimizers begin anew."""
    if any((work / f"{stage}.pt").is_file() for stage in STAGES):
        raise Unusable(f"{work} holds a training already; it is not begun anew over it")
    if not (model / PROGRESS_FILE).is_file():
        raise Unusable(f"{model} is no model that `export` wrote: it has no {PROGRESS_FILE}")
    work.mkdir(parents=True, exist_ok=True)
    progress = msgspec.json.decode((model / PROGRESS_FILE).read_bytes(), type=Progress)
    shutil.copytree(model / "tokenizer", work / "tokenizer", dirs_exist_ok=True)
    encoder = _load_whole(model / "text_encoder", "text_encoder.")
    painter = _load_whole(model / "transformer", "transformer.")
    vae = _load_whole(model / "vae")
    decoder = {name: value for name, value in vae.items() if name.startswith("decoder.")}
    laid = {"text": encoder, "decoder": decoder, "denoiser": painter | encoder}
    for stage, weights in laid.items():
        _lay(work / f"{stage}.pt", getattr(progress, stage), weights)
    if JUDGE.is_file():  # not in an installed program
        _lay(work / "judge.pt", progress.judge, _load(JUDGE, "eye."))


def _lay(path: Path, step: int, weights: dict[str, torch.Tensor]) -> None:
    averages = {name: value.clone() for name, value in weights.items()}
    loop.write_whole(path, {"step": step, "weights": weights, "averages": averages, "optimizers": []})


def _load_whole(part: Path, prefix: str = "") -> dict[str, torch.Tensor]:
    """All weights of a part, which may lie in several files."""
    return {name: value for file in sorted(part.glob("*.safetensors")) for name, value in _load(file, prefix).items()}


def _load(file: Path, prefix: str) -> dict[str, torch.Tensor]:
    return {f"{prefix}{name}": value.float() for name, value in load_file(file).items()}


def _fill(module: nn.Module, weights: dict[str, torch.Tensor]) -> None:
    trained = {name for name, weight in module.named_parameters() if weight.requires_grad}
    if trained != set(weights):
        raise Unusable(f"the weights are not this configuration's: {sorted(trained ^ set(weights))[:3]}")
    module.load_state_dict(weights, strict=False)
