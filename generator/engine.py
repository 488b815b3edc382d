"""What an engine is asked, what it answers, and the seam between the two; standard library only.

Every other module of the generator, and the server through `generator.messages`, speaks in these types, so
nothing heavy (numpy, pillow, torch) may be imported here.

Each engine's module (`generator.drawing`, `generator.diffusion.painter`) has a public function
`build(models: Sequence[ModelSettings]) -> Engine`; `generator.__main__` imports it by name, and only when a
configured model asks for it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

EngineName = Literal["drawing", "diffusers"]
LicenseClass = Literal["own", "apache", "openrail", "community", "non-commercial"]
RemixKind = Literal["none", "strength", "instruction"]
FailureKind = Literal["invalid", "cancelled", "memory", "broken"]
Offload = Literal["none", "model", "sequential"]


@dataclass(frozen=True, slots=True)
class Source:
    """A picture to start from: RGB, 8 bits, `height * width * 3` bytes; `strength` 0 keeps it, 1 forgets it."""

    width: int
    height: int
    pixels: bytes
    strength: float


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for; a number left out is filled from the model's own defaults."""

    id: str
    prompt: str
    negative: str | None
    seed: int
    steps: int | None
    guidance: float | None
    width: int | None
    height: int | None
    model: str
    previews: bool
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A request that was found good, with every number settled; only `generator.limits` makes one."""

    id: str
    prompt: str
    negative: str | None
    seed: int
    steps: int
    guidance: float
    width: int
    height: int
    model: str
    previews: bool
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """How a picture was made: enough to make it again, on the same machine with the same bytes."""

    engine: EngineName
    model: str
    revision: str | None
    license: str
    license_class: LicenseClass
    seed: int
    steps: int
    guidance: float
    width: int
    height: int
    prompt: str
    negative: str | None
    unknown_words: tuple[str, ...]
    drawn_by_rules: bool
    library_versions: Mapping[str, str]
    seconds: float
    dtype: str
    device: str
    strength: float | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture: RGB, 8 bits, rows from the top, `height * width * 3` bytes."""

    id: str
    width: int
    height: int
    pixels: bytes
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Step:
    """`step` of `total` is done; `total` is what really runs, which a remix makes fewer than was asked."""

    id: str
    step: int
    total: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A small JPEG of the picture as it stands after `step`."""

    id: str
    jpeg: bytes
    step: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no picture; `message` is a sentence for the person who asked."""

    id: str
    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class ModelCapabilities:
    """What one model can do, and on what terms; the page greys out the rest."""

    name: str
    engine: EngineName
    label: str
    license: str
    license_class: LicenseClass
    sizes: tuple[tuple[int, int], ...]  # offered as buttons, (width, height); the first is the default
    multiple: int  # both sides are multiples of this
    min_side: int
    max_side: int
    default_steps: int
    max_steps: int
    default_guidance: float
    max_guidance: float
    has_negative: bool
    has_progress: bool  # also: can be cancelled between steps
    has_previews: bool
    drawn_by_rules: bool = False
    remix: RemixKind = "none"
    revision: str | None = None
    source_url: str | None = None
    max_batch: int = 1  # how many orders of one kind gain from being painted together
    device: str = "cpu"
    vocabulary: tuple[str, ...] = ()  # the only words it understands; empty when it reads free text
    min_steps: int = 1


@dataclass(frozen=True, slots=True)
class Ready:
    """The child is up: these models may be asked."""

    models: tuple[ModelCapabilities, ...]


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """One model as the operator configured it. A "drawing" model needs only its name."""

    name: str
    engine: EngineName
    label: str | None = None
    path: str | None = None  # the folder of a "diffusers" model; nothing is ever downloaded by the generator
    device: str = "auto"  # "auto", "cpu", "cuda", "cuda:1", "mps"
    dtype: Literal["auto", "float32", "float16", "bfloat16"] = "auto"  # auto: float32 on a CPU, bfloat16 elsewhere
    offload: Offload = "none"  # "model" keeps only the part at work on the GPU; "sequential" one layer at a time
    resident: bool = False  # stays in memory while another model paints; else it makes room for that one
    batch: int | None = None  # None: 1 on a CPU, where batching gains nothing, 4 elsewhere


Event: TypeAlias = Step | Preview
OnEvent: TypeAlias = Callable[[Event], bool]


class EngineLost(Exception):
    """The engine cannot paint any more (a broken GPU context); only a new process helps."""


class Engine(Protocol):
    """Something that paints. It is called from one thread, one call at a time."""

    def capabilities(self) -> tuple[ModelCapabilities, ...]:
        """Say what each of its models can do, before any of them has painted."""

    def generate(self, orders: Sequence[Order], on_event: OnEvent) -> list[Picture | Failure]:
        """Paint orders of one batch key (`generator.batching`) and answer each, in their order.

        `on_event` returns False for an order that is no longer wanted: it is answered
        `Failure("cancelled")`, and when none is left the work stops within a step. Raises EngineLost.
        """
