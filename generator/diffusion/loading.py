"""A model's weights from its folder into memory, and out of it again.

Only safetensors, only local files, only diffusers' own classes (`abilities.find_class`). Nothing is compiled: on a
CPU it gains nothing, and a GPU's first picture would wait minutes for it.
"""

import gc
from dataclasses import dataclass

import diffusers
import torch
import transformers

from generator.diffusion import previews
from generator.diffusion.abilities import find_class, find_remix_class
from generator.diffusion.folder import Folder
from generator.diffusion.previews import Previewer
from generator.diffusion.shapes import Pipeline
from generator.engine import ModelSettings


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model that can paint; `remix` shares its weights."""

    pipeline: Pipeline
    remix: Pipeline | None
    previewer: Previewer | None
    dtype: str


def quieten() -> None:
    """Keep the libraries' warnings out of the log: one of them quotes the end of a prompt that is too long."""
    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()


def choose_device(settings: ModelSettings) -> str:
    """Settle "auto" by what the machine has; ValueError for a GPU that is not there."""
    if settings.device == "auto":
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    device = torch.device(settings.device)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ValueError(f"{settings.name} is configured for {settings.device}, and torch finds no such GPU")
    return settings.device


def load(settings: ModelSettings, folder: Folder, device: str) -> Loaded:
    """Load a model; OSError or ValueError when its files do not hold together."""
    find_class(folder)  # refuses what diffusers itself would import
    dtype = _choose_dtype(settings, device)
    pipeline: Pipeline = diffusers.DiffusionPipeline.from_pretrained(
        folder.path, local_files_only=True, use_safetensors=True, dtype=dtype, trust_remote_code=False
    )
    pipeline.set_progress_bar_config(disable=True)
    if settings.offload == "none":
        pipeline.to(device)
    # Before an offload hangs its hooks on the parts: a look must not move the VAE in and the denoiser out.
    previewer = _previewer(pipeline, folder)
    if settings.offload == "model":
        pipeline.enable_model_cpu_offload(device=device)
    elif settings.offload == "sequential":
        pipeline.enable_sequential_cpu_offload(device=device)
    return Loaded(pipeline, _remix_of(pipeline), previewer, str(dtype).removeprefix("torch."))


def free(device: str) -> None:
    """Give back the memory of what is no longer referred to."""
    gc.collect()
    if torch.device(device).type == "cuda":
        torch.cuda.empty_cache()


def library_versions() -> dict[str, str]:
    """Name what the bytes of a picture depend on, besides its model and numbers."""
    return {
        "diffusers": diffusers.__version__,
        "torch": str(torch.__version__),  # a class of its own, which JSON does not know
        "transformers": transformers.__version__,
    }


def _choose_dtype(settings: ModelSettings, device: str) -> torch.dtype:
    by_name = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
    return by_name.get(settings.dtype, torch.float32 if device == "cpu" else torch.bfloat16)


def _previewer(pipeline: Pipeline, folder: Folder) -> Previewer | None:
    return previews.fit(pipeline.vae, folder.scale) if folder.vae_class in previews.READABLE_VAES else None


def _remix_of(pipeline: Pipeline) -> Pipeline | None:
    if find_remix_class(type(pipeline)) is None:
        return None
    # Not the class's own `from_pipe`, which casts the shared weights to float32.
    remix: Pipeline = diffusers.AutoPipelineForImage2Image.from_pipe(pipeline)
    remix.set_progress_bar_config(disable=True)
    return remix
