"""What a filter meets and what it leaves alone; nothing is asked here."""

import msgspec
import pytest

from server.actions.ties.filtering import Matter, match, matter_of
from server.store.reading.filters import Filter, FilteredPost, Keyword, WholeFilter

HERE, NOW = "home", 1000


def filter_of(*words: tuple[str, bool], posts=(), places=(HERE,), action="warn", expires_at=None):
    plain = Filter(1, 1, "a filter", msgspec.json.encode(places).decode(), action, expires_at, 0)
    keywords = tuple(Keyword(number, 1, word, whole) for number, (word, whole) in enumerate(words))
    return WholeFilter(plain, keywords, tuple(FilteredPost(5, 1, post_id) for post_id in posts))


def met(one, text, *, post_ids=(7,), place=HERE, now=NOW):
    return match([one], Matter(post_ids, text), place=place, now=now)


@pytest.mark.parametrize(
    ("word", "whole", "text"),
    [
        ("boat", False, "two BOATS"),
        ("boat", True, "a Boat."),
        ("#boat", True, "see #boat"),
        ("c++", True, "I like c++!"),
        ("schöne boote", True, "Schöne Boote hier"),
        ("猫", False, "白猫です"),
        ("a.b", False, "xa.bx"),
    ],
)
def test_a_word_is_met(word, whole, text):
    (found,) = met(filter_of((word, whole)), text)
    assert found.keywords == (word,) and found.post_ids == ()


@pytest.mark.parametrize(
    ("word", "whole", "text"), [("boat", True, "two boats"), ("a.b", False, "axb"), ("boat", False, "a car")]
)
def test_a_word_is_not_met(word, whole, text):
    assert met(filter_of((word, whole)), text) == []


def test_all_words_that_are_met_are_named():
    (found,) = met(filter_of(("red", True), ("blue", True), ("boat", True)), "a red boat")
    assert found.keywords == ("red", "boat")


def test_a_named_post_is_met_whatever_it_says():
    (found,) = met(filter_of(posts=(7, 8)), "anything")
    assert found.post_ids == (7,) and found.keywords == ()


def test_a_filter_holds_only_at_its_places():
    one = filter_of(("boat", False), places=("public", "thread"))
    assert met(one, "boat", place=HERE) == []
    assert met(one, "boat", place="thread")
    assert met(one, "boat", place=None)


def test_a_filter_ends_at_its_time():
    one = filter_of(("boat", False), expires_at=NOW)
    assert met(one, "boat", now=NOW - 1)
    assert met(one, "boat", now=NOW) == []


def test_only_what_hides_takes_a_post_away():
    for action, hidden in (("warn", False), ("blur", False), ("hide", True)):
        one = filter_of(("boat", False), action=action)
        assert [found.hides for found in met(one, "boat")] == [hidden]


def test_what_is_looked_at_are_the_words_that_people_see():
    matter = matter_of(
        (7, 8), '<p>a <a href="https://boat.example">red</a> &amp; blue</p>', summary="warning", descriptions=("alt",)
    )
    assert matter == Matter((7, 8), "warning\n\na red & blue\n\nalt")
    assert met(filter_of(("boat.example", False)), matter.text) == []
