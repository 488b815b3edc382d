"""The few things of diffusers' objects that are used here, as types: the library itself is typed only in places."""

from typing import Any, Protocol

import torch
from PIL import Image


class Output(Protocol):
    """What a pipeline returns; some also say what their safety checker painted over."""

    images: list[Image.Image]


class Pipeline(Protocol):
    """A pipeline that paints."""

    vae: "Vae"
    tokenizer: Any
    num_timesteps: int

    def __call__(self, **arguments: object) -> Output:
        """Paint."""

    def maybe_free_model_hooks(self) -> None:
        """Forget the state of a call, also of one that was left."""

    def set_progress_bar_config(self, *, disable: bool) -> None:
        """Turn the bar on stderr off."""

    def to(self, device: str) -> object:
        """Move every part."""

    def enable_model_cpu_offload(self, *, device: str) -> None:
        """Keep only the part at work on the GPU."""

    def enable_sequential_cpu_offload(self, *, device: str) -> None:
        """Keep only the layer at work on the GPU."""


class Vae(Protocol):
    """The encoder and decoder between pixels and latents; encodings and settings differ by class."""

    device: torch.device
    dtype: torch.dtype
    config: Any

    def encode(self, pixels: torch.Tensor) -> Any:
        """Make latents."""
