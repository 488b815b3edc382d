import pytest
from hypothesis import given
from hypothesis import strategies as st

from activitypub.delivery import (
    BACKOFF_SECONDS,
    MAX_ATTEMPTS,
    MAX_RETRY_AFTER_SECONDS,
    Kind,
    Outcome,
    backoff_seconds,
    classify,
)

NOON = 1_777_723_200_000_000  # 2026-05-02T12:00:00Z in microseconds


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, Kind.DELIVERED),
        (202, Kind.DELIVERED),
        (204, Kind.DELIVERED),
        (None, Kind.LATER),
        (301, Kind.LATER),
        (400, Kind.REFUSED),
        (401, Kind.KNOCK_AGAIN),
        (403, Kind.REFUSED),
        (404, Kind.REFUSED),
        (405, Kind.REFUSED),
        (406, Kind.REFUSED),
        (408, Kind.LATER),
        (410, Kind.GONE),
        (413, Kind.REFUSED),
        (422, Kind.REFUSED),
        (429, Kind.LATER),
        (500, Kind.LATER),
        (501, Kind.REFUSED),
        (502, Kind.LATER),
        (503, Kind.LATER),
        (504, Kind.LATER),
    ],
)
def test_s140_each_status_has_its_consequence(status, kind):
    assert classify(status, {}, NOON).kind is kind


def test_s144_a_401_to_both_forms_of_signature_passes():
    assert classify(401, {}, NOON, both_forms=True) == Outcome(Kind.LATER)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30),
        (" 120 ", 120),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ("999999999999999999999", MAX_RETRY_AFTER_SECONDS),
        ("Sat, 02 May 2026 12:10:00 GMT", 600),
        ("Sat, 02 May 2026 12:10:00 -0000", 600),
        ("Sat, 02 May 2026 11:59:00 GMT", None),
        ("Sun, 03 May 2099 12:00:00 GMT", MAX_RETRY_AFTER_SECONDS),
        ("Sat, 99 May 2026 12:10:00 GMT", None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_s140_retry_after_is_honoured_within_reason(status, value, seconds):
    assert classify(status, {"retry-after": value}, NOON) == Outcome(Kind.LATER, seconds)


def test_tries_reach_over_a_weekend():
    assert 2.5 * 86400 <= sum(BACKOFF_SECONDS) <= 4 * 86400
    assert len(BACKOFF_SECONDS) + 1 == MAX_ATTEMPTS


@given(st.integers(-5, 50), st.floats(-1, 2))
def test_delays_stay_within_a_quarter_of_their_step(attempt, jitter):
    step = backoff_seconds(attempt, 0)
    assert step <= backoff_seconds(attempt, jitter) <= step * 1.25


def test_delays_grow():
    delays = [backoff_seconds(attempt, 1.0) for attempt in range(1, MAX_ATTEMPTS)]
    assert delays == sorted(delays)


@given(st.integers(100, 999) | st.none(), st.text(max_size=40))
def test_no_answer_is_too_odd_to_classify(status, retry_after):
    assert classify(status, {"retry-after": retry_after}, NOON).kind in Kind
