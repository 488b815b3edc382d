"""`make bench`: runs every bench_*.py beside this file and prints one table under a description of the machine.

A bench module has `run() -> list[Row]`. Names on the command line choose among them: `python -m tests.bench inbox`.
"""

import importlib
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.machine import calibrate, describe
from tests.bench.table import Row, as_markdown

HERE = Path(__file__).resolve().parent


def main(wanted: list[str]) -> int:
    """Run what is wanted, or everything; 1 if a target was missed."""
    names = [path.stem for path in sorted(HERE.glob("bench_*.py"))]
    chosen = [name for name in names if not wanted or name.removeprefix("bench_") in wanted]
    if len(chosen) < len(wanted):
        print(f"known: {', '.join(name.removeprefix('bench_') for name in names)}", file=sys.stderr)
        return 2
    print(f"{describe()}\n{datetime.now(UTC):%Y-%m-%d}\n")
    rows = [row for name in chosen for row in _run(name)]
    calibration = [Row(name, value, "µs CPU", note="calibration") for name, value in calibrate().items()]
    print(as_markdown([*calibration, *rows]))
    return 1 if any(row.verdict == "MISSED" for row in rows) else 0


def _run(name: str) -> list[Row]:
    start = time.monotonic()
    print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
    rows: list[Row] = importlib.import_module(f"tests.bench.{name}").run()
    print(f"{time.monotonic() - start:.0f} s", file=sys.stderr)
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
