import pytest

from server.web import text
from tests.fakes import START


def test_html_is_told_as_one_line_of_words() -> None:
    assert text.plain("<p>One &amp; two</p><p>three<br>four</p>") == "One & two three four"


def test_a_long_text_is_cut_at_a_word() -> None:
    assert text.cut("red boats, blue boats", 12) == "red boats…"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "now"), (59, "now"), (60, "1 min"), (3599, "59 min"), (3600, "1 h"), (86_400, "1 d"), (700_000, "")],
)
def test_time_passed_is_told_in_the_largest_unit(seconds: int, words: str) -> None:
    assert text.ago(START - seconds * 1_000_000, START) == (words or text.day(START - 700_000_000_000))


def test_a_date_is_written_out() -> None:
    assert text.day(1_795_000_000_000_000) == "18 November 2026"


@pytest.mark.parametrize(("number", "shown"), [(0, "0"), (999, "999"), (1000, "1k"), (1250, "1.2k"), (3_000_000, "3M")])
def test_a_count_fits_its_button(number: int, shown: str) -> None:
    assert text.count(number) == shown


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", " https://x", "", None, "//x"])
def test_only_web_addresses_become_links(address: str | None) -> None:
    assert text.outside(address) is None
