"""activitypub-testing as the tests hold it: a run over one address, and its outcomes."""

import json
import subprocess
from typing import Any

from tests.interop.environments import NodeEnvironment

# Its tests may wait ten seconds each; they run side by side.
RUN_SECONDS = 120
NUMBER_OF_TESTS = 15


def run(node: NodeEnvironment, address: str, *authorization: str) -> list[dict[str, Any]]:
    """The outcome of each test that applies to this address."""
    done = subprocess.run(
        [str(node.node), str(node.folder / "actor_tests.mjs"), address, *authorization],
        cwd=node.folder,
        env=node.environment(),
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def run_one(node: NodeEnvironment, slug: str, **given: str) -> dict[str, Any]:
    """The outcome of one test with the inputs that it wants; its requests are mended where they break the standard."""
    command = node.folder / "node_modules" / "activitypub-testing" / "src" / "cli.js"
    inputs = [f"--input.{name}={value}" for name, value in given.items()]
    mended = ["--import", str(node.folder / "conforming.mjs")]
    done = subprocess.run(
        [str(node.node), *mended, str(command), "run", "test", "--slug", slug, *inputs, "--output=json"],
        cwd=node.folder,
        env=node.environment(),
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS,
        check=False,
    )
    # It has no failing exit code: what it says is all there is.
    found: dict[str, Any] = json.loads(done.stdout[done.stdout.index("{") :])
    return found.get("result", found)  # type: ignore[no-any-return]
