"""The child's loop over real pipes, with a scripted engine."""

import pytest

from generator.batching import MAX_WAITING
from generator.engine import Failure, Picture, Ready, Request, Step
from generator.loop import EXIT_BROKEN_FRAMES, EXIT_DONE, EXIT_ENGINE_LOST
from generator.messages import Cancel, Stop
from tests.generator.scripted import CAPABILITIES, ScriptedEngine, request
from tests.generator.talk import Talk


def test_the_first_frame_says_which_models_may_be_asked() -> None:
    with Talk(ScriptedEngine()) as talk:
        assert talk.hear() == Ready((CAPABILITIES,))


def test_a_request_is_answered_by_its_steps_and_its_picture() -> None:
    with Talk(ScriptedEngine()) as talk:
        talk.say(request("a"))
        _, *steps, picture = talk.hear_all(5)

    assert steps == [Step("a", 1, 3), Step("a", 2, 3), Step("a", 3, 3)]
    assert isinstance(picture, Picture)


def test_requests_of_one_kind_that_waited_together_are_painted_together() -> None:
    engine = ScriptedEngine()
    with Talk(engine) as talk:
        # Given one that holds the engine, with five of one kind and one of another behind it
        talk.hold("first")
        behind = [request(name) for name in "abc"] + [request("other", steps=1), request("d"), request("e")]
        talk.say(*behind)
        # When the first is cancelled
        talk.say(Cancel("first"))
        answers: list[str] = []
        while len(answers) < 7:
            heard = talk.hear()
            if isinstance(heard, Picture | Failure):
                answers.append(heard.id)

    # Then four of a kind, the most its model takes, go together, and nobody is forgotten
    assert engine.batches == [["first"], ["a", "b", "c", "d"], ["other"], ["e"]]


def test_a_waiting_request_that_is_cancelled_never_reaches_the_engine() -> None:
    engine = ScriptedEngine()
    with Talk(engine) as talk:
        talk.hold("first")
        talk.say(request("waiting"), Cancel("waiting"), Cancel("first"))
        failures = []
        while len(failures) < 2:
            heard = talk.hear()
            if isinstance(heard, Failure):
                failures.append((heard.id, heard.kind))

    assert failures == [("waiting", "cancelled"), ("first", "cancelled")]
    assert engine.batches == [["first"]]


def test_cancelling_what_is_unknown_or_answered_does_nothing() -> None:
    with Talk(ScriptedEngine()) as talk:
        talk.say(Cancel("never asked"), request("a", steps=1))
        assert [type(frame) for frame in talk.hear_all(3)] == [Ready, Step, Picture]
        talk.say(Cancel("a"), request("a", steps=1))
        assert [type(frame) for frame in talk.hear_all(2)] == [Step, Picture]


def test_an_engine_that_raises_fails_its_batch_and_the_loop_goes_on() -> None:
    with Talk(ScriptedEngine()) as talk:
        talk.say(request("a", "raise"), request("b", steps=1))
        _, failure, step, picture = talk.hear_all(4)

    assert failure == Failure("a", "broken", "The generator failed with RuntimeError; its log has the details.")
    assert (type(step), type(picture)) == (Step, Picture)


def test_the_log_of_an_error_does_not_hold_the_prompt(capsys: pytest.CaptureFixture[str]) -> None:
    with Talk(ScriptedEngine()) as talk:
        talk.say(request("a", "raise"))
        talk.hear_all(2)

    log = capsys.readouterr().err
    assert "RuntimeError: tensors do not fit: (prompt)" in log


def test_a_lost_engine_ends_the_process_so_that_a_new_one_is_started() -> None:
    with Talk(ScriptedEngine()) as talk:
        talk.say(request("a", "lose the engine"))
        assert [type(frame) for frame in talk.hear_all(2)] == [Ready, type(None)]
        assert talk.hang_up() == EXIT_ENGINE_LOST


def test_the_end_of_the_input_ends_the_painting_without_an_answer() -> None:
    with Talk(ScriptedEngine()) as talk:
        talk.hold("a")
        assert talk.hang_up() == EXIT_DONE


def test_stop_drops_what_waits() -> None:
    engine = ScriptedEngine()
    with Talk(engine) as talk:
        talk.hold("a")
        talk.say(request("b"), Stop())
        assert talk.hang_up() == EXIT_DONE

    assert engine.batches == [["a"]]


def test_more_requests_than_the_line_holds_are_turned_away() -> None:
    with Talk(ScriptedEngine()) as talk:
        talk.hold("first")
        talk.say(*(request(str(n)) for n in range(MAX_WAITING + 1)))
        heard = talk.hear()
        while isinstance(heard, Step):
            heard = talk.hear()

    assert heard == Failure(str(MAX_WAITING), "broken", "The generator holds too many requests already.")


@pytest.mark.parametrize(
    "frame",
    [
        b"\n",
        b"{}\n",
        b"not json\n",
        b'{"type":"launch","bytes":0}\n',
        b'{"type":"cancel","id":7}\n',
        b'{"type":"stop","bytes":-1}\n',
        b'{"type":"stop","bytes":5}\nhello',
        b'{"type":"stop","bytes":99999999999}\n',
        b'{"type":"stop"',
        b"x" * 300_000,
        b'{"type":"stop","bytes":0,' + b'"a":' + b"[" * 200_000 + b"\n",
        b'{"type":"cancel","id":"\xff"}\n',
    ],
)
def test_a_broken_frame_ends_the_loop_with_a_line_that_says_so(
    frame: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    with Talk(ScriptedEngine()) as talk:
        talk.say(frame)
        assert talk.hang_up() == EXIT_BROKEN_FRAMES

    assert "pinxit generator: the frames are broken: " in capsys.readouterr().err


def test_a_second_request_under_an_open_id_is_a_broken_frame() -> None:
    with Talk(ScriptedEngine()) as talk:
        talk.say(request("a", "until cancelled"), request("a"))
        assert talk.hang_up() == EXIT_BROKEN_FRAMES


@pytest.mark.parametrize("change", [{"seed": -1}, {"model": "x"}, {"width": 12}, {"prompt": "\x00"}])
def test_what_cannot_be_painted_is_answered_as_invalid(change: dict[str, object]) -> None:
    with Talk(ScriptedEngine()) as talk:
        asked: Request = request("a", **change)
        talk.say(asked)
        _, failure = talk.hear_all(2)

    assert isinstance(failure, Failure)
    assert (failure.id, failure.kind) == ("a", "invalid")
