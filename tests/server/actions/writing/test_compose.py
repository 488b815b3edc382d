"""What our people write becomes HTML: their words escaped, and links, mentions and hashtags made of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.actions.writing.compose import Person, compose, find_handles, find_hashtags
from server.config import Config
from server.html import clean
from server.ids import Ids
from server.site import Site
from tests.fakes import FakeClock

SITE = Site(Config(), FakeClock(), Ids(FakeClock()), None, b"secret")
BOB = Person("bob@remote.example", "https://remote.example/users/bob", "https://remote.example/@bob")


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@bob@remote.example and @bob@remote.example", ("bob@remote.example",)),
        ("(@carol) hello @bob@remote.example.", ("carol", "bob@remote.example")),
        ("@bob@localhost:8080", ("bob@localhost:8080",)),
        ("me@example.com https://remote.example/@bob", ()),
    ],
)
def test_the_handles_of_a_text_are_found(text, handles):
    assert find_handles(text) == handles


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#Boat #boat #sea", ("Boat", "sea")),
        ("#2026 is a number, #2026er is a tag", ("2026er",)),
        ("#ünïcode #日本 (#paren)", ("ünïcode", "日本", "paren")),
        ("a#b https://x.example/#top &#39;", ()),
    ],
)
def test_the_hashtags_of_a_text_are_found_once_whatever_the_case(text, tags):
    assert find_hashtags(text) == tags


def test_a_text_becomes_paragraphs_and_lines():
    assert compose(SITE, " one\ntwo\n\n\nthree ") == "<p>one<br>two</p><p>three</p>"


def test_the_lines_of_a_form_are_lines():
    """Browsers send a carriage return with each."""
    assert compose(SITE, "one\r\ntwo\r\n\r\nthree") == "<p>one<br>two</p><p>three</p>"


def test_only_who_was_looked_up_becomes_a_link():
    html = compose(SITE, "@BOB@remote.example. @nobody@x.example", [BOB])

    assert '<a href="https://remote.example/@bob" class="u-url mention">@<span>bob</span></a></span>. ' in html
    assert "@nobody@x.example" in html


@given(st.text(alphabet=st.sampled_from("<>\"'&@#:/.ab\n \r;=()") | st.characters(codec="utf-8"), max_size=60))
def test_whatever_is_written_our_own_sanitiser_finds_nothing_to_take_out(text):
    html = compose(SITE, text, [BOB])

    assert "<script" not in html
    assert clean(html).count("<a ") == html.count("<a ")
