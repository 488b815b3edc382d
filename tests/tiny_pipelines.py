"""Four diffusers architectures, tiny and untrained, built in memory: what they paint is noise, how they run is real.

Traps that this file knows: a pipeline made by its constructor is in training mode until `.eval()` (dropout would
break "same seed, same bytes"); the VAE of the SD3 and FLUX families needs `shift_factor`; norm groups must divide
the channels; tokenizers must be made from nothing, since there is no hub.

A test process that is to stay without torch writes a folder by `python -m tests.tiny_pipelines KIND FOLDER`.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import diffusers
import tokenizers
import torch
import transformers

from generator import catalogue
from generator.catalogue import KnownModel

SIDE = 64  # pixels; 8 x 8 latents


def build(kind: str) -> diffusers.DiffusionPipeline:
    """Build one of KINDS; the same weights every time."""
    state = torch.get_rng_state()
    torch.manual_seed(20)
    try:
        pipeline = KINDS[kind]()
    finally:
        torch.set_rng_state(state)
    for part in pipeline.components.values():
        if isinstance(part, torch.nn.Module):
            part.eval()
    return pipeline


def save(kind: str, folder: Path) -> Path:
    """Write one of KINDS as a model folder, safetensors only, with its description."""
    build(kind).save_pretrained(folder, safe_serialization=True)
    catalogue.write(folder, describe(kind))
    return folder


def describe(kind: str) -> KnownModel:
    """What stands beside the weights."""
    return KnownModel(
        name=kind,
        label=f"Tiny {kind}",
        license="CC0-1.0",
        license_class="own",
        sizes=((SIDE, SIDE), (2 * SIDE, SIDE)),
        min_side=32,
        max_side=512,
        steps=4,
        guidance=3.0,
    )


def sd1() -> diffusers.StableDiffusionPipeline:
    """Stable Diffusion 1.x: a UNet, one CLIP encoder."""
    return diffusers.StableDiffusionPipeline(
        vae=_vae(latent_channels=4),
        text_encoder=_clip(),
        tokenizer=_clip_tokenizer(),
        unet=_unet(cross_attention_dim=32),
        scheduler=_ddim(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def sdxl() -> diffusers.StableDiffusionXLPipeline:
    """Stable Diffusion XL: a UNet that is told the size, two CLIP encoders."""
    return diffusers.StableDiffusionXLPipeline(
        vae=_vae(latent_channels=4),
        text_encoder=_clip(),
        text_encoder_2=_clip_projected(),
        tokenizer=_clip_tokenizer(),
        tokenizer_2=_clip_tokenizer(),
        unet=_unet(
            cross_attention_dim=64,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=32 + 6 * 8,
        ),
        scheduler=_ddim(),
        add_watermarker=False,
    )


def sd3() -> diffusers.StableDiffusion3Pipeline:
    """Stable Diffusion 3: a joint transformer, two CLIP encoders and T5."""
    transformer = diffusers.SD3Transformer2DModel(
        sample_size=8,
        patch_size=2,
        in_channels=16,
        out_channels=16,
        num_layers=2,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=64,
        caption_projection_dim=32,
        pooled_projection_dim=64,
        pos_embed_max_size=32,
    )
    return diffusers.StableDiffusion3Pipeline(
        transformer=transformer,
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=_vae(latent_channels=16, shift_factor=0.06),
        text_encoder=_clip_projected(),
        text_encoder_2=_clip_projected(),
        text_encoder_3=_t5(width=64),
        tokenizer=_clip_tokenizer(),
        tokenizer_2=_clip_tokenizer(),
        tokenizer_3=_t5_tokenizer(),
    )


def flux() -> diffusers.FluxPipeline:
    """FLUX.1: a transformer on packed latents, one CLIP encoder and T5."""
    transformer = diffusers.FluxTransformer2DModel(
        patch_size=1,
        in_channels=64,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=32,
        pooled_projection_dim=32,
        guidance_embeds=True,
        axes_dims_rope=(4, 6, 6),
    )
    return diffusers.FluxPipeline(
        transformer=transformer,
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=1.0),
        vae=_vae(latent_channels=16, shift_factor=0.1),
        text_encoder=_clip(),
        text_encoder_2=_t5(width=32),
        tokenizer=_clip_tokenizer(),
        tokenizer_2=_t5_tokenizer(),
    )


KINDS: dict[str, Callable[[], diffusers.DiffusionPipeline]] = {"sd1": sd1, "sdxl": sdxl, "sd3": sd3, "flux": flux}


def _vae(latent_channels: int, shift_factor: float | None = None) -> diffusers.AutoencoderKL:
    widths = (8, 8, 16, 16)  # four levels: a factor of 8, as the real ones
    return diffusers.AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=widths,
        latent_channels=latent_channels,
        layers_per_block=1,
        norm_num_groups=4,
        sample_size=SIDE,
        scaling_factor=0.5,
        shift_factor=shift_factor,
        use_quant_conv=shift_factor is None,
        use_post_quant_conv=shift_factor is None,
    )


def _unet(**more: object) -> diffusers.UNet2DConditionModel:
    return diffusers.UNet2DConditionModel(
        sample_size=SIDE // 8,
        in_channels=4,
        out_channels=4,
        block_out_channels=(16, 32),
        layers_per_block=1,
        norm_num_groups=8,
        attention_head_dim=2,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        **more,
    )


def _ddim() -> diffusers.DDIMScheduler:
    return diffusers.DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False, steps_offset=1
    )


def _clip_config() -> transformers.CLIPTextConfig:
    tokenizer = _clip_tokenizer()
    return transformers.CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        projection_dim=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=77,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )


def _clip() -> transformers.CLIPTextModel:
    return transformers.CLIPTextModel(_clip_config())


def _clip_projected() -> transformers.CLIPTextModelWithProjection:
    return transformers.CLIPTextModelWithProjection(_clip_config())


def _clip_tokenizer() -> transformers.CLIPTokenizer:
    """One token a byte: 256 inside a word, 256 at its end, and the two marks."""
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    words = [*alphabet, *(letter + "</w>" for letter in alphabet), "<|startoftext|>", "<|endoftext|>"]
    return transformers.CLIPTokenizer(
        vocab={word: number for number, word in enumerate(words)}, merges=[], model_max_length=77
    )


def _t5(width: int) -> transformers.T5EncoderModel:
    config = transformers.T5Config(
        vocab_size=len(_t5_tokenizer()), d_model=width, d_kv=16, d_ff=64, num_layers=1, num_heads=2
    )
    return transformers.T5EncoderModel(config)


def _t5_tokenizer() -> transformers.T5Tokenizer:
    """One token a character, of those on a keyboard."""
    marks = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("\u2581", -2.0)]
    letters = [(chr(code), -3.0) for code in range(33, 127)]
    return transformers.T5Tokenizer(vocab=marks + letters, extra_ids=0, model_max_length=64)


if __name__ == "__main__":
    save(sys.argv[1], Path(sys.argv[2]))
