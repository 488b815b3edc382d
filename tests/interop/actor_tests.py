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
