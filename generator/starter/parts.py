"""The model's parts as standard classes of diffusers and transformers, so that its folder loads without our code.

The pipeline is PixArt's: a transformer over patches that looks at the caption's words, with a callback after each
step. The VAE's encoder is not trained: its convolutions are set to the mean of 8 x 8 pixels, so that a latent *is*
the picture made smaller, and only the decoder learns.
"""

from collections.abc import Mapping

import torch
from diffusers import AutoencoderTiny, DPMSolverMultistepScheduler, PixArtAlphaPipeline, PixArtTransformer2DModel
from diffusers.models.attention_processor import AttnProcessor
from torch import nn
from transformers import DistilBertConfig, DistilBertModel, PreTrainedTokenizerFast

from generator.starter.attributes import QUESTIONS
from generator.starter.configuration import Configuration, Decoder, Denoiser, Text

# PixArt's pipeline pads every prompt to 120 tokens, whatever the tokenizer says.
POSITIONS = 128
TRAIN_TIMESTEPS = 1000


def text_encoder(text: Text, words: int) -> DistilBertModel:
    """The caption encoder: every word sees every other."""
    return DistilBertModel(
        DistilBertConfig(
            vocab_size=words,
            dim=text.width,
            hidden_dim=text.width * 4,
            n_layers=text.layers,
            n_heads=text.heads,
            max_position_embeddings=POSITIONS,
            dropout=0.0,
            attention_dropout=0.0,
            # The fused attention's backward is slower than the plain one for heads this small.
            attn_implementation="eager",
        )
    )


def heads(width: int) -> nn.ModuleDict:
    """One linear answer to each question about a scene."""
    return nn.ModuleDict({question: nn.Linear(width, len(options)) for question, options in QUESTIONS.items()})


def denoiser(settings: Denoiser, text_width: int, latent_side: int) -> PixArtTransformer2DModel:
    """The diffusion transformer."""
    model = PixArtTransformer2DModel(
        sample_size=latent_side,
        in_channels=3,
        out_channels=3,
        patch_size=settings.patch,
        num_layers=settings.layers,
        num_attention_heads=settings.heads,
        attention_head_dim=settings.width // settings.heads,
        cross_attention_dim=settings.width,
        caption_channels=text_width,
        norm_type="ada_norm_single",
        use_additional_conditions=False,
    )
    model.set_attn_processor(AttnProcessor())
    return model


def vae(settings: Decoder, scaling: float) -> AutoencoderTiny:
    """The fixed encoder and the decoder."""
    levels = len(settings.blocks)
    model = AutoencoderTiny(
        encoder_block_out_channels=(3,) * levels,
        decoder_block_out_channels=(settings.width,) * levels,
        num_encoder_blocks=(0,) * levels,
        num_decoder_blocks=settings.blocks,
        latent_channels=3,
        scaling_factor=scaling,
    )
    _set_to_averaging(model.encoder)
    return model


def scheduler() -> DPMSolverMultistepScheduler:
    """Straight paths from noise to picture, in few steps."""
    return DPMSolverMultistepScheduler(
        num_train_timesteps=TRAIN_TIMESTEPS,
        prediction_type="flow_prediction",
        use_flow_sigmas=True,
        flow_shift=1.0,
        final_sigmas_type="zero",
    )


def pipeline(
    configuration: Configuration, tokenizer: PreTrainedTokenizerFast, parts: Mapping[str, nn.Module]
) -> PixArtAlphaPipeline:
    """The whole, ready to paint or to be saved."""
    for part in parts.values():
        part.eval()
    return PixArtAlphaPipeline(
        tokenizer=tokenizer,
        text_encoder=parts["text_encoder"],
        vae=parts["vae"],
        transformer=parts["transformer"],
        scheduler=scheduler(),
    )


def _set_to_averaging(encoder: nn.Module) -> None:
    """Make the convolutions hand each channel on, halving the sides by the mean of 2 x 2, and end in -1 to 1."""
    layers = [layer for layer in encoder.modules() if isinstance(layer, nn.Conv2d)]
    with torch.no_grad():
        for place, layer in enumerate(layers):
            layer.weight.zero_()
            if layer.bias is not None:
                layer.bias.zero_()
            for channel in range(3):
                if layer.stride == (2, 2):
                    layer.weight[channel, channel, 1:, 1:] = 0.25  # padded by one: these are the block's own four
                else:
                    layer.weight[channel, channel, 1, 1] = 1.0
            if place == len(layers) - 1:  # the class begins with (x + 1) / 2
                layer.weight.mul_(2.0)
                if layer.bias is not None:
                    layer.bias.fill_(-1.0)
    encoder.requires_grad_(False)
