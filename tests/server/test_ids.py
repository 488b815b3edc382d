import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ids import Ids, SystemClock, first_at, iso, parse_iso


class Still:
    """A clock that stands still, or goes where it is put."""

    def __init__(self, microseconds: int) -> None:
        self.microseconds = microseconds

    def now(self) -> int:
        return self.microseconds


def test_s3_ids_grow_within_one_millisecond_and_when_the_clock_steps_back() -> None:
    clock = Still(1_800_000_000_000_000)
    ids = Ids(clock)
    made = [ids.new() for _ in range(1000)]
    clock.microseconds -= 60_000_000
    made += [ids.new() for _ in range(1000)]
    assert made == sorted(set(made))


def test_the_first_id_of_a_moment_parts_what_was_made_before_from_what_is_made_then() -> None:
    moment = 1_800_000_000_000_000
    assert Ids(Still(moment - 1000)).new() < first_at(moment) <= Ids(Still(moment)).new()


def test_ids_fit_a_signed_64_bit_integer_for_centuries() -> None:
    assert Ids(Still(10_000_000_000_000_000)).new() < 1 << 63


def test_ids_of_a_later_millisecond_sort_after() -> None:
    assert Ids(Still(1_800_000_000_000_000)).new() < Ids(Still(1_800_000_000_001_000)).new()


def test_times_are_written_in_utc_with_milliseconds() -> None:
    assert iso(1_800_000_000_123_456) == "2027-01-15T08:00:00.123Z"


@given(st.integers(min_value=0, max_value=4_000_000_000_000))
def test_a_written_time_is_read_back(milliseconds: int) -> None:
    assert parse_iso(iso(milliseconds * 1000)) == milliseconds * 1000


@pytest.mark.parametrize("text", [None, "", "yesterday", "2026-13-01T00:00:00Z", "9" * 400])
def test_an_unreadable_time_is_none(text: str | None) -> None:
    assert parse_iso(text) is None


def test_an_offset_is_honoured_and_its_absence_is_utc() -> None:
    assert parse_iso("2027-01-15T10:00:00+02:00") == parse_iso("2027-01-15T08:00:00")


def test_the_system_clock_counts_microseconds() -> None:
    assert 1_700_000_000_000_000 < SystemClock().now() < 10_000_000_000_000_000


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "0999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:59"])
def test_a_year_of_less_than_four_digits_is_none(text):
    assert parse_iso(text) is None


@pytest.mark.parametrize("text", ["1000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"])
def test_the_first_and_the_last_time_are_written_as_they_were_read(text):
    assert iso(parse_iso(text)) == text


def test_a_time_that_is_in_the_year_10000_elsewhere_is_none():
    assert parse_iso("9999-12-31T23:59:59-23:59") is None
