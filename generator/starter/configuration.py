"""What `starter.toml` says, with types. An unknown key stops the start; nothing here draws or trains."""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from generator.starter.scenes.description import Ground, Style
from generator.starter.scenes.kinds import KINDS

DEFAULT = Path(__file__).with_name("starter.toml")
HELD_OUT_SEED = 1_000_000_000  # seeds from here on are never trained on


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Pictures(_Section, frozen=True, kw_only=True):
    """Which scenes there are, and how many; an empty tuple of names means all."""

    grounds: tuple[Ground, ...] = ()
    styles: tuple[Style, ...] = ()
    kinds: tuple[str, ...] = ()
    max_count: int = 9
    max_subjects: int = 2
    count: int
    draw_side: int
    kept_side: int
    whole_count: int
    side: int
    latent_side: int
    shard: int
    paraphrases: int
    first_seed: int = 0

    @property
    def scale(self) -> int:
        """Pixels to one latent, each way."""
        return self.side // self.latent_side


class Unusable(ValueError):
    """What was asked for cannot be done; the words say what is wrong with it."""


class Stage(_Section, frozen=True, kw_only=True):
    """How long and how fast one part learns."""

    steps: int
    batch: int
    rate: float
    cooldown: int = 0


class Text(Stage, frozen=True, kw_only=True):
    """The caption encoder, while it learns attributes."""

    width: int
    layers: int
    heads: int
    max_tokens: int
    pool: int


class Decoder(Stage, frozen=True, kw_only=True):
    """What stands in the place of the VAE's decoder: a latent pixel becomes `scale` x `scale` pixels."""

    width: int
    blocks: tuple[int, ...]
    crop: int
    noise: float


class Denoiser(Stage, frozen=True, kw_only=True):
    """The diffusion transformer."""

    width: int
    layers: int
    heads: int
    patch: int
    scaling: float
    time_middle: float
    time_spread: float
    dropout: float
    text_rate: float
    thing_weight: float
    balance: float


class Judge(Stage, frozen=True, kw_only=True):
    """The classifier that evaluation asks: of pictures of `side` pixels."""

    side: int
    width: int
    blocks: int
    thing_weight: float


class Running(_Section, frozen=True, kw_only=True):
    """The machine's side of it."""

    threads: int
    precision: Literal["auto", "float32", "bfloat16"]
    compile: bool
    average: float
    warmup: int
    checkpoint_seconds: float
    workers: int


class Painting(_Section, frozen=True, kw_only=True):
    """The numbers the finished model paints with."""

    steps: int
    guidance: float


class Configuration(_Section, frozen=True, kw_only=True):
    """All of it."""

    pictures: Pictures
    text: Text
    decoder: Decoder
    denoiser: Denoiser
    judge: Judge
    running: Running
    painting: Painting


def read(path: Path = DEFAULT) -> Configuration:
    """Read a configuration; `Unusable` naming what is wrong in it."""
    try:
        read = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Configuration, strict=True)
    except (OSError, msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise Unusable(f"{path}: {error}") from error
    unknown = sorted(set(read.pictures.kinds) - set(KINDS))
    if unknown:
        raise Unusable(f"{path}: no kind of thing is called {', '.join(unknown)}")
    _check_sides(read, path)
    return read


def _check_sides(read: Configuration, path: Path) -> None:
    pictures, judge = read.pictures, read.judge
    patch = read.denoiser.patch
    if min(pictures.draw_side, pictures.kept_side, pictures.side, pictures.latent_side, judge.side, patch) < 1:
        raise Unusable(f"{path}: a side, and a patch, has at least one pixel")
    for large, small in (
        (pictures.draw_side, pictures.kept_side),
        (pictures.kept_side, pictures.latent_side),
        (pictures.kept_side, judge.side),
        (pictures.side, pictures.latent_side),
    ):
        if large % small:
            raise Unusable(f"{path}: pictures of {large} pixels cannot be averaged down to {small}")
    if judge.side % 16:
        raise Unusable(f"{path}: the judge halves its pictures four times, which {judge.side} pixels cannot be")
    doubled = 2 ** (len(read.decoder.blocks) - 1)
    if pictures.scale != doubled:
        raise Unusable(f"{path}: the decoder enlarges {doubled} times, but side is {pictures.scale} times latent_side")
    if pictures.latent_side % patch:
        raise Unusable(f"{path}: {pictures.latent_side} latents are not a whole number of patches")
