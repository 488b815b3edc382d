"""What a pipeline class can do, read from its own signature, and what we say about a model because of it.

Classes differ too much for a table: FLUX.2 takes no negative, Qwen-Image names its guidance otherwise, PixArt has
no step callback of today's kind. It must not load weights.
"""

import inspect
from dataclasses import dataclass
from typing import Literal

import diffusers
from diffusers.pipelines.auto_pipeline import AUTO_IMAGE2IMAGE_PIPELINES_MAPPING, AUTO_TEXT2IMAGE_PIPELINES_MAPPING

from generator.catalogue import KnownModel
from generator.diffusion.folder import Folder
from generator.diffusion.previews import READABLE_VAES
from generator.engine import ModelCapabilities, ModelSettings, RemixKind

GPU_BATCH = 4  # more gains nothing once the GPU is full, and everybody in the batch waits for its last picture
DEFAULT_STEPS = 30


@dataclass(frozen=True, slots=True)
class Abilities:
    """What one class's call takes."""

    parameters: frozenset[str]
    guidance: Literal["guidance_scale", "true_cfg_scale"] | None
    callback: Literal["callback_on_step_end", "callback"] | None  # the second is PixArt's, without the pipeline
    default_steps: int
    default_guidance: float

    @property
    def has_negative(self) -> bool:
        """Whether a negative prompt does something; FLUX.1 takes one but needs a second, doubled guidance for it."""
        return "negative_prompt" in self.parameters and not self.has_two_guidances

    @property
    def has_two_guidances(self) -> bool:
        """Whether the guidance is distilled into the weights, with a true one on top that we leave off."""
        return self.guidance == "guidance_scale" and "true_cfg_scale" in self.parameters


def find_class(folder: Folder) -> type[object]:
    """Find the folder's pipeline class in diffusers; ValueError when it is not there or a part is from elsewhere."""
    strange = [name for name in folder.libraries if not _is_trusted(name)]
    if strange:
        raise ValueError(f"{folder.path} takes parts from {', '.join(sorted(strange))}; only diffusers' own are loaded")
    found = getattr(diffusers, folder.pipeline_class, None)
    if isinstance(found, type) and issubclass(found, diffusers.DiffusionPipeline):
        return found
    raise ValueError(f"diffusers {diffusers.__version__} has no pipeline {folder.pipeline_class}")


def find_remix_class(text_to_image: type[object]) -> type[object] | None:
    """Find the class that starts from a picture with the same parts."""
    for kind, found in AUTO_TEXT2IMAGE_PIPELINES_MAPPING.items():
        if found is text_to_image:
            remix: type[object] | None = AUTO_IMAGE2IMAGE_PIPELINES_MAPPING.get(kind)
            return remix
    return None


def read_abilities(pipeline: type[object]) -> Abilities:
    """Read a class's call."""
    parameters = inspect.signature(pipeline.__call__).parameters
    guidance: Literal["guidance_scale", "true_cfg_scale"] | None = None
    # Qwen-Image has a `guidance_scale` too, but leaves it None: it is for weights that do not exist yet.
    if "guidance_scale" in parameters and parameters["guidance_scale"].default is not None:
        guidance = "guidance_scale"
    elif "true_cfg_scale" in parameters:
        guidance = "true_cfg_scale"
    callback: Literal["callback_on_step_end", "callback"] | None = None
    if "callback_on_step_end" in parameters:
        callback = "callback_on_step_end"
    elif "callback" in parameters:
        callback = "callback"
    steps = parameters["num_inference_steps"].default if "num_inference_steps" in parameters else None
    strength = parameters[guidance].default if guidance else None
    return Abilities(
        parameters=frozenset(parameters),
        guidance=guidance,
        callback=callback,
        default_steps=steps if isinstance(steps, int) else DEFAULT_STEPS,
        default_guidance=float(strength) if isinstance(strength, int | float) else 0.0,
    )


def describe(settings: ModelSettings, folder: Folder, known: KnownModel | None, device: str) -> ModelCapabilities:
    """Say what a model can do, from its description where it has one, else from its class and folder."""
    pipeline = find_class(folder)
    abilities = read_abilities(pipeline)
    known = known or _assume(settings, folder, abilities)
    multiple = known.multiple or folder.multiple
    max_guidance = known.max_guidance if abilities.guidance else 0.0
    return ModelCapabilities(
        name=settings.name,
        engine="diffusers",
        label=settings.label or known.label,
        license=known.license,
        license_class=known.license_class,
        sizes=known.sizes or ((folder.native_side, folder.native_side),),
        multiple=multiple,
        min_side=_round_up(known.min_side, multiple),
        max_side=known.max_side // multiple * multiple,
        default_steps=known.steps,
        max_steps=known.max_steps,
        default_guidance=min(known.guidance, max_guidance),
        max_guidance=max_guidance,
        has_negative=abilities.has_negative and max_guidance > 1.0,  # without guidance it changes nothing
        has_progress=abilities.callback is not None,
        has_previews=abilities.callback is not None and folder.vae_class in READABLE_VAES,
        remix=known.remix or _remix_kind(pipeline, abilities),
        revision=known.revision,
        source_url=f"https://huggingface.co/{known.source}" if known.source else None,
        max_batch=settings.batch or (1 if device == "cpu" else GPU_BATCH),
        device=device,
        vocabulary=known.vocabulary,
        min_steps=known.min_steps,
    )


def _is_trusted(library: str) -> bool:
    """Say whether diffusers looks a part up in itself or transformers, rather than importing any name it is given."""
    return library in ("diffusers", "transformers") or hasattr(diffusers.pipelines, library)


def _assume(settings: ModelSettings, folder: Folder, abilities: Abilities) -> KnownModel:
    """Describe a model nobody has described: by its class's defaults, and under the narrowest terms."""
    return KnownModel(
        name=settings.name,
        label=settings.name,
        license="unknown",
        license_class="non-commercial",
        min_side=min(256, folder.native_side),
        max_side=max(folder.native_side * 2, folder.multiple),
        steps=abilities.default_steps,
        guidance=abilities.default_guidance,
    )


def _remix_kind(pipeline: type[object], abilities: Abilities) -> RemixKind:
    if "image" in abilities.parameters:
        return "strength" if "strength" in abilities.parameters else "instruction"
    remix = find_remix_class(pipeline)
    return "strength" if remix is not None and "strength" in read_abilities(remix).parameters else "none"


def _round_up(side: int, multiple: int) -> int:
    return -(-side // multiple) * multiple
