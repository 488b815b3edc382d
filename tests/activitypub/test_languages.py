"""The same words in several languages: what is read of a map, and which one fits a reader."""

import pytest

from activitypub.languages import LANGUAGES_AT_MOST, choose_language, join_spoken, read_spoken


@pytest.mark.parametrize(
    ("there", "wanted", "chosen"),
    [
        (["en", "de"], ["de"], "de"),
        (["en", "de"], ["fr", "en"], "en"),
        (["en", "de-AT", "de"], ["de"], "de"),
        (["en", "de-AT"], ["de-CH"], "de-AT"),
        (["pt-BR"], ["PT-br"], "pt-BR"),
        (["en"], ["fr"], None),
        (["en"], [], None),
        ([], ["en"], None),
    ],
)
def test_the_language_is_chosen_that_the_reader_named_first(there, wanted, chosen):
    assert choose_language(there, wanted) == chosen


@pytest.mark.parametrize(
    "value", [None, "x", ["x"], {}, {"en": "one"}, {"en": "one", "de": None}, {"en": "one", "not a tag": "two"}]
)
def test_what_is_not_in_several_languages_is_no_map(value):
    assert read_spoken({"contentMap": value}, "content", 10) == {}


def test_texts_are_cut_and_ours_stand_first():
    assert read_spoken({"nameMap": {"en": "one two", "de": "eins"}}, "name", 3) == {"en": "one", "de": "ein"}
    joined = join_spoken({"de": "ours"}, {"en": "one", "de": "theirs"})
    assert list(joined.items()) == [("de", "ours"), ("en", "one")]


def test_t53_of_many_languages_so_many_are_read():
    spoken = {f"x{chr(97 + number // 26)}{chr(97 + number % 26)}": "one" for number in range(100)}
    assert list(read_spoken({"contentMap": spoken}, "content", 10)) == list(spoken)[:LANGUAGES_AT_MOST]


def test_t53_what_is_longer_than_any_tag_in_use_names_no_language():
    longest = "en-" + "-".join(["abcdefgh"] * 3) + "-abcde"
    assert len(longest) == 35
    spoken = {"en": "one", longest: "two", f"{longest}f": "three"}
    assert list(read_spoken({"contentMap": spoken}, "content", 10)) == ["en", longest]
