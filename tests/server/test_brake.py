import pytest

from server import brake as module
from server.brake import Brake, Flow
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
    assert refusal.value.after_seconds == 41


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


def test_it_remembers_a_bounded_number_of_names() -> None:
    brake = Brake(FakeClock(), most=1, seconds=60)
    for number in range(module.MOST_KEYS + 1):
        brake.note(str(number))
    brake.check("0")


def test_a_flow_lets_a_minutes_worth_through_at_once_and_then_one_by_one() -> None:
    clock = FakeClock()
    flow = Flow(clock, per_minute=6)
    for _ in range(6):
        flow.spend("a host")
    with pytest.raises(TooMany) as refusal:
        flow.spend("a host")
    assert refusal.value.after_seconds == 10

    clock.advance(10)
    flow.spend("a host")
    with pytest.raises(TooMany):
        flow.spend("a host")


def test_a_flow_remembers_so_many_keys_and_no_more() -> None:
    flow = Flow(FakeClock(), per_minute=1)
    for number in range(module.MOST_KEYS + 1):
        flow.spend(f"key {number}")
    flow.check("key 0")
    with pytest.raises(TooMany):
        flow.check("key 1")
