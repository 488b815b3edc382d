"""HTTP dates are read and written, and nothing odd is taken for a time."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activitypub.errors import BadSignature, Malformed, ProtocolError
from activitypub.window import check_window, http_date, read_http_date, read_seconds


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 31), timezones=st.just(UTC)))
def test_date_comes_back_as_written(moment: datetime) -> None:
    seconds = int(moment.timestamp())
    assert read_http_date(http_date(seconds * 1_000_000)) == seconds


def test_leap_second_is_a_time() -> None:
    assert read_http_date("Sat, 31 Dec 2016 23:59:60 GMT") == 1483228800


@pytest.mark.parametrize(
    "text",
    [
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 31 Feb 1994 08:49:37 GMT",
    ],
)
def test_other_forms_of_date_are_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        read_http_date(text)


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_malformed(text: str) -> None:
    for written in (text, f"Sun, {text[:11].ljust(11)} {text[11:19].ljust(8)} GMT"):
        try:
            moment = read_http_date(written)
        except ProtocolError:
            continue
        # The year and the minute of whatever is read are those that are written; a leap second goes into the next.
        shown = http_date((moment - (int(written[23:25]) == 60)) * 1_000_000)
        assert int(shown[12:16]) == int(written[12:16]) and int(shown[20:22]) == int(written[20:22])


HOUR, MINUTES = 3600, 300
NOW = 1_790_000_000


@pytest.mark.parametrize(
    ("created", "expires", "reason"),
    [
        (NOW + HOUR + 1, None, "from the future"),
        (NOW - HOUR - MINUTES - 1, None, "has expired"),
        (NOW - 2 * HOUR, NOW - HOUR - 1, "has expired"),
        (NOW - 13 * HOUR - 1, NOW + HOUR, "has expired"),
        (NOW, NOW - 1, "before it is created"),
    ],
)
def test_t24_what_is_not_valid_now_is_refused(created: int, expires: int | None, reason: str) -> None:
    with pytest.raises(BadSignature, match=reason):
        check_window(created, expires, NOW * 1_000_000)


@pytest.mark.parametrize(
    ("created", "expires"),
    [(NOW + HOUR, None), (NOW - HOUR - MINUTES, None), (NOW - 2 * HOUR, NOW - HOUR), (NOW - 13 * HOUR, NOW + HOUR)],
)
def test_what_is_valid_to_the_last_second_is_let_in(created: int, expires: int | None) -> None:
    assert check_window(created, expires, NOW * 1_000_000) is None


@pytest.mark.parametrize("text", ["", "NaN", "-1", "+1", "1.5", "1e3", " 1", "1_0", "²", "1" * 13])
def test_what_is_not_whole_seconds_is_malformed(text: str) -> None:
    with pytest.raises(Malformed):
        read_seconds(text)
