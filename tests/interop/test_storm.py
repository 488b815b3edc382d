"""A hundred senders, one signature in ten spoilt, one body in ten hostile, the processes killed twice: exactly what was
answered 202 is there, once, and acted upon."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.senders import prepare
from tests.interop.instance import Instance
from tests.interop.process import eventually
from tests.interop.storm import HOSTILE, Storm, write_storm

pytestmark = [pytest.mark.interop, pytest.mark.timeout(600), pytest.mark.xdist_group("interop-storm")]

SENDERS = 100
LETTERS = 1500


@pytest.fixture
def instance(tmp_path_factory: pytest.TempPathFactory, logs: list[Path]) -> Iterator[Instance]:
    made = Instance(tmp_path_factory.mktemp("storm") / "instance", {"PINXIT_JOBS__LEASE_SECONDS": "3"})
    made.init()
    made.create_user("alice")
    logs.append(made.log)
    yield made
    made.stop()


def test_s242_what_was_answered_202_is_there_once_and_nothing_else_is(instance: Instance) -> None:
    scene = prepare(instance.folder, name="alice", senders=SENDERS, posts=LETTERS // SENDERS)
    letters, kinds = write_storm(scene, LETTERS)
    instance.serve()
    storm = Storm(letters)

    def kill() -> None:
        for name in ("web", "work"):
            os.kill(eventually(lambda name=name: instance.pid_of(name), what=f"{name} runs"), signal.SIGKILL)

    asyncio.run(storm.blow(SENDERS, [kill, kill]))

    assert storm.unanswered > 0, "nobody noticed that the processes were killed"
    assert {storm.answers[place] for place in kinds["good"]} == {202}
    assert {storm.answers[place] for place in kinds["spoilt"]} == {401}
    assert {storm.answers[place] for place in kinds[HOSTILE]} <= {202, 400, 403}
    waiting = "select count(*) from jobs where kind = 'inbox'"
    eventually(lambda: instance.ask(waiting) == 0, within_seconds=120, what="all was acted upon")
    received = "select count(*) from activities where not outgoing"
    assert instance.ask(received) == len(kinds["good"])
    assert instance.ask(f"{received} and processed_at is not null") == len(kinds["good"])
    assert instance.ask(f"{received} and uri like ?", f"%{HOSTILE}%") == 0
    # Half are likes and a quarter boosts, each of another post or by another sender; a quarter are answers.
    acted = "select (select count(*) from reactions) + (select count(*) from posts where uri like '%/notes/%')"
    assert instance.ask(acted) == len(kinds["good"])
