"""fediverse-pasture as the tests hold it: a process with a task and a result."""

import json
from pathlib import Path
from typing import Any

from tests.interop.instance import clean_environment
from tests.interop.process import Process, eventually, free_port

SCRIPT = Path(__file__).resolve().parent / "pasture" / "pasture_peer.py"
# 262 inputs one after the other, each verified and stored before it is answered.
TASK_SECONDS = 240.0

_MAY_POST = {"get_actor": True, "post_inbox": True}
_MUST_NOT_POST = {"get_actor": True, "post_inbox": False}
# What each persona must be able to do. Alice and Dean do not sign; Claire and Frank answer signed requests only;
# Dean, Emily and Frank have no WebFinger.
PERSONAS: dict[str, Any] = {
    "alice": _MUST_NOT_POST,
    "bob": _MAY_POST,
    "claire": _MAY_POST,
    "dean": _MUST_NOT_POST,
    "emily": _MAY_POST,
    "frank": _MAY_POST,
    "webfinger": True,
}


class PastureProcess:
    """Pasture's actors on one port, with a task: `serve`, `verify ACTOR` or `send ACTOR`."""

    def __init__(self, python: Path, folder: Path, *task: str) -> None:
        folder.mkdir(parents=True)
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.handle = f"actor@localhost:{self.port}"
        self.log = folder / "pasture.log"
        command = [str(python), str(SCRIPT), *task, "--port", str(self.port)]
        self.process = Process(command, log=self.log, folder=folder, environment=clean_environment())
        self.process.until_ready(lambda: "Running on http" in self.process.read_log())

    def result(self, within_seconds: float = TASK_SECONDS) -> dict[str, Any]:
        """What the task printed; waits for it."""
        line = eventually(self._result_line, within_seconds=within_seconds, what=f"a result in {self.log}")
        result = json.loads(line)
        assert isinstance(result, dict)
        return result

    def _result_line(self) -> str:
        assert self.process.is_running, self.process.log_tail()
        lines = [line for line in self.process.read_log().splitlines(keepends=True) if line.startswith('{"results"')]
        return lines[0] if lines and lines[0].endswith("\n") else ""

    def stop(self) -> None:
        self.process.stop()
