"""Prompts as people write them, and as those write them who wish us ill (T74)."""

import time

import pytest

from server.actions.painting.read_prompt import Asked, read_prompt
from server.html import clean, plain_text

MODELS = ("sd-turbo", "drawing")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("@studio a fox in snow", Asked("a fox in snow")),
        ("@studio@pictures.example:8080 a fox", Asked("a fox")),
        ("a fox @studio. in snow", Asked("a fox in snow")),
        ("@studio @friend a fox #art #AIGenerated", Asked("a fox")),
        ("@studio house #7 by the sea", Asked("house #7 by the sea")),
        ("@studio a fox\n\nin snow", Asked("a fox in snow")),
        ("@studio a fox --seed 7", Asked("a fox", seed=7)),
        ("@studio --seed 0 a fox", Asked("a fox", seed=0)),
        ("@studio a fox --seed 4294967295", Asked("a fox", seed=4294967295)),
        ("@studio a fox --ar 3:2 in snow", Asked("a fox in snow", shape=1.5)),
        ("@studio a fox --model SD-Turbo", Asked("a fox", model="sd-turbo")),
        ("@studio a fox --no text, people --seed 7 in snow", Asked("a fox in snow", "text, people", seed=7)),
        ("@studio a fox —seed 7 –ar 1:1", Asked("a fox", seed=7, shape=1.0)),
        ("@studio a fox --seed 7 --seed 8", Asked("a fox", seed=8)),
        ("@studio", Asked("")),
        ("@studio @friend #art", Asked("")),
        ("@studio --seed 7", Asked("", seed=7)),
    ],
)
def test_a_post_is_read(text: str, asked: Asked) -> None:
    assert read_prompt(text, MODELS) == asked


@pytest.mark.parametrize(
    "words",
    [
        "--seed",
        "--seed seven",
        "--seed -1",
        "--seed 4294967296",
        "--seed ٧",
        "--ar 3x2",
        "--ar 0:2",
        "--ar 3:0",
        "--ar 99999:1",
        "--model unknown",
        "--steps 4000",
        "--no",
        "-- no",
        "--seed=7",
    ],
)
def test_what_is_no_option_stays_in_the_prompt(words: str) -> None:
    assert read_prompt(f"a fox {words}", MODELS) == Asked(f"a fox {words}")


def test_the_post_of_an_app_is_read() -> None:
    post = (
        '<p><span class="h-card"><a href="https://a.example/@studio" class="u-url mention">@<span>studio</span></a>'
        '</span> a fox &amp; a hare<br>in snow <a href="https://b.example/tags/art" class="mention hashtag">#<span>art'
        "</span></a></p>"
        "<p>--ar 3:2</p>"
    )
    assert read_prompt(plain_text(clean(post))) == Asked("a fox & a hare in snow", shape=1.5)


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u2066"])
def test_control_characters_and_turned_writing_do_not_come_through(letter: str) -> None:
    assert letter not in read_prompt(f"a {letter}fox{letter}").prompt


@pytest.mark.parametrize(
    "hostile",
    ["{{ 7 * 7 }}", "${HOME} `id` $(id)", "%s %n {0.__class__}", "../../etc/passwd", "'; drop table posts; --"],
)
def test_template_and_shell_syntax_are_words_like_others(hostile: str) -> None:
    assert read_prompt(hostile) == Asked(hostile)


@pytest.mark.parametrize(
    "unit", ["a ", "@", "@a", "@a.", "@a@b", "#", "#1", "#a", "--no ", "--seed 1 ", "\u202e", "—", "1:1 ", "."]
)
def test_a_hundred_kilobytes_are_read_at_once(unit: str) -> None:
    began = time.process_time()
    read_prompt(unit * (100_000 // len(unit)), MODELS)
    assert time.process_time() - began < 1.0
