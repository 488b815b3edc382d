"""What the parser makes of words: which belong together, and which it does not know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.drawing.parser import MAX_SUBJECTS, MAX_UNKNOWN, parse
from generator.drawing.words import WORDS
from generator.starter.scenes.description import Relation


def test_adjectives_belong_to_the_next_noun() -> None:
    (boats,) = parse("two small red sailboats").subjects

    assert (boats.kind, boats.count, boats.size, boats.colours) == ("sailboat", 2, "small", ["red"])


def test_two_colours_are_the_thing_and_its_part() -> None:
    (tower,) = parse("a red and white lighthouse").subjects

    assert (tower.colours, tower.second) == (["red"], "white")


def test_a_part_may_have_its_own_colour() -> None:
    (house,) = parse("a yellow house with a blue roof").subjects

    assert (house.colours, house.second) == (["yellow"], "blue")


def test_counts_share_the_noun_that_follows_them() -> None:
    first, second = parse("three red and two blue balloons").subjects

    assert (first.kind, first.count, first.colours) == ("balloon", 3, ["red"])
    assert (second.kind, second.count, second.colours) == ("balloon", 2, ["blue"])


@pytest.mark.parametrize(
    ("prompt", "where"),
    [
        ("a house to the left of a tree", "left"),
        ("a house right of a tree", "right"),
        ("a house above a tree", "above"),
        ("a house under a tree", "below"),
        ("a house next to a tree", "beside"),
        ("a house in front of a tree", "before"),
        ("a house behind a tree", "behind"),
        ("a circle inside a square", "inside"),
    ],
)
def test_a_relation_joins_the_things_on_both_its_sides(prompt: str, where: str) -> None:
    assert [(relation.first, relation.where, relation.second) for relation in parse(prompt).relations] == [
        (0, where, 1)
    ]


def test_a_side_without_an_object_means_the_thing_named_before() -> None:
    assert parse("a house with a tree on the left").relations == [Relation(1, "left", 0)]


def test_a_bare_colour_after_on_is_the_background() -> None:
    assert parse("a yellow star on blue").background == "blue"
    assert parse("a yellow star on a blue background").background == "blue"


def test_a_colour_after_its_noun_still_belongs_to_it() -> None:
    assert parse("the cat is black").subjects[0].colours == ["black"]


def test_sun_and_sky_have_their_own_colours() -> None:
    wish = parse("a green sun in a pink sky")

    assert (wish.body, wish.body_colour, wish.sky_colour) == ("sun", "green", "pink")


def test_unknown_words_are_told_once_and_in_order() -> None:
    assert parse("a gribble beside a zorp and a gribble").unknown == ["gribble", "zorp"]


def test_filler_is_not_reported() -> None:
    assert parse("a beautiful masterpiece of the cat, 4k, highly detailed, trending on artstation").unknown == []


def test_a_number_too_large_to_draw_is_reported() -> None:
    assert parse("100 cats").unknown == ["100"]


def test_what_is_without_is_not_drawn() -> None:
    wish = parse("mountains without clouds, no trees")

    assert not wish.clouds
    assert wish.subjects == []


def test_emoji_are_words() -> None:
    assert [asked.kind for asked in parse("🦊 and 🏠").subjects] == ["fox", "house"]
    assert parse("🦄").unknown == ["🦄"]


@pytest.mark.parametrize("plural", ["foxes", "butterflies", "cacti", "people", "fish", "houses", "churches", "snowmen"])
def test_plurals_are_known(plural: str) -> None:
    assert parse(plural).unknown == []


def test_a_plural_is_that_of_the_nearer_word() -> None:
    assert [asked.kind for asked in parse("two fires and two firs").subjects] == ["campfire", "pine"]


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_word_of_the_table_is_understood(word: str) -> None:
    assert parse(f"a cat {word} a house").unknown == []


def test_a_crowd_of_things_is_cut_and_the_rest_still_read() -> None:
    wish = parse(", ".join(["a cat"] * 50) + " at night")

    assert len(wish.subjects) == MAX_SUBJECTS
    assert wish.time == "night"


def test_unknown_words_are_bounded() -> None:
    assert len(parse(" ".join(f"gribble{number}" for number in range(300))).unknown) == MAX_UNKNOWN


@given(st.text(max_size=4_000))
def test_no_text_makes_it_raise(prompt: str) -> None:
    assert len(parse(prompt).unknown) <= MAX_UNKNOWN


@given(st.lists(st.sampled_from(sorted(WORDS)), max_size=60))
def test_no_order_of_known_words_makes_it_raise(words: list[str]) -> None:
    wish = parse(" ".join(words))

    assert all(relation.first != relation.second for relation in wish.relations)
    assert all(max(relation.first, relation.second) < len(wish.subjects) for relation in wish.relations)
