"""A model's folder on the disk: what it says it is, and whether it may be trusted with being loaded.

It reads JSON only; it must not import torch nor anything that the folder names.
"""

from dataclasses import dataclass
from pathlib import Path

import msgspec

MAX_JSON_BYTES = 1024 * 1024  # a model index is 1 KB
MAX_LATENT_SIDE = 1024  # 8,192 pixels; a larger number in the file is a fault of the file
_DEFAULT_SCALE = 8
_DEFAULT_SIDE = 1024


@dataclass(frozen=True, slots=True)
class Folder:
    """What the JSON files of a model say."""

    path: Path
    pipeline_class: str
    libraries: frozenset[str]  # where the classes of its parts are to be found
    vae_class: str | None
    scale: int  # pixels of the picture to one latent, each way
    multiple: int  # pixels that both sides must be a multiple of
    native_side: int  # pixels it was trained for


def read_folder(path: Path) -> Folder:
    """Read a model's folder; ValueError for one that is no model, or that brings code of its own."""
    index = _read_object(path / "model_index.json")
    pipeline_class = index.get("_class_name")
    if not isinstance(pipeline_class, str) or not pipeline_class.isidentifier():
        raise ValueError(f"{path} names no pipeline class of diffusers")
    code = next(path.rglob("*.py"), None)
    if code is not None:
        raise ValueError(f"{path} brings its own code ({code.name}), which is never run")
    parts = _parts(index)
    has_transformer = "transformer" in parts
    scale = _scale(_read_object(path / "vae" / "config.json")) if "vae" in parts else _DEFAULT_SCALE
    denoiser = "transformer" if has_transformer else "unet"
    config = _read_object(path / denoiser / "config.json") if denoiser in parts else {}
    return Folder(
        path=path,
        pipeline_class=pipeline_class,
        libraries=frozenset(library for library, _ in parts.values()),
        vae_class=parts["vae"][1] if "vae" in parts else None,
        scale=scale,
        multiple=scale * 2 if has_transformer else scale,  # transformers see patches of 2 x 2 latents
        native_side=_native_side(config, scale),
    )


def _parts(index: dict[str, object]) -> dict[str, tuple[str, str]]:
    """Read the pairs of library and class; a pair of nulls is a part that was left out."""
    parts = {}
    for name, entry in index.items():
        match entry:
            case [str(library), str(class_name)] if library.isidentifier() and class_name.isidentifier():
                parts[name] = (library, class_name)
            case [str(), str()]:
                raise ValueError(f"the model's part {name!r} names no class")
    return parts


def _scale(vae: dict[str, object]) -> int:
    for key in ("block_out_channels", "encoder_block_out_channels"):
        levels = vae.get(key)
        if isinstance(levels, list) and 1 <= len(levels) <= 8:
            return 1 << (len(levels) - 1)
    return _DEFAULT_SCALE


def _native_side(denoiser: dict[str, object], scale: int) -> int:
    size = denoiser.get("sample_size")
    if isinstance(size, int) and 1 <= size <= MAX_LATENT_SIDE:
        return size * scale
    return _DEFAULT_SIDE


def _read_object(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(MAX_JSON_BYTES), type=dict[str, object])
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise ValueError(f"{path} is not a JSON object: {error}") from error
