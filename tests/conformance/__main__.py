"""Writes docs/conformance.md from the names and results of the last test run; `--check` says whether it is stale.

A test names the statements that it proves: `test_s62_location_carries…`, `test_s4_s5_s6_…`. The run leaves its results
in RESULTS (tests/conftest.py); statements without a test stand in `absent.txt` with the reason.

    make unit && python -m tests.conformance            everything
    pytest -k test_s && python -m tests.conformance     the numbered tests alone are enough
"""

import json
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RESULTS = ROOT / ".cache" / "conformance.json"
DOCUMENT = ROOT / "docs" / "conformance.md"
# A class of attack (t16) may stand among them.
NUMBERED = re.compile(r"test_((?:[st]\d+_)+)")

HEAD = """# What we claim, and the tests that hold us to it

Made by `python -m tests.conformance` from the names and results of a test run; `make test` fails when it is stale.
The numbers are our own list of what ActivityPub, its client API, OAuth, HTTP signatures, WebFinger and NodeInfo ask
for: **M** must, **MN** must not, **S** should, **SN** should not, **P** what peers demand in practice. A test carries
its statement's number in its name.
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of the list."""

    number: int
    level: str
    text: str
    chapter: str


def read_statements() -> list[Statement]:
    """Read `statements.txt`: chapters begin with #, statements are number, level, words."""
    statements, chapter = [], ""
    for line in (HERE / "statements.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            chapter = line.removeprefix("# ")
        elif line:
            number, level, text = line.split(" ", 2)
            statements.append(Statement(int(number), level, text, chapter))
    return statements


def read_absent() -> dict[int, str]:
    """Read `absent.txt`: number and reason."""
    lines = (HERE / "absent.txt").read_text(encoding="utf-8").splitlines()
    return {int(number): reason for number, _, reason in (line.partition(" ") for line in lines if line)}


def numbers_of(name: str) -> list[int]:
    """The statements that a test's name carries."""
    found = NUMBERED.match(name)
    return [int(part[1:]) for part in found[1].split("_") if part.startswith("s")] if found else []


def read_results(path: Path) -> dict[int, dict[str, set[str]]]:
    """Read a run's results: outcomes by test, by statement; a parametrised test is one."""
    results: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for node, outcome in json.loads(path.read_text(encoding="utf-8")).items():
        file, _, rest = node.partition("::")
        name = rest.partition("[")[0].rpartition("::")[2] or rest.partition("[")[0]
        for number in numbers_of(name):
            results[number][f"{file.removeprefix('tests/')}: {name}"].add(outcome)
    return results


def write(statements: list[Statement], absent: dict[int, str], results: dict[int, dict[str, set[str]]]) -> str:
    """Return the document."""
    held = [one.number for one in statements if one.number in results]
    lines = [HEAD, f"{len(held)} of {len(statements)} statements have tests of their number.", ""]
    chapter = ""
    for one in statements:
        if one.chapter != chapter:
            chapter = one.chapter
            lines += ["", f"## {chapter}", "", "| | | statement | test | result |", "|---|---|---|---|---|"]
        tests = results.get(one.number, {})
        for place, (test, outcomes) in enumerate(sorted(tests.items())):
            begin = f"| {one.number} | {one.level} | {one.text}" if place == 0 else "| | | "
            lines.append(f"{begin} | `{test}` | {', '.join(sorted(outcomes))} |")
        if not tests:
            why = absent.get(one.number, "no test of this number yet")
            lines.append(f"| {one.number} | {one.level} | {one.text} | | {why} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the document, or compare it."""
    if not RESULTS.is_file():
        print(f"{RESULTS} is not there: run the tests first", file=sys.stderr)
        return 2
    text = write(read_statements(), read_absent(), read_results(RESULTS))
    if "--check" not in sys.argv[1:]:
        DOCUMENT.write_text(text, encoding="utf-8")
        return 0
    if DOCUMENT.is_file() and DOCUMENT.read_text(encoding="utf-8") == text:
        return 0
    print("docs/conformance.md is stale: python -m tests.conformance", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
