"""The generator as a program, in processes of its own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from generator.loop import EXIT_BROKEN_FRAMES, EXIT_DONE
from generator.messages import ChildSettings, ModelSettings, pack, write_settings
from tests.generator.scripted import PROGRAM, request

ROOT = Path(__file__).resolve().parents[2]
SCRIPTED = (sys.executable, str(PROGRAM))
REAL = (sys.executable, "-m", "generator")
SETTINGS = write_settings(ChildSettings((ModelSettings("scripted", "drawing"),)))
DRAWING = write_settings(ChildSettings((ModelSettings("drawing", "drawing"),)))


def run(command: tuple[str, ...], *arguments: str, said: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*command, *arguments], input=said, capture_output=True, cwd=ROOT, env=environment, timeout=60, check=False
    )


def test_the_end_of_the_input_is_a_clean_exit() -> None:
    ended = run(SCRIPTED, SETTINGS)

    assert (ended.returncode, ended.stderr) == (EXIT_DONE, b"")
    assert ended.stdout.startswith(b'{"type":"ready"')


def test_hostile_frames_end_the_process_with_one_clear_line() -> None:
    ended = run(SCRIPTED, SETTINGS, said=b"GET / HTTP/1.1\r\n\r\n")

    assert ended.returncode == EXIT_BROKEN_FRAMES
    assert ended.stderr.startswith(b"pinxit generator: the frames are broken: a line is not a message")
    assert ended.stderr.count(b"\n") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_middle_of_a_picture_is_a_clean_exit(number: signal.Signals) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*SCRIPTED, SETTINGS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environment
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(b"".join(pack(request("1", "until cancelled"))))
        process.stdin.flush()
        while b'"step"' not in process.stdout.readline():
            pass
        process.send_signal(number)
        rest = process.stdout.read()

    assert process.returncode == EXIT_DONE
    assert b'"failure"' not in rest


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ("{}", "ValueError: the settings cannot be read"),
        (write_settings(ChildSettings((ModelSettings("broken", "drawing"),))), "OSError: no weights"),
    ],
)
def test_what_keeps_it_from_starting_is_said_in_the_last_line(settings: str, reason: str) -> None:
    ended = run(SCRIPTED, settings)

    assert ended.returncode == 2
    assert ended.stdout == b""
    assert ended.stderr.decode().splitlines()[-1].startswith(f"pinxit generator: cannot start: {reason}")


def test_settings_are_needed() -> None:
    assert b"the settings are missing" in run(REAL).stderr


def test_the_drawing_engine_alone_never_imports_torch() -> None:
    program = f"""
import sys
from generator.__main__ import ENGINE_PACKAGES, open_engines
from generator.messages import read_settings
engines = open_engines(read_settings({DRAWING!r}), ENGINE_PACKAGES)
print(sorted({{"torch", "diffusers", "transformers", "asyncio"}} & set(sys.modules)), len(engines[0].capabilities()))
"""
    ended = run((sys.executable, "-c", program))

    assert ended.stderr == b""
    assert ended.stdout == b"[] 1\n"


def test_the_server_gets_nothing_heavy_from_the_messages() -> None:
    program = "import sys, generator.messages; print(sorted({'numpy', 'PIL', 'torch', 'asyncio'} & set(sys.modules)))"

    assert run((sys.executable, "-c", program)).stdout == b"[]\n"


@pytest.mark.parametrize(
    ("settings", "by_rules"),
    [((DRAWING,), True), pytest.param((), False, marks=pytest.mark.diffusers)],
)
def test_from_the_shell_one_line_makes_one_picture(settings: tuple[str, ...], by_rules: bool, tmp_path: Path) -> None:
    path = tmp_path / "star.png"
    line = b'{"prompt": "a red star", "seed": 3, "width": 256, "height": 256}\n'
    ended = run(REAL, "--once", str(path), *settings, said=line)

    assert ended.returncode == 0, ended.stderr
    with Image.open(path) as picture:
        assert picture.size == (256, 256)
    manifest = json.loads(ended.stdout)
    assert (manifest["prompt"], manifest["seed"], manifest["drawn_by_rules"]) == ("a red star", 3, by_rules)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"a red star\n", "is not a request"),
        (b'{"prompt": "x", "colour": "red"}\n', "unknown field"),
        (b'{"prompt": "x", "model": "sdxl"}\n', "There is no model 'sdxl' here"),
    ],
)
def test_from_the_shell_a_wrong_line_makes_none_and_says_why(line: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "star.png"
    ended = run((*SCRIPTED, "--once", str(path)), said=line)

    assert ended.returncode == 1
    assert reason in ended.stderr.decode()
    assert not path.exists()
