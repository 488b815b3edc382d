import threading
import tracemalloc

import pytest

from server import brake as module
from server.brake import Brake
from server.ids import MICROSECONDS
from server.problems import TooMany
from tests.fakes import FakeClock


def test_tries_up_to_the_limit_pass() -> None:
    brake = Brake(FakeClock(), most=3, seconds=60)
    for left in (2, 1, 0):
        brake.spend("alice")
        assert brake.left("alice")[0] == left


def test_one_more_is_refused_with_the_time_to_wait() -> None:
    clock = FakeClock()
    brake = Brake(clock, most=1, seconds=60)
    brake.spend("alice")
    clock.advance(20)
    with pytest.raises(TooMany) as refusal:
        brake.spend("alice")
    assert refusal.value.after_seconds == 40


def test_others_are_not_slowed_down() -> None:
    brake = Brake(FakeClock(), most=1, seconds=60)
    brake.spend("alice")
    brake.spend("bob")
    assert brake.left("carol")[0] == 1


def test_time_gives_tries_back() -> None:
    clock = FakeClock()
    brake = Brake(clock, most=1, seconds=60)
    brake.spend("alice")
    clock.advance(61)
    assert brake.left("alice")[0] == 1
    brake.spend("alice")


def test_success_gives_tries_back() -> None:
    brake = Brake(FakeClock(), most=1, seconds=60)
    brake.spend("alice")
    brake.forget("alice")
    assert brake.left("alice")[0] == 1
    brake.spend("alice")


def test_what_is_refused_does_not_put_off_the_end() -> None:
    clock = FakeClock()
    brake = Brake(clock, most=1, seconds=60)
    brake.note("alice")
    clock.advance(59)
    brake.note("alice")
    assert brake.left("alice")[0] == 0
    clock.advance(1)
    assert brake.left("alice")[0] == 1


def test_whoever_begins_again_after_the_end_has_a_whole_span_before_them() -> None:
    clock = FakeClock()
    brake = Brake(clock, most=1, seconds=60)
    brake.spend("alice")
    clock.advance(90)
    brake.spend("alice")
    clock.advance(59)
    with pytest.raises(TooMany) as refusal:
        brake.check("alice")
    assert refusal.value.after_seconds == 1


def test_a_part_of_a_second_is_a_second_to_wait() -> None:
    clock = FakeClock()
    brake = Brake(clock, most=1, seconds=1)
    brake.spend("alice")
    clock.advance(0.5)
    with pytest.raises(TooMany) as refusal:
        brake.check("alice")
    assert refusal.value.after_seconds == 1


def test_looking_counts_nothing_and_tells_how_many_are_left_until_when() -> None:
    clock = FakeClock()
    brake = Brake(clock, most=2, seconds=60)
    brake.check("alice")
    assert brake.left("alice") == (2, clock.now())
    brake.spend("alice")
    started = clock.now()
    clock.advance(7)
    assert brake.left("alice") == (1, started + 60 * MICROSECONDS)


def test_one_try_given_back_is_one_try() -> None:
    brake = Brake(FakeClock(), most=2, seconds=60)
    brake.spend("alice")
    brake.spend("alice")
    brake.give_back("alice")
    brake.spend("alice")
    with pytest.raises(TooMany):
        brake.check("alice")


def test_what_is_refused_is_not_counted() -> None:
    brake = Brake(FakeClock(), most=1, seconds=60)
    brake.spend("alice")
    for _ in range(3):
        with pytest.raises(TooMany):
            brake.spend("alice")
    brake.give_back("alice")
    brake.spend("alice")


def test_what_is_given_back_too_late_is_no_try_more() -> None:
    clock = FakeClock()
    brake = Brake(clock, most=1, seconds=60)
    brake.spend("alice")
    clock.advance(60)
    brake.give_back("alice")
    brake.spend("alice")
    with pytest.raises(TooMany):
        brake.check("alice")


def test_it_remembers_a_bounded_number_of_names_the_newest() -> None:
    brake = Brake(FakeClock(), most=1, seconds=60)
    brake.note("first")
    brake.note("alice")
    brake.note("first")
    for number in range(module.MOST_KEYS - 1):
        brake.note(str(number))
    brake.check("alice")
    with pytest.raises(TooMany):
        brake.check("first")


def test_thousands_of_tries_of_a_name_take_no_more_room_than_one() -> None:
    brake = Brake(FakeClock(), most=3000, seconds=60)
    brake.note("a host")
    tracemalloc.start()
    try:
        for _ in range(3000):
            brake.note("a host")
        assert tracemalloc.get_traced_memory()[0] < 2000
    finally:
        tracemalloc.stop()


def test_it_starts_no_thread() -> None:
    before = threading.active_count()
    brake = Brake(FakeClock(), most=3, seconds=60)
    brake.spend("alice")
    assert threading.active_count() == before
