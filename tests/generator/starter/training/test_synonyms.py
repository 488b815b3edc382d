"""What the tokenizer hears where people use other words than captions do."""

import pytest
from transformers import PreTrainedTokenizerFast

from generator.starter import synonyms, text_stage, tokenizer
from generator.starter.configuration import read

pytestmark = pytest.mark.diffusers

WORDS = "a and art at beside cat cats children gray house line mountains of red sea star stars the three tree two"
KNOWN = WORDS.split()


@pytest.fixture(scope="module")
def words() -> PreTrainedTokenizerFast:
    built = tokenizer.build([*KNOWN, ","], 40)
    synonyms.hear(built, synonyms.find_synonyms(KNOWN))
    return built


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("A grey cottage, beautiful", "a gray house ,"),
        ("two kittens near the ocean", "two cats beside the sea"),
        ("a mountain", "a mountains"),
        ("several kids", "three children"),
        ("a lone oak", "a tree"),
        ("a pencil drawing of a cat", "a line art of a cat"),
        ("two cats", "two cats"),
        ("a caterpillar", "a <unknown>"),
        ("a dragon", "a <unknown>"),
    ],
)
def test_a_word_of_the_same_meaning_is_heard(words: PreTrainedTokenizerFast, said: str, heard: str) -> None:
    numbers = words(said, add_special_tokens=False)["input_ids"]
    assert " ".join(words.convert_ids_to_tokens(numbers)) == heard


def test_no_word_of_a_caption_is_heard_as_another() -> None:
    captions = tokenizer.vocabulary(text_stage.make_tokenizer(read().text))
    assert not set(captions) & set(synonyms.find_synonyms(captions))


def test_hearing_twice_is_hearing_once(words: PreTrainedTokenizerFast) -> None:
    before = words.backend_tokenizer.normalizer.normalize_str("3 kittens")
    synonyms.hear(words, synonyms.find_synonyms(KNOWN))
    assert words.backend_tokenizer.normalizer.normalize_str("3 kittens") == before == "three cats"


def test_only_what_means_something_is_shown() -> None:
    shown = synonyms.choose_shown(KNOWN, synonyms.find_synonyms(KNOWN))
    assert {"cat", "kitten", "red", "ocean", "mountain"} <= set(shown)
    assert not {"beautiful", "dragon", "dog", "the"} & set(shown)
