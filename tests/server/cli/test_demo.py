"""The first command that anybody runs, as they run it: real processes, a real port, the printed addresses."""

import os
import re
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.interop.process import Process, free_port

ROOT = Path(__file__).resolve().parents[3]
AS2 = "application/activity+json"
# Start, painting and publishing take seconds; the rest is a loaded machine.
pytestmark = [pytest.mark.interop, pytest.mark.timeout(300)]


class Demo:
    """`pinxit demo` in a folder, run as often as wanted."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "demo"
        self.port = free_port()
        self.runs: list[Process] = []

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "server.cli", "--dir", str(self.folder), "demo", "--port", str(self.port)]

    def start(self) -> Process:
        log = self.home / f"output-{len(self.runs)}.txt"
        self.runs.append(Process(self.command, log=log, folder=ROOT, environment=os.environ))
        return self.runs[-1]

    def addresses(self, run: Process) -> dict[str, str]:
        """The printed table, once its last line is there."""
        run.until_ready(lambda: "  picture " in run.read_log(), within_seconds=200)
        return dict(re.findall(r"^  (\S+(?: in)?) +(.+)$", run.read_log(), flags=re.MULTILINE))


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    running = Demo(tmp_path)
    yield running
    for run in running.runs:
        run.stop()


def test_the_demo_paints_a_picture_and_starts_again_with_what_it_has(demo: Demo) -> None:
    # Given a first start
    first = demo.start()
    shown = demo.addresses(first)
    picture = httpx.get(shown["picture"], trust_env=False)
    assert picture.headers["content-type"] == "image/jpeg"
    note = httpx.get(shown["post"].split()[-1], headers={"Accept": AS2}, trust_env=False).json()
    (painted,) = note["attachment"]
    assert (painted["generationModel"], painted["width"], painted["height"]) == ("starter", 256, 256)
    password = (demo.folder / "alice-password.txt").read_text().strip()
    assert f"as alice with {password} " in shown["log in"]
    assert stat.S_IMODE((demo.folder / "alice-password.txt").stat().st_mode) == 0o600

    # When it is stopped and started once more
    assert first.stop() == 0
    second = demo.start()
    shown_again = demo.addresses(second)

    # Then nothing was made anew
    assert shown_again == shown
    assert "Painting" not in second.read_log()
    assert second.stop() == 0


def test_a_taken_port_is_one_clear_line(demo: Demo) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", demo.port))
        other.listen()
        done = subprocess.run(demo.command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert re.fullmatch(f"Error: port {demo.port} is taken .*: make demo PORT={demo.port + 1}\n", done.stderr)
    assert not demo.folder.exists()
