"""Models we know: on what terms each may be used, and with which numbers it paints well.

Class defaults are poor guides (Z-Image's are 50 steps and guidance 5, its Turbo weights want 8 and 0), so every
model has a `KnownModel`: from the file beside its weights (`pinxit-model.toml` or `.json` in the model's folder),
else from `KNOWN` by its configured name. It must not load a model and never opens a network connection.

A `revision` of None means that none is pinned *here*: whoever installs the model resolves the newest commit, pins
it with `pin`, downloads that, and writes it beside the weights with `write`.
"""

import re
import tomllib
from pathlib import Path

import msgspec

from generator.engine import LicenseClass, RemixKind

TOML_NAME = "pinxit-model.toml"
JSON_NAME = "pinxit-model.json"
_COMMIT = re.compile(r"[0-9a-f]{40}")

# Shapes of about the same area, all multiples of 64: square, 4:3, 3:4, 16:9, 9:16.
_SIZES_OF_ONE_MEGAPIXEL = ((1024, 1024), (1152, 896), (896, 1152), (1344, 768), (768, 1344))
_SIZES_OF_A_QUARTER = ((512, 512), (576, 448), (448, 576), (704, 384), (384, 704))


class KnownModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model's terms and numbers; a None is read from the model's own files where it is loaded."""

    name: str
    label: str
    license: str  # SPDX where there is one
    license_class: LicenseClass
    source: str | None = None  # "owner/name" on the hub
    revision: str | None = None
    sizes: tuple[tuple[int, int], ...] | None = None
    multiple: int | None = None
    min_side: int = 256
    max_side: int = 2048
    steps: int
    min_steps: int = 1
    max_steps: int = 100
    guidance: float
    max_guidance: float = 20.0  # 1 or less: the weights are distilled, and guidance and negatives do nothing
    remix: RemixKind | None = None
    memory_gigabytes: float | None = None  # of the GPU, all parts resident, in the dtype it is published in
    weights_gigabytes: float | None = None  # of all parts in half precision, from their counts of parameters
    # One call of the network for one picture of the first size: two operations for each parameter and token, and the
    # attention between tokens. From the published shapes, good to about a quarter.
    teraflops: float | None = None
    languages: tuple[str, ...] = ("en",)  # of the prompt
    vocabulary: tuple[str, ...] = ()  # the only words it knows; empty when it reads free text


KNOWN = (
    KnownModel(
        name="z-image-turbo",
        label="Z-Image Turbo",
        source="Tongyi-MAI/Z-Image-Turbo",
        license="Apache-2.0",
        license_class="apache",
        sizes=_SIZES_OF_ONE_MEGAPIXEL,
        steps=8,
        max_steps=20,
        guidance=0.0,
        max_guidance=0.0,
        memory_gigabytes=16,
        languages=("en", "zh"),
        weights_gigabytes=20.5,
        teraflops=61,
    ),
    KnownModel(
        name="flux2-klein-4b",
        label="FLUX.2 klein 4B",
        source="black-forest-labs/FLUX.2-klein-4B",
        license="Apache-2.0",
        license_class="apache",
        sizes=_SIZES_OF_ONE_MEGAPIXEL,
        steps=4,
        max_steps=20,
        guidance=1.0,
        max_guidance=1.0,
        remix="instruction",
        memory_gigabytes=13,
        weights_gigabytes=15.9,
        teraflops=43,
    ),
    KnownModel(
        name="qwen-image",
        label="Qwen-Image",
        source="Qwen/Qwen-Image",
        license="Apache-2.0",
        license_class="apache",
        sizes=_SIZES_OF_ONE_MEGAPIXEL,
        steps=50,
        guidance=4.0,
        max_guidance=10.0,
        memory_gigabytes=60,
        languages=("en", "zh"),
        weights_gigabytes=57.7,
        teraflops=97,
    ),
    KnownModel(
        name="qwen-image-2512",
        label="Qwen-Image 2512",
        source="Qwen/Qwen-Image-2512",
        license="Apache-2.0",
        license_class="apache",
        sizes=_SIZES_OF_ONE_MEGAPIXEL,
        steps=50,
        guidance=4.0,
        max_guidance=10.0,
        memory_gigabytes=60,
        languages=("en", "zh"),
        weights_gigabytes=57.7,
        teraflops=97,
    ),
    KnownModel(
        name="flux1-schnell",
        label="FLUX.1 schnell",
        source="black-forest-labs/FLUX.1-schnell",
        license="Apache-2.0",
        license_class="apache",
        sizes=_SIZES_OF_ONE_MEGAPIXEL,
        steps=4,
        max_steps=16,
        guidance=0.0,
        max_guidance=0.0,
        weights_gigabytes=33.7,
        teraflops=70,
    ),
    KnownModel(
        name="sdxl",
        label="Stable Diffusion XL 1.0",
        source="stabilityai/stable-diffusion-xl-base-1.0",
        license="CreativeML-OpenRAIL++-M",
        license_class="openrail",
        sizes=_SIZES_OF_ONE_MEGAPIXEL,
        steps=30,
        guidance=5.0,
        memory_gigabytes=7,
        weights_gigabytes=6.9,
        teraflops=6,
    ),
    KnownModel(
        name="sd15",
        label="Stable Diffusion 1.5",
        source="stable-diffusion-v1-5/stable-diffusion-v1-5",
        license="CreativeML-OpenRAIL-M",
        license_class="openrail",
        sizes=_SIZES_OF_A_QUARTER,
        max_side=1024,
        steps=25,
        guidance=7.5,
        weights_gigabytes=2.1,
        teraflops=0.8,
    ),
    KnownModel(
        name="sd35-medium",
        label="Stable Diffusion 3.5 Medium",
        source="stabilityai/stable-diffusion-3.5-medium",
        license="Stability-AI-Community-License",
        license_class="community",
        sizes=_SIZES_OF_ONE_MEGAPIXEL,
        steps=28,
        guidance=4.5,
        memory_gigabytes=16,
        weights_gigabytes=16,
        teraflops=15,
    ),
    KnownModel(
        name="flux2-klein-9b",
        label="FLUX.2 klein 9B",
        source="black-forest-labs/FLUX.2-klein-9B",
        license="FLUX-Non-Commercial-License",
        license_class="non-commercial",
        sizes=_SIZES_OF_ONE_MEGAPIXEL,
        steps=4,
        max_steps=20,
        guidance=1.0,
        max_guidance=1.0,
        remix="instruction",
        memory_gigabytes=24,
        weights_gigabytes=34.6,
        teraflops=90,
    ),
    KnownModel(
        name="qwen-image-21",
        label="Qwen-Image 2.1",
        source="Qwen/Qwen-Image-2.1",
        license="Qwen-Research-License",
        license_class="non-commercial",
        sizes=_SIZES_OF_ONE_MEGAPIXEL,
        steps=40,
        guidance=1.0,
        max_guidance=10.0,
        remix="instruction",
        languages=("en", "zh"),
    ),
)


def find(name: str) -> KnownModel | None:
    """Look a model up by the name it is configured under."""
    return next((model for model in KNOWN if model.name == name), None)


def read(folder: Path) -> KnownModel | None:
    """Read the file beside the weights; None without one, ValueError naming what is wrong in it."""
    toml, json = folder / TOML_NAME, folder / JSON_NAME
    try:
        if toml.is_file():
            return msgspec.convert(tomllib.loads(toml.read_text()), KnownModel, strict=True)
        if json.is_file():
            return msgspec.json.decode(json.read_bytes(), type=KnownModel)
    except (msgspec.MsgspecError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"the model's description in {folder} cannot be read: {error}") from error
    return None


def pin(model: KnownModel, commit: str) -> KnownModel:
    """Fix the revision, which must be a whole commit: a branch or a tag could be moved under us."""
    if not _COMMIT.fullmatch(commit):
        raise ValueError(f"{commit!r} is not a commit of 40 hexadecimal digits")
    return msgspec.structs.replace(model, revision=commit)


def write(folder: Path, model: KnownModel) -> None:
    """Put the description beside the weights; ValueError while a model from the hub has no pinned revision."""
    if model.source is not None and model.revision is None:
        raise ValueError(f"{model.name} comes from the hub and has no pinned revision")
    (folder / JSON_NAME).write_bytes(msgspec.json.format(msgspec.json.encode(model)) + b"\n")
