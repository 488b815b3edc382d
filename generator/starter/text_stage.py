"""The caption encoder learns first what a caption says: kind, colour, count, ground, time; then it can bind them.

It learns from captions of all scenes, not only of those that are painted yet, so that widening needs no new words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional
from transformers import DistilBertModel, PreTrainedTokenizerFast

from generator.starter import tokenizer as words
from generator.starter.attributes import QUESTIONS, answers
from generator.starter.configuration import HELD_OUT_SEED, Text
from generator.starter.data import captions_of
from generator.starter.loop import Machine
from generator.starter.parts import heads, text_encoder
from generator.starter.scenes.random_scene import imagine

UNKNOWN_PART = 0.03  # of the words, hidden from it, so that an unknown word comes to mean nothing
HELD_OUT = 500


@dataclass(frozen=True, slots=True)
class Captions:
    """Captions as numbers, and what is true of their scenes: question -> place of the answer."""

    ids: torch.Tensor
    truths: Mapping[str, torch.Tensor]


class AttributeLesson:
    """Answer every question about a scene from its caption."""

    def __init__(self, encoder: DistilBertModel, captions: Captions, batch: int, machine: Machine) -> None:
        self.encoder = encoder.to(machine.device)
        self.heads = heads(encoder.config.dim).to(machine.device)
        self.captions, self.batch, self.machine = captions, batch, machine

    @property
    def parts(self) -> Mapping[str, nn.Module]:
        """Both."""
        return {"text_encoder": self.encoder, "heads": self.heads}

    @property
    def rates(self) -> Mapping[str, float]:
        """The same for both."""
        return {}

    @property
    def inner(self) -> tuple[str, ...]:
        """The encoder's blocks."""
        return ("text_encoder.transformer.layer.",)

    def loss(self, dice: torch.Generator) -> torch.Tensor:
        """The mean over the questions of the cross entropy of the answers."""
        chosen = torch.randint(len(self.captions.ids), (self.batch,), generator=dice)
        ids = hide_words(self.captions.ids[chosen], dice).to(self.machine.device)
        with self.machine.autocast():
            said = self.answer(ids)
        losses = [
            functional.cross_entropy(said[question].float(), truth[chosen].to(self.machine.device))
            for question, truth in self.captions.truths.items()
        ]
        return torch.stack(losses).mean()

    def answer(self, ids: torch.Tensor) -> dict[str, torch.Tensor]:
        """The scores of the answers to each question."""
        hidden, mask = encode(self.encoder, ids)
        mean = (hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        return {question: self.heads[question](mean) for question in QUESTIONS}


def encode(encoder: DistilBertModel, ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The hidden words of padded captions, cut to the longest of the batch, and where there are words."""
    mask = (ids != 0).long()
    longest = int(mask.sum(1).max())
    ids, mask = ids[:, :longest], mask[:, :longest]
    return encoder(input_ids=ids, attention_mask=mask).last_hidden_state, mask


def hide_words(ids: torch.Tensor, dice: torch.Generator) -> torch.Tensor:
    """Captions with a few words made unknown."""
    known = ids >= len(words.SPECIAL)
    hidden = known & (torch.rand(ids.shape, generator=dice) < UNKNOWN_PART)
    return torch.where(hidden, torch.full_like(ids, words.SPECIAL.index(words.UNKNOWN)), ids)


def make_tokenizer(text: Text) -> PreTrainedTokenizerFast:
    """The tokenizer of all the words that captions of many scenes use."""
    captions = [said for seed in range(text.pool) for said in captions_of(seed, 2)]
    return words.build(words.words_of(captions), text.max_tokens)


def read_captions(tokenizer: PreTrainedTokenizerFast, text: Text, seeds: Sequence[int]) -> Captions:
    """One caption to each seed, with its truths."""
    said = [captions_of(seed, 1)[0] for seed in seeds]
    truths = [answers(imagine(seed)) for seed in seeds]
    return Captions(
        words.encode(tokenizer, said, text.max_tokens),
        {question: torch.tensor([truth[question] for truth in truths]) for question in QUESTIONS},
    )


def make_lesson(tokenizer: PreTrainedTokenizerFast, text: Text, machine: Machine) -> AttributeLesson:
    """The whole lesson, from nothing."""
    torch.manual_seed(1)
    captions = read_captions(tokenizer, text, range(text.pool))
    return AttributeLesson(text_encoder(text, len(tokenizer)), captions, text.batch, machine)


def examine(lesson: AttributeLesson, tokenizer: PreTrainedTokenizerFast, text: Text) -> dict[str, float]:
    """How often each question is answered rightly on captions it has not seen."""
    captions = read_captions(tokenizer, text, range(HELD_OUT_SEED, HELD_OUT_SEED + HELD_OUT))
    lesson.encoder.eval()
    with torch.inference_mode():
        said = lesson.answer(captions.ids.to(lesson.machine.device))
    lesson.encoder.train()
    return {
        question: float((said[question].argmax(1).cpu() == truth).float().mean())
        for question, truth in captions.truths.items()
    }
