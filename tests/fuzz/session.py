"""One stretch of fuzzing of one target, and what it reached. It must not decide how long."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Path(__file__).with_name("corpus")
# What a stretch finds is tried again by the next one; what shows a fault is committed to the corpus by hand.
FOUND = ROOT / ".cache" / "fuzz"
MAX_BYTES = 16_384
# An input on which a reader takes longer than this is a fault, too.
SLOWEST_SECONDS = 10
START_SECONDS = 120

_RUNS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_COVERED = re.compile(r"\bcov: (\d+)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """What came of it: how many inputs were run, how many branches they reached, and what was said if one failed."""

    target: str
    runs: int
    covered: int
    fault: str | None


def fuzz(target: str, seconds: int, *, found: Path = FOUND) -> Stretch:
    """Run a target on its corpus and on what comes of it, for so long."""
    mine = found / target
    mine.mkdir(parents=True, exist_ok=True)
    options = [f"-max_total_time={seconds}", f"-max_len={MAX_BYTES}", f"-timeout={SLOWEST_SECONDS}"]
    options += ["-print_final_stats=1", f"-artifact_prefix={mine}/fault-"]
    command = [sys.executable, "-m", "tests.fuzz.run", target, str(mine), str(CORPUS / target), *options]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=seconds + START_SECONDS, check=False
    )
    said = done.stdout + done.stderr
    runs, covered = _RUNS.search(said), _COVERED.findall(said)
    fault = None if done.returncode == 0 else said[-6000:]
    return Stretch(target, int(runs[1]) if runs else 0, int(covered[-1]) if covered else 0, fault)


def seeds_of(target: str) -> list[Path]:
    """The committed inputs of a target."""
    return sorted((CORPUS / target).iterdir())


def names() -> tuple[str, ...]:
    """Every target."""
    return tuple(TARGETS)
