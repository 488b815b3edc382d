"""End to end: CPU of every process for a received activity, from the socket until its effect is stored."""

import sqlite3
import tempfile
from pathlib import Path

from tests.bench.machine import calibrate
from tests.bench.senders import Letter, prepare, send, write_letters
from tests.bench.table import Row
from tests.interop.instance import Instance
from tests.interop.process import eventually
from tests.processes import cpu_seconds, find_processes

ACTIVITIES = 1000
SENDERS = 20
POSTS = 40
# Caches of keys and compiled statements fill with these; they are not counted.
WARM_UP = 100
LIMIT_MILLISECONDS = 1.0


def run() -> list[Row]:
    """Send likes, replies and boosts of known actors to a serving instance; count CPU until all are dealt with."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Instance(Path(folder) / "instance")
        instance.init()
        instance.create_user("alice")
        scene = prepare(instance.folder, name="alice", senders=SENDERS, posts=POSTS)
        letters = write_letters(scene, WARM_UP + ACTIVITIES)
        instance.serve()
        try:
            seconds = _measure(instance, letters)
        finally:
            instance.stop()
    milliseconds = seconds / ACTIVITIES * 1000
    verify = calibrate()["RSA-2048 verify"]
    return [
        Row("processed activity, end to end", milliseconds, "ms CPU", LIMIT_MILLISECONDS, note="web + work processes"),
        Row("processed activity, end to end", milliseconds * 1000 / verify, "× RSA verify"),
    ]


def _measure(instance: Instance, letters: list[Letter]) -> float:
    folder = str(instance.folder)
    pids = [eventually(lambda name=name: find_processes("--dir", folder, name))[0] for name in ("web", "work")]
    _deal_with(instance, letters[:WARM_UP], WARM_UP)
    before = sum(map(cpu_seconds, pids))
    _deal_with(instance, letters[WARM_UP:], len(letters))
    return sum(map(cpu_seconds, pids)) - before


def _deal_with(instance: Instance, letters: list[Letter], expected: int) -> None:
    counts = send(letters)
    assert counts == {202: len(letters)}, f"not all were accepted: {counts}"
    eventually(lambda: _count_processed(instance.folder) >= expected, within_seconds=60, what="all are dealt with")


def _count_processed(folder: Path) -> int:
    with sqlite3.connect(f"file:{folder / 'pinxit.db'}?mode=ro", uri=True) as connection:
        query = "select count(*) from activities where not outgoing and processed_at is not null"
        return int(connection.execute(query).fetchone()[0])
