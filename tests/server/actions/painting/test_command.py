"""A post that begins with the command word: what is painted, and what its author is told."""

import pytest

from server.actions.painting.command import Command, is_command, read_command
from server.problems import Invalid

MODELS = ("drawing", "Starter")


def read(text):
    return read_command(text, "/paint", MODELS)


@pytest.mark.parametrize(
    "text", ["/paint a fox", "  /paint a fox", "/Paint a fox", "@bob /paint a fox", "@a @b@c.example /paint x"]
)
def test_a_post_that_begins_with_the_word_is_a_command(text):
    assert is_command(text, "/paint")


@pytest.mark.parametrize("text", ["I /paint a fox", "/painting a fox", "paint a fox", "", "@bob"])
def test_any_other_post_is_a_post(text):
    assert not is_command(text, "/paint")


def test_without_a_word_nothing_is_a_command():
    assert not is_command("/paint a fox", None)


def test_the_rest_is_the_prompt():
    assert read("/paint a fox\nin   snow") == Command(prompt="a fox in snow")


def test_every_option_is_read():
    text = '/paint a fox --seed 7 --ar 3:2 in snow --model starter --no "blur, text" --steps 20 --guidance 4.5'
    assert read(text) == Command(
        prompt="a fox in snow",
        negative="blur, text",
        seed=7,
        shape=1.5,
        model="Starter",
        steps=20,
        guidance=4.5,
    )


def test_what_is_not_wanted_goes_on_to_the_next_option():
    assert read("/paint a fox --no people at all --seed 7") == Command(prompt="a fox", negative="people at all", seed=7)


def test_what_phones_make_of_hyphens_and_quotes_is_understood():
    assert read("/paint a fox —seed 7 –no “two tails” dancing") == Command(
        prompt="a fox dancing", negative="two tails", seed=7
    )


def test_names_and_hashtags_are_said_and_not_painted():
    command = read("@bob@away.example /paint a fox #art for @carol --ar 1:1")
    assert command.prompt == "a fox for"
    assert command.caption == "@bob@away.example #art @carol"


def test_an_address_is_no_name():
    assert read("/paint a letter to me@here.example").prompt == "a letter to me@here.example"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/paint", "what is to be painted"),
        ("/paint --seed 7", "what is to be painted"),
        ("/paint #art @bob", "what is to be painted"),
        ("/paint a fox --sede 7", "--sede"),
        ("/paint a fox --seed", "--seed needs a value"),
        ("/paint a fox --seed many", "whole number"),
        ("/paint a fox --seed 4294967296", "4294967295"),
        ("/paint a fox --ar wide", "3:2"),
        ("/paint a fox --ar 0:1", "3:2"),
        ("/paint a fox --model none", "drawing, Starter"),
        ("/paint a fox --steps 0", "from 1 to 200"),
        ("/paint a fox --guidance 51", "from 0 to 50"),
        ("/paint a fox --guidance ٣", "from 0 to 50"),
        ("/paint a fox --no --seed 3", "--no needs a value"),
    ],
)
def test_a_mistake_is_told(text, told):
    with pytest.raises(Invalid, match=told):
        read(text)


def test_marks_that_cannot_be_seen_are_not_painted():
    assert read("/paint a\u202e fox\x07").prompt == "a fox"
