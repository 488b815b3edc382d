"""When a host is left alone, and for how long."""

import pytest

from server.delivery.breaker import FAILURES_AT_MOST, REST_SECONDS_AT_MOST, Breaker, rest_seconds

SECOND = 1_000_000


def failing(times: int) -> Breaker:
    breaker = Breaker(0, None)
    for _ in range(times):
        breaker.failed(0)
    return breaker


def test_a_host_that_fails_now_and_then_is_not_left_alone() -> None:
    breaker = failing(FAILURES_AT_MOST - 1)
    assert breaker.ask(0) is None and breaker.ask(0) is None


def test_ten_failures_in_a_row_are_a_minute_of_rest() -> None:
    breaker = failing(FAILURES_AT_MOST)
    assert breaker.ask(0) == 60 * SECOND
    assert breaker.ask(60 * SECOND - 1) == 60 * SECOND


def test_after_the_rest_one_delivery_probes_and_the_others_wait() -> None:
    breaker = failing(FAILURES_AT_MOST)
    assert breaker.ask(60 * SECOND) is None
    assert breaker.ask(60 * SECOND) == 120 * SECOND


def test_a_failed_probe_doubles_the_rest() -> None:
    breaker = failing(FAILURES_AT_MOST)
    breaker.ask(60 * SECOND)
    breaker.failed(60 * SECOND)
    assert breaker.ask(61 * SECOND) == (60 + 120) * SECOND


def test_a_success_opens_the_way_for_all() -> None:
    breaker = failing(FAILURES_AT_MOST + 5)
    breaker.succeeded()
    assert breaker == Breaker(0, None)


def test_a_host_that_asks_for_time_gets_it() -> None:
    breaker = Breaker(0, None)
    breaker.failed(0, wait_seconds=30)
    assert breaker.ask(0) == 30 * SECOND
    assert breaker.ask(30 * SECOND) is None


@pytest.mark.parametrize(("failures", "seconds"), [(10, 60), (11, 120), (15, 1920), (16, 3600), (10_000, 3600)])
def test_the_rest_grows_up_to_an_hour(failures: int, seconds: int) -> None:
    assert rest_seconds(failures) == seconds <= REST_SECONDS_AT_MOST
