"""The durable accept: CPU of the serving process for a signed activity, from the socket until it is answered 202."""

import sqlite3
import sys
import tempfile
from pathlib import Path

import httpx

from tests.bench.machine import calibrate
from tests.bench.pump import pump
from tests.bench.senders import Letter, prepare, write_letters
from tests.bench.table import Row
from tests.interop.instance import ROOT, Instance, clean_environment
from tests.interop.process import Process

ROUNDS = 8
ACTIVITIES = 1000
SENDERS = 40
# Key objects and compiled statements are made with these; they are not counted.
WARM_UP = 400
VERIFY_LIMIT = 7


def run() -> list[Row]:
    """Send activities of known actors in rounds, each beside its calibration and the same letters to a bare handler."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Instance(Path(folder) / "instance")
        instance.init()
        instance.create_user("alice")
        scene = prepare(instance.folder, name="alice", senders=SENDERS, posts=40)
        letters = write_letters(scene, WARM_UP + ROUNDS * ACTIVITIES)
        server = _start(instance)
        try:
            accepted, bare, verify = _measure(instance.origin, letters)
        finally:
            server.stop()
        _check_stored(instance.folder, len(letters))
    # The calibration is the best of its rounds, so this is too: what disturbs one round only ever adds.
    ratio = min(accepted) / min(verify)
    note = f"best of {ROUNDS} rounds of {ACTIVITIES}"
    return [
        Row("durable signed accept", min(accepted), "µs CPU", note=note),
        Row("durable signed accept", ratio, "× RSA verify", VERIFY_LIMIT, note=note),
        Row("bare ASGI handler, same requests", min(bare), "µs CPU", note=note),
    ]


def _start(instance: Instance) -> Process:
    command = [sys.executable, "-m", "tests.bench.accepting", str(instance.folder)]
    server = Process(command, log=instance.log, folder=ROOT, environment=clean_environment())
    server.until_ready(lambda: _answers(instance.origin))
    return server


def _answers(origin: str) -> bool:
    try:
        return httpx.get(f"{origin}/cpu").status_code == 200
    except httpx.TransportError:
        return False


def _measure(origin: str, letters: list[Letter]) -> tuple[list[float], list[float], list[float]]:
    accepted, bare, verify = [], [], []
    _send(letters[:WARM_UP])
    for start in range(WARM_UP, len(letters), ACTIVITIES):
        these = letters[start : start + ACTIVITIES]
        verify.append(calibrate()["RSA-2048 verify"])
        accepted.append(_cost(origin, these))
        bare.append(_cost(origin, [Letter(f"{origin}/bare", one.headers, one.body) for one in these]))
    return accepted, bare, verify


def _cost(origin: str, letters: list[Letter]) -> float:
    before = float(httpx.get(f"{origin}/cpu").text)
    _send(letters)
    return (float(httpx.get(f"{origin}/cpu").text) - before) / len(letters) * 1e6


def _send(letters: list[Letter]) -> None:
    counts = pump(letters)
    assert counts == {202: len(letters)}, f"not all were accepted: {counts}"


def _check_stored(folder: Path, expected: int) -> None:
    """What was answered 202 is there, with a job."""
    with sqlite3.connect(f"file:{folder / 'pinxit.db'}?mode=ro", uri=True) as connection:
        stored = connection.execute("select count(*) from activities where not outgoing").fetchone()[0]
        waiting = connection.execute("select count(*) from jobs where kind = 'inbox'").fetchone()[0]
    assert stored == waiting == expected, f"{stored} activities and {waiting} jobs of {expected}"
