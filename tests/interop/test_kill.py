"""Each process is killed while a wish waits, is painted and is delivered: it becomes one post, and one Create arrives.

A process that is to be met in the middle of something is halted before it can do more, so that no test hopes for luck.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.interop.conftest import StartPeer
from tests.interop.fedify import CAVAGE, FedifyPeer
from tests.interop.instance import Instance
from tests.interop.process import Process, eventually
from tests.processes import is_alive

pytestmark = [pytest.mark.interop, pytest.mark.timeout(900), pytest.mark.xdist_group("interop-kill")]

SERVERS = ("web", "work")
VICTIMS = ("parent", *SERVERS, "generator")
# So soon is the work of a dead process taken up by another.
LEASE_SECONDS = 3
# Without anything under way, and on a loaded machine; an operator's system waits 90 s before it kills.
LEAVE_SECONDS = 8.0
WAITING, RUNNING, PAINTED = "waiting", "running", "painted"


@dataclass(frozen=True, slots=True)
class Wish:
    """A picture that alice asked for by the command line, which waits for it."""

    prompt: str
    command: Process


class Stage:
    """Alice's server, whose processes die, and a follower elsewhere who sees what comes of it."""

    def __init__(self, instance: Instance, peer: FedifyPeer, folder: Path) -> None:
        self.instance = instance
        self.peer = peer
        self._folder = folder
        self._commands: list[Process] = []

    def clear(self) -> None:
        """End the commands that a failed test left waiting."""
        for command in self._commands:
            command.kill()

    def pid(self, name: str) -> int:
        return eventually(lambda: self.instance.pid_of(name), what=f"{name} runs")

    @contextlib.contextmanager
    def halted(self, pid: int) -> Iterator[None]:
        """Keep a process from doing anything, as a machine out of memory does, until the block ends."""
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def wish(self, prompt: str) -> Wish:
        log = self._folder / f"{prompt.replace(' ', '-')}.log"
        command = self.instance.begin("generate", prompt, "--as", "alice", "--visibility", "public", log=log)
        self._commands.append(command)
        return Wish(prompt, command)

    def state(self, wish: Wish) -> object:
        return self.instance.ask("select state from generations where prompt = ?", wish.prompt)

    def until(self, wish: Wish, state: str) -> None:
        eventually(lambda: self.state(wish) == state, what=f"{wish.prompt!r} is {state}")

    def until_delivering(self, wish: Wish) -> None:
        """Until a worker has taken the job that sends the Create; the peer must not answer meanwhile."""
        self.until(wish, PAINTED)
        query = "select count(*) from jobs where kind = 'deliver' and leased_until > 0"
        eventually(lambda: self.instance.ask(query), what=f"{wish.prompt!r} is being delivered")

    def kill(self, victim: str) -> None:
        """End one process by SIGKILL."""
        os.kill(self.pid(victim), signal.SIGKILL)

    def recover(self, victim: str, before: dict[str, int]) -> None:
        """See that everything comes back by itself; the parent alone must be started again, when its children left."""
        if victim == "parent":
            assert self.instance.server.wait() == -signal.SIGKILL
            for name, pid in before.items():
                eventually(lambda pid=pid: not is_alive(pid), what=f"{name} leaves with its parent")
            self.instance.serve()
        eventually(lambda: self.pid(victim) != before[victim], what=f"{victim} is another process")
        eventually(lambda: victim == "web" or not is_alive(before["generator"]), what="no orphan paints")
        eventually(self.instance.is_healthy, what="the front door answers")

    def check_outcome(self, wish: Wish) -> None:
        """One post, one Create, nothing left over."""
        assert wish.command.wait() == 0, wish.command.read_log()
        eventually(self._is_quiet, within_seconds=60, what="nothing waits any more")
        count = "select count(*) from posts join generations g on g.id = posts.generation_id where g.prompt = ?"
        assert self.instance.ask(count, wish.prompt) == 1
        post = str(self.instance.ask(count.replace("count(*)", "uri"), wish.prompt))
        assert post in wish.command.read_log()
        assert self.peer.event("Create", object_id=post)["actor"] == self.instance.actor("alice")
        assert [seen for seen in self.peer.seen() if seen == ("Create", post)] == [("Create", post)]

    def _is_quiet(self) -> bool:
        jobs = self.instance.ask("select count(*) from jobs where kind not in ('housekeeping', 'clean')")
        unsent = self.instance.ask("select count(*) from deliveries where state <> 'delivered'")
        return (jobs, unsent) == (0, 0)


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, logs: list[Path]) -> Iterator[Instance]:
    """Alice's instance, not serving yet."""
    made = Instance(tmp_path_factory.mktemp("pinxit") / "instance", {"PINXIT_JOBS__LEASE_SECONDS": str(LEASE_SECONDS)})
    made.init()
    made.create_user("alice")
    logs.append(made.log)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def peer(instance: Instance, start_peer: StartPeer) -> FedifyPeer:
    """A follower of alice's on another server."""
    instance.serve()
    follower = start_peer(first_knock=CAVAGE)
    follow = follower.do("follow", address=f"@{instance.handle('alice')}")
    follower.event("Accept", object_id=follow["id"])
    instance.stop()
    return follower


