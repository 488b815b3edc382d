"""Looks at unfinished latents: the line from latents to colours, and the shapes it is drawn through."""

import io

import diffusers
import pytest
import torch
from PIL import Image

from generator.diffusion.previews import Previewer, fit, unpack
from tests import tiny_pipelines

pytestmark = pytest.mark.diffusers


def numbered(channels: int, rows: int, columns: int) -> torch.Tensor:
    return torch.arange(channels * rows * columns).reshape(channels, rows, columns).float()


def test_plain_latents_are_taken_as_they_are() -> None:
    latents = numbered(4, 6, 8)

    assert unpack(latents, 8, 6, channels=4) is latents


def test_the_one_frame_of_a_video_is_its_picture() -> None:
    latents = numbered(4, 6, 8)
    unpacked = unpack(latents.unsqueeze(1), 8, 6, channels=4)

    assert unpacked is not None and torch.equal(unpacked, latents)


@pytest.mark.parametrize("pack", [diffusers.FluxPipeline._pack_latents, diffusers.QwenImagePipeline._pack_latents])
def test_flux_and_qwen_tokens_are_unpacked(pack: object) -> None:
    latents = numbered(16, 6, 8)
    packed = pack(latents.unsqueeze(0), 1, 16, 6, 8)[0]  # type: ignore[operator]
    unpacked = unpack(packed, 8, 6, channels=16)

    assert packed.shape == (12, 64)
    assert unpacked is not None and torch.equal(unpacked, latents)


def test_flux_2_tokens_are_unpacked() -> None:
    latents = numbered(16, 6, 8)
    pipeline = diffusers.Flux2KleinPipeline
    packed = pipeline._pack_latents(pipeline._patchify_latents(latents.unsqueeze(0)))[0]
    unpacked = unpack(packed, 8, 6, channels=16)

    assert unpacked is not None and torch.equal(unpacked, latents)


def test_a_shape_that_is_not_known_gives_no_preview() -> None:
    assert unpack(numbered(5, 6, 8), 8, 6, channels=4) is None


def test_the_line_finds_colours_that_are_in_the_latents() -> None:
    class Averaging:
        """A VAE whose latents are the picture, eight times smaller: three of its channels are the colours."""

        device, dtype = torch.device("cpu"), torch.float32

        class config:
            scaling_factor, shift_factor = 2.0, 0.25

        def encode(self, pixels: torch.Tensor) -> object:
            class Encoded:
                latents = torch.nn.functional.avg_pool2d(pixels, 8)

            return Encoded()

    previewer = fit(Averaging(), 8)
    assert previewer is not None
    # Red, as the denoiser sees it: (value - shift) * scaling
    red = (torch.tensor([1.0, -1.0, -1.0]) - 0.25) * 2.0
    jpeg = previewer.look(red.reshape(3, 1, 1).expand(3, 8, 4), 32, 64)

    assert jpeg is not None
    with Image.open(io.BytesIO(jpeg)) as picture:
        assert picture.size == (64, 128)
        pixel = picture.getpixel((32, 64))
    assert isinstance(pixel, tuple)
    assert all(abs(value - wanted) < 12 for value, wanted in zip(pixel, (255, 0, 0), strict=True))


def test_latents_that_are_not_finite_give_no_line() -> None:
    vae = tiny_pipelines.build("sd1").vae
    with torch.no_grad():
        vae.encoder.conv_in.bias.fill_(float("nan"))

    assert fit(vae, 8) is None


@pytest.mark.parametrize(
    "vae",
    [
        lambda: diffusers.AutoencoderTiny(
            encoder_block_out_channels=(8,) * 4, decoder_block_out_channels=(8,) * 4, num_encoder_blocks=(1,) * 4,
            num_decoder_blocks=(1,) * 4, latent_channels=4,
        ),
        lambda: diffusers.AutoencoderKLQwenImage(
            base_dim=8, z_dim=4, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=[False, True, True],
            latents_mean=[0.1] * 4, latents_std=[2.0] * 4,
        ),
        lambda: diffusers.AutoencoderKLFlux2(
            block_out_channels=(8, 8, 8, 8), layers_per_block=1, latent_channels=4, norm_num_groups=4,
            down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
        ),
    ],
    ids=["tiny", "qwen", "flux2"],
)  # fmt: skip
def test_other_families_of_vae_are_fitted_too(vae: object) -> None:
    previewer = fit(vae().eval(), 8)  # type: ignore[operator]

    assert isinstance(previewer, Previewer)
    assert previewer.weights.shape == (4, 3)
