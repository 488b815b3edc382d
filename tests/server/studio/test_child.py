"""The server's end against real generator processes: a scripted engine for the accidents, diffusers for the rest."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from generator.messages import ChildSettings, ModelSettings, Picture, Preview, Step
from server.studio.child import Child, RenderFailed, StartFailed
from tests.generator.scripted import PROGRAM, SIDE, request

SCRIPTED = ChildSettings((ModelSettings("scripted", "drawing"),))


@asynccontextmanager
async def running(settings: ChildSettings = SCRIPTED, delays: tuple[float, ...] = (0.0,)) -> AsyncIterator[Child]:
    child = Child(settings, command=(sys.executable, str(PROGRAM)), restart_delays_seconds=delays)
    await child.start()
    try:
        yield child
    finally:
        await child.stop()


def ignore(_event: object) -> None:
    pass


class Steps:
    """Hears events and lets a test wait for the first."""

    def __init__(self, then: Callable[[], None] = lambda: None) -> None:
        self.events: list[object] = []
        self.first = asyncio.Event()
        self._then = then

    def __call__(self, event: object) -> None:
        self.events.append(event)
        if not self.first.is_set():
            self.first.set()
            self._then()


async def test_a_picture_comes_with_its_steps_and_preview() -> None:
    heard = Steps()
    async with running() as child:
        picture = await child.render(request("mine", previews=True), heard)

    assert heard.events == [
        Step("mine", 1, 3),
        Step("mine", 2, 3),
        Preview("mine", b"\xff\xd8jpeg", 2),
        Step("mine", 3, 3),
    ]
    assert (picture.id, picture.width, picture.height) == ("mine", SIDE, SIDE)
    assert picture.pixels == bytes([7]) * (SIDE * SIDE * 3)
    assert picture.manifest.drawn_by_rules


async def test_events_may_be_awaited() -> None:
    heard = []

    async def on_event(event: object) -> None:
        await asyncio.sleep(0)
        heard.append(event)

    async with running() as child:
        await child.render(request(), on_event)

    assert len(heard) == 3


async def test_capabilities_are_those_of_the_process() -> None:
    async with running() as child:
        assert [model.name for model in child.capabilities] == ["scripted"]


async def test_a_large_picture_and_many_requests_in_flight_arrive_whole() -> None:
    async with running() as child:
        pictures = await asyncio.gather(
            *(child.render(request(str(n), seed=n, width=1024, height=1024), ignore) for n in range(12))
        )

    assert [(picture.id, picture.pixels[:2]) for picture in pictures] == [(str(n), bytes([n, n])) for n in range(12)]


async def test_what_cannot_be_painted_is_refused_with_a_sentence() -> None:
    async with running() as child:
        with pytest.raises(RenderFailed, match="no model 'sdxl'") as refusal:
            await child.render(request(model="sdxl"), ignore)

    assert refusal.value.kind == "invalid"


async def test_a_cancelled_request_fails_as_cancelled_and_the_next_is_painted() -> None:
    async with running() as child:
        heard = Steps(then=lambda: child.cancel("long"))
        with pytest.raises(RenderFailed) as failure:
            await child.render(request("long", "until cancelled"), heard)

        assert failure.value.kind == "cancelled"
        assert await child.render(request("next"), ignore)


async def test_a_request_that_waits_is_cancelled_without_being_painted() -> None:
    async with running() as child:
        heard, never = Steps(), Steps()
        painting = asyncio.create_task(child.render(request("painting", "until cancelled"), heard))
        await heard.first.wait()
        waiting = asyncio.create_task(child.render(request("waiting", steps=5), never))
        await asyncio.sleep(0)
        child.cancel("waiting")

        with pytest.raises(RenderFailed) as failure:
            await waiting
        assert failure.value.kind == "cancelled"
        assert never.events == []
        painting.cancel()
        await asyncio.gather(painting, return_exceptions=True)


async def test_cancelling_the_task_that_waits_frees_the_generator() -> None:
    async with running() as child:
        heard = Steps()
        task = asyncio.create_task(child.render(request("1", "until cancelled"), heard))
        await heard.first.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        assert await child.render(request("1"), ignore)


async def test_a_listener_that_raises_is_heard_by_the_caller_and_frees_the_generator() -> None:
    def on_event(_event: object) -> None:
        raise LookupError("the generation is gone")

    async with running() as child:
        with pytest.raises(LookupError):
            await child.render(request("1", "until cancelled"), on_event)
        assert await child.render(request("2"), ignore)


async def test_kill_in_the_middle_of_a_picture_fails_as_crashed_and_then_it_works_again() -> None:
    async with running() as child:
        first = child.pid
        assert first is not None
        heard = Steps(then=lambda: os.kill(first, signal.SIGKILL))

        with pytest.raises(RenderFailed) as failure:
            await child.render(request("1", "until cancelled"), heard)
        assert failure.value.kind == "crashed"

        assert await child.render(request("1"), ignore)
        assert child.pid not in (None, first)


@pytest.mark.parametrize("prompt", ["die", "lose the engine"])
async def test_every_request_in_flight_fails_when_the_process_ends(prompt: str) -> None:
    async with running() as child:
        outcomes = await asyncio.gather(
            *(child.render(request(str(n), prompt, steps=n), ignore) for n in (1, 2)), return_exceptions=True
        )

        assert [getattr(outcome, "kind", None) for outcome in outcomes] == ["crashed", "crashed"]
        assert await child.render(request("3"), ignore)


async def test_an_error_in_the_engine_costs_one_picture_and_not_the_process() -> None:
    async with running() as child:
        before = child.pid
        with pytest.raises(RenderFailed, match="RuntimeError") as failure:
            await child.render(request("1", "raise"), ignore)

        assert failure.value.kind == "broken"
        assert await child.render(request("2"), ignore)
        assert child.pid == before


async def test_what_libraries_print_does_not_break_frames() -> None:
    async with running() as child:
        assert await child.render(request("1", "print"), ignore)


async def test_a_generator_that_cannot_start_says_why() -> None:
    child = Child(ChildSettings((ModelSettings("broken", "drawing"),)), command=(sys.executable, str(PROGRAM)))

    with pytest.raises(StartFailed, match=r"(?s)the GPU is on fire.*OSError: no weights"):
        await child.start()
    with pytest.raises(RenderFailed, match="not running"):
        await child.render(request(), ignore)


async def test_stopping_fails_what_is_in_flight_as_crashed() -> None:
    async with running() as child:
        heard = Steps()
        task = asyncio.create_task(child.render(request("1", "until cancelled"), heard))
        await heard.first.wait()
        await child.stop()

        with pytest.raises(RenderFailed) as failure:
            await task
        assert failure.value.kind == "crashed"
        assert child.pid is None
        with pytest.raises(RenderFailed, match="not running"):
            await child.render(request(), ignore)


async def test_a_program_that_does_not_speak_in_frames_is_refused() -> None:
    program = "import sys; print('what?', file=sys.stderr, flush=True); print('hello')"
    child = Child(SCRIPTED, command=(sys.executable, "-c", program))

    with pytest.raises(StartFailed, match="what"):
        await child.start()


async def test_our_own_settings_are_kept_from_the_generator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PINXIT_DATABASE_URL", "postgresql://u:secret@db/pinxit")
    program = "import os, sys; print([n for n in os.environ if n.startswith('PINXIT')], file=sys.stderr)"
    child = Child(SCRIPTED, command=(sys.executable, "-c", program))

    with pytest.raises(StartFailed, match=r"^\[\]$"):
        await child.start()


@pytest.mark.diffusers
async def test_a_folder_on_the_disk_is_painted_with_by_diffusers_in_the_process(tmp_path: Path) -> None:
    # Given a tiny model on the disk, and a generator that has loaded it
    command = (sys.executable, "-m", "tests.tiny_pipelines", "flux", str(tmp_path))
    writing = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    assert await writing.wait() == 0
    model = ModelSettings("tiny", "diffusers", path=str(tmp_path), device="cpu")
    child = Child(ChildSettings((model,), threads=1))
    await child.start()
    try:
        assert [(model.label, model.remix) for model in child.capabilities] == [("Tiny flux", "strength")]

        # When two are asked for at once, and one that is cancelled at its second step
        def stop_at_the_second(event: object) -> None:
            if isinstance(event, Step) and event.step == 2:
                child.cancel("unwanted")

        heard: list[object] = []
        first, unwanted, again = await asyncio.gather(
            child.render(request("first", "a fox", model="tiny", previews=True), heard.append),
            child.render(request("unwanted", "a fox", model="tiny", steps=100), stop_at_the_second),
            child.render(request("again", "a fox", model="tiny"), ignore),
            return_exceptions=True,
        )

        # Then both come, the same to the byte, with a preview on the way
        assert isinstance(first, Picture) and isinstance(again, Picture)
        assert first.pixels == again.pixels
        assert [event.step for event in heard if isinstance(event, Step)] == [1, 2, 3, 4]
        assert [event.step for event in heard if isinstance(event, Preview)] == [2]
        assert isinstance(unwanted, RenderFailed) and unwanted.kind == "cancelled"

        # And a killed generator paints the same again
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        with pytest.raises(RenderFailed, match="ended"):
            await child.render(request("lost", "a fox", model="tiny", steps=100), ignore)
        repeated = await child.render(request("lost", "a fox", model="tiny"), ignore)
        assert repeated.pixels == first.pixels
    finally:
        await child.stop()
