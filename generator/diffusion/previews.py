"""A small look at an unfinished picture: its latents through a straight line to RGB, and a JPEG of that.

The line is fitted by least squares against the model's own encoder when it is loaded (a few hundred colour patches,
once), so no table of numbers per model family has to be kept. It must not decode: that costs seconds on a CPU.
"""

import io
from dataclasses import dataclass

import torch
from PIL import Image

from generator.diffusion.shapes import Vae

READABLE_VAES = frozenset({"AutoencoderKL", "AutoencoderTiny", "AutoencoderKLQwenImage", "AutoencoderKLFlux2"})
PREVIEW_SIDE = 128  # pixels of the longer side; 3 KB as a JPEG
_JPEG_QUALITY = 75
_PATCH_SIDE = 160  # pixels of the pictures fitted on: 2 x 400 latents at a scale of 8, against 33 unknowns


@dataclass(frozen=True, slots=True)
class Previewer:
    """`weights` is channels x 3 and `bias` 3, both float32 on the CPU; `scale` is pixels to a latent."""

    weights: torch.Tensor
    bias: torch.Tensor
    scale: int

    def look(self, latents: torch.Tensor, width: int, height: int) -> bytes | None:
        """Make the JPEG of one picture's latents, channels first or packed; None for a shape that is not known."""
        grid = unpack(latents, width // self.scale, height // self.scale, channels=len(self.weights))
        if grid is None:
            return None
        colours = grid.float().cpu().permute(1, 2, 0) @ self.weights + self.bias
        pixels = (colours.clamp(0, 1) * 255).round().to(torch.uint8).numpy()
        factor = PREVIEW_SIDE / max(width, height)
        size = max(1, round(width * factor)), max(1, round(height * factor))
        buffer = io.BytesIO()
        Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=_JPEG_QUALITY)
        return buffer.getvalue()


def fit(vae: Vae, scale: int) -> Previewer | None:
    """Fit the line for a VAE where it stands; None when its latents do not look like those we know."""
    pixels = _colour_patches().to(device=vae.device, dtype=vae.dtype)
    with torch.inference_mode():
        latents = _as_the_denoiser_sees(vae, pixels)
    if latents.ndim != 4 or latents.shape[-1] != _PATCH_SIDE // scale or not bool(latents.isfinite().all()):
        return None
    small = torch.nn.functional.interpolate(pixels.float().cpu(), latents.shape[-2:], mode="area")
    colours = (small * 0.5 + 0.5).permute(0, 2, 3, 1).reshape(-1, 3)
    values = latents.float().cpu().permute(0, 2, 3, 1).reshape(len(colours), -1)
    known = torch.cat([values, torch.ones(len(values), 1)], dim=1)
    # gelsd also bears channels that are always equal, as those of an untrained VAE may be.
    line = torch.linalg.lstsq(known, colours, driver="gelsd").solution
    return Previewer(weights=line[:-1], bias=line[-1], scale=scale)


def unpack(latents: torch.Tensor, columns: int, rows: int, *, channels: int) -> torch.Tensor | None:
    """Bring one picture's latents to channels x rows x columns.

    The FLUX and Qwen families pack 2 x 2 latents into one token: `[rows/2 * columns/2, channels * 4]`, the
    channel first within a token (diffusers, `FluxPipeline._pack_latents`, `Flux2Pipeline._patchify_latents`).
    """
    if latents.ndim == 4 and latents.shape[1] == 1:  # Qwen's VAE is a video's: one frame
        latents = latents[:, 0]
    if latents.shape == (channels, rows, columns):
        return latents
    if latents.shape == (rows // 2 * (columns // 2), channels * 4):
        tokens = latents.reshape(rows // 2, columns // 2, channels, 2, 2)
        return tokens.permute(2, 0, 3, 1, 4).reshape(channels, rows // 2 * 2, columns // 2 * 2)
    return None


def _colour_patches() -> torch.Tensor:
    """Two pictures of soft colour, -1 to 1, the same every time."""
    generator = torch.Generator().manual_seed(0)
    coarse = torch.rand(2, 3, 8, 8, generator=generator) * 2 - 1
    return torch.nn.functional.interpolate(coarse, (_PATCH_SIDE, _PATCH_SIDE), mode="bilinear")


def _as_the_denoiser_sees(vae: Vae, pixels: torch.Tensor) -> torch.Tensor:
    is_video = type(vae).__name__ == "AutoencoderKLQwenImage"
    encoded = vae.encode(pixels.unsqueeze(2) if is_video else pixels)
    latents: torch.Tensor = encoded.latents if hasattr(encoded, "latents") else encoded.latent_dist.mode()
    latents = latents[:, :, 0] if is_video else latents
    norm = getattr(vae, "bn", None)
    if norm is not None:  # FLUX.2 normalises its packed latents
        return _normalise_packed(norm, vae.config.batch_norm_eps, latents)
    mean = getattr(vae.config, "latents_mean", None) or getattr(vae.config, "shift_factor", None) or 0.0
    spread = getattr(vae.config, "latents_std", None) or 1.0
    factor = getattr(vae.config, "scaling_factor", None) or 1.0
    return (latents - _per_channel(mean, latents)) / _per_channel(spread, latents) * factor


def _per_channel(value: float | list[float], latents: torch.Tensor) -> torch.Tensor:
    return torch.tensor(value, device=latents.device, dtype=latents.dtype).reshape(1, -1, 1, 1)


def _normalise_packed(norm: torch.nn.BatchNorm2d, epsilon: float, latents: torch.Tensor) -> torch.Tensor:
    if norm.running_mean is None or norm.running_var is None:
        return latents
    packed = torch.nn.functional.pixel_unshuffle(latents, 2)
    spread = torch.sqrt(norm.running_var + epsilon)
    normal = (packed - norm.running_mean.reshape(1, -1, 1, 1)) / spread.reshape(1, -1, 1, 1)
    return torch.nn.functional.pixel_shuffle(normal, 2)