@pytest.fixture
def stage(instance: Instance, peer: FedifyPeer, tmp_path: Path) -> Iterator[Stage]:
    """A fresh start, so that no test pays for the restarts of another; it ends well, whatever happened in between."""
    said_before = len(instance.log.read_text())
    instance.serve()
    eventually(lambda: "event=working" in instance.log.read_text()[said_before:], what="the workers work")
    set_up = Stage(instance, peer, tmp_path)
    yield set_up
    set_up.clear()
    status = instance.stop()
    assert status == 0, instance.log.read_text()[-4000:]


def everybody(stage: Stage) -> dict[str, int]:
    return {name: stage.pid(name) for name in VICTIMS}


@pytest.mark.parametrize("victim", VICTIMS)
def test_wish_that_waits_outlives_the_death_of(victim: str, stage: Stage) -> None:
    before = everybody(stage)

    with stage.halted(before["work"]):
        wish = stage.wish(f"a boat that waits for {victim}")
        stage.until(wish, WAITING)
        stage.kill(victim)

    stage.recover(victim, before)
    stage.check_outcome(wish)


@pytest.mark.parametrize("victim", VICTIMS)
def test_wish_that_is_painted_outlives_the_death_of(victim: str, stage: Stage) -> None:
    before = everybody(stage)

    with stage.halted(before["generator"]):
        wish = stage.wish(f"a mountain in the hands of {victim}")
        stage.until(wish, RUNNING)
        stage.kill(victim)

    stage.recover(victim, before)
    stage.check_outcome(wish)


@pytest.mark.parametrize("victim", VICTIMS)
def test_picture_that_is_delivered_outlives_the_death_of(victim: str, stage: Stage) -> None:
    before = everybody(stage)

    with stage.halted(stage.peer.process.pid):
        wish = stage.wish(f"a harbour on its way from {victim}")
        stage.until_delivering(wish)
        stage.kill(victim)

    stage.recover(victim, before)
    stage.check_outcome(wish)


def test_wish_outlives_the_command_that_asked(stage: Stage) -> None:
    with stage.halted(stage.pid("work")):
        wish = stage.wish("a lighthouse that nobody waits for")
        stage.until(wish, WAITING)
        wish.command.kill()

    stage.until(wish, PAINTED)
    again = stage.wish("a second lighthouse")
    stage.check_outcome(again)
    post = stage.instance.ask(
        "select uri from posts join generations g on g.id = posts.generation_id where g.prompt = ?", wish.prompt
    )
    assert stage.peer.seen().count(("Create", str(post))) == 1


def test_several_wishes_outlive_the_death_of_everybody_in_turn(stage: Stage) -> None:
    wishes = [stage.wish(f"{thing} at sea in the storm") for thing in ("a sail", "a buoy", "a whale")]
    for victim in ("generator", "work", "web"):
        before = everybody(stage)
        stage.kill(victim)
        stage.recover(victim, before)
    before = everybody(stage)
    stage.kill("parent")
    stage.recover("parent", before)

    for wish in wishes:
        stage.check_outcome(wish)


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_a_polite_end_is_quick_and_without_complaint(busy: bool, stage: Stage) -> None:
    logged = len(stage.instance.log.read_text())
    wish = None
    if busy:
        with stage.halted(stage.pid("generator")):
            wish = stage.wish("a farewell that is not finished")
            stage.until(wish, RUNNING)

    begun = time.monotonic()
    status = stage.instance.stop()
    took = time.monotonic() - begun

    said = stage.instance.log.read_text()[logged:]
    assert status == 0, said
    assert took < LEAVE_SECONDS
    assert "Traceback" not in said and "Error" not in said, said
    stage.instance.serve()
    if wish is not None:
        stage.check_outcome(wish)
