"""The captions' words as numbers: one token to a word, and one for all the words nobody taught it.

An unknown word is so told apart from every known one, and the encoder learns that it means nothing.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast

PAD, UNKNOWN, BEGIN, END = "<pad>", "<unknown>", "<begin>", "<end>"
SPECIAL = (PAD, UNKNOWN, BEGIN, END)
PLAIN = (normalizers.NFKC(), normalizers.Lowercase())  # how a prompt is read before it is cut into words


def words_of(captions: Iterable[str]) -> list[str]:
    """Every word in the captions, sorted."""
    splitter = _splitter()
    found = {word for text in captions for word, _ in splitter.pre_tokenize_str(text.lower())}
    return sorted(found)


def build(words: Sequence[str], max_tokens: int) -> PreTrainedTokenizerFast:
    """The tokenizer that knows these words."""
    numbers = {word: place for place, word in enumerate((*SPECIAL, *words))}
    core = Tokenizer(models.WordLevel(numbers, unk_token=UNKNOWN))
    core.normalizer = normalizers.Sequence([*PLAIN])
    core.pre_tokenizer = _splitter()
    core.post_processor = processors.TemplateProcessing(
        single=f"{BEGIN} $A {END}", special_tokens=[(BEGIN, numbers[BEGIN]), (END, numbers[END])]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=core,
        model_max_length=max_tokens,
        pad_token=PAD,
        unk_token=UNKNOWN,
        bos_token=BEGIN,
        eos_token=END,
        model_input_names=["input_ids", "attention_mask"],
    )


def load(folder: Path) -> PreTrainedTokenizerFast:
    """The tokenizer of a folder that `save_pretrained` wrote."""
    return PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True)


def encode(tokenizer: PreTrainedTokenizerFast, captions: Sequence[str], max_tokens: int) -> torch.Tensor:
    """Captions as rows of `max_tokens` numbers, padded."""
    rows = tokenizer(list(captions), padding="max_length", truncation=True, max_length=max_tokens)
    return torch.tensor(rows["input_ids"], dtype=torch.long)


def vocabulary(tokenizer: PreTrainedTokenizerFast) -> tuple[str, ...]:
    """The words it knows, without marks and punctuation."""
    return tuple(sorted(word for word in tokenizer.get_vocab() if word not in SPECIAL and word[0].isalnum()))


def _splitter() -> pre_tokenizers.PreTokenizer:
    # Words, with the hyphen of "8-bit" inside, and every other mark for itself.
    return pre_tokenizers.Split(Regex(r"[\w-]+|[^\w\s]"), behavior="removed", invert=True)
