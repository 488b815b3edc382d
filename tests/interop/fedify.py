"""The Fedify peer as the tests hold it: a process and its control API."""

import json
from pathlib import Path
from typing import Any

import httpx

from tests.interop.environments import NodeEnvironment
from tests.interop.process import Process

CAVAGE = "draft-cavage-http-signatures-12"
RFC9421 = "rfc9421"
# Events come by delivery from another process: seconds, unless something is wrong.
WAIT_SECONDS = 30


class FedifyPeer:
    """One actor on a server of its own; its events are what Fedify verified and read, each with its raw document."""

    def __init__(self, environment: NodeEnvironment, log: Path, *, name: str, first_knock: str) -> None:
        script = str(environment.folder / "peer.mjs")
        command = [str(environment.node), script, "--name", name, "--first-knock", first_knock]
        self.first_knock = first_knock
        self.process = Process(command, log=log, folder=environment.folder, environment=environment.environment())
        ready = json.loads(self.process.until_ready(self._first_line))
        self.origin: str = ready["origin"]
        self.actor: str = ready["actor"]
        self.handle: str = ready["handle"]

    def _first_line(self) -> str:
        lines = [line for line in self.process.read_log().splitlines(keepends=True) if line.startswith('{"origin"')]
        return lines[0] if lines and lines[0].endswith("\n") else ""

    def do(self, verb: str, **arguments: str) -> dict[str, Any]:
        """Make the peer act; it answers when the other server has taken the activity.

        Raises:
            AssertionError: the peer could not; holds its reason.
        """
        response = httpx.post(f"{self.origin}/control/{verb}", json=arguments, timeout=60)
        assert response.status_code == 200, f"{verb}: {response.json().get('error', response.text)}"
        result = response.json()
        assert isinstance(result, dict)
        return result

    def event(self, kind: str, *, object_id: str, actor: str | None = None) -> dict[str, Any]:
        """The newest verified activity of this type about this object (by this actor); waits for it."""
        query = {"type": kind, "object": object_id, "wait": str(WAIT_SECONDS)} | ({"actor": actor} if actor else {})
        found = httpx.get(f"{self.origin}/control/events", params=query, timeout=WAIT_SECONDS + 10).json()
        assert found, f"no {kind} of {object_id} came; came: {self.seen()}\n{self.process.log_tail()}"
        event = found[-1]
        assert isinstance(event, dict)
        return event

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Every verified activity of this type so far, oldest first."""
        found = httpx.get(f"{self.origin}/control/events", params={"type": kind}, timeout=10).json()
        assert isinstance(found, list)
        return found

    def newest(self, kind: str) -> str:
        """The id of what the peer sent last of this type."""
        return str(httpx.get(f"{self.origin}/control/sent", params={"type": kind}, timeout=10).json()["id"])

    def seen(self) -> list[tuple[str, str]]:
        """Type and object of every verified activity so far."""
        found = httpx.get(f"{self.origin}/control/events", timeout=10).json()
        return [(event["type"], event["objectId"]) for event in found]

    def requests(self, method: str, address: str) -> list[dict[str, Any]]:
        """What the peer asked of addresses that begin so: signature form, status, and any refusal's answer."""
        noted = httpx.get(f"{self.origin}/control/requests", timeout=10).json()
        return [note for note in noted if note["method"] == method and note["url"].startswith(address)]

    def stop(self) -> None:
        self.process.stop()
