"""fediverse-pasture tries our actor with six personas and sends every input it knows: nothing breaks, nothing bites."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.interop.instance import Instance
from tests.interop.pasture_process import PERSONAS, PastureProcess
from tests.interop.process import eventually

pytestmark = [pytest.mark.interop, pytest.mark.timeout(900), pytest.mark.xdist_group("interop-pasture")]

NUMBER_OF_INPUTS = 262
# The largest page of a timeline, and more of them than the inputs can fill.
PAGE = 40
MOST_PAGES = 12
# The inbox works after it has answered; a timeline that reads the same so many times over is complete.
STILL_READS = 5
# What must not be in markup of ours: running code, event attributes, addresses that run.
DANGEROUS = re.compile(
    r"<\s*(?:script|iframe|object|embed|style|svg|math|form)\b"
    r"|<[^>]*\s(?:on[a-z]+|srcdoc|style)\s*="
    r"|(?:href|src|action)\s*=\s*[\"']?\s*(?:javascript|data|vbscript)\s*:",
    re.IGNORECASE,
)
DANGEROUS_ADDRESS = re.compile(r"^\s*(?:javascript|data|vbscript)\s*:", re.IGNORECASE)
# A hostile input that came through to a page of ours, which may have scripts and styles of its own.
HOSTILE_IN_PAGE = re.compile(
    r"<script>alert|<[^>]*\son[a-z]+\s*=\s*[\"']?alert|(?:href|src)\s*=\s*[\"']?\s*(?:javascript|data:text)",
    re.IGNORECASE,
)
# Of a status of the Mastodon API: what clients put into a page as markup, and what they link to.
MARKUP = ("content",)
ADDRESSES = ("url", "uri", "remote_url", "preview_url", "static_url")


def test_six_personas_read_and_write_as_they_may(pasture: Path, instance: Instance, tmp_path: Path) -> None:
    verifier = PastureProcess(pasture, tmp_path / "verify", "verify", instance.actor("alice"))
    try:
        done = verifier.result()
    finally:
        verifier.stop()

    assert done["results"] == PERSONAS, json.dumps(done["steps"], indent=1)


@pytest.fixture(scope="module")
def statuses_of_inputs(
    pasture: Path, instance: Instance, tmp_path_factory: pytest.TempPathFactory, logs: list[Path]
) -> Iterator[dict[str, int | str]]:
    """Alice follows pasture's actor, which sends her everything and serves on; the status of each answer."""
    sender = PastureProcess(pasture, tmp_path_factory.mktemp("pasture") / "send", "send", instance.actor("alice"))
    logs.append(sender.log)
    try:
        instance.follow(sender.handle, name="alice")
        yield sender.result()["results"]
    finally:
        sender.stop()


@pytest.fixture(scope="module")
def stored(statuses_of_inputs: dict[str, int | str], instance: Instance) -> list[dict[str, Any]]:
    """Alice's home timeline as the Mastodon API shows it, once it has stopped growing."""
    token = instance.create_token("alice")
    seen: list[int] = []

    def settled() -> list[dict[str, Any]]:
        found = read_home(instance, token)
        seen.append(len(found))
        return found if len(seen) >= STILL_READS and len(set(seen[-STILL_READS:])) == 1 else []

    return eventually(settled, within_seconds=120, what="the inputs are in the home timeline")


def test_no_input_breaks_the_inbox(statuses_of_inputs: dict[str, int | str]) -> None:
    pastures = {name: status for name, status in statuses_of_inputs.items() if not name.startswith("hostile-")}
    broken = {
        name: status for name, status in statuses_of_inputs.items() if not isinstance(status, int) or status >= 500
    }

    assert len(pastures) == NUMBER_OF_INPUTS
    assert broken == {}


def test_most_inputs_are_kept(stored: list[dict[str, Any]]) -> None:
    assert len(stored) > NUMBER_OF_INPUTS * 0.8


def test_stored_inputs_carry_nothing_that_runs(stored: list[dict[str, Any]]) -> None:
    assert [found for status in stored for found in dangers_of(status)] == []


def test_pages_that_show_the_inputs_carry_nothing_that_runs(stored: list[dict[str, Any]], instance: Instance) -> None:
    for path in ("/", "/users/alice", "/@alice"):
        answer = instance.get(path, accept="text/html")
        assert answer.status_code < 500
        assert HOSTILE_IN_PAGE.search(answer.text) is None


def dangers_of(value: object, key: str = "") -> list[str]:
    """Every string in a status that a client would run, with the name of its field."""
    if isinstance(value, dict):
        return [danger for name, inner in value.items() for danger in dangers_of(inner, name)]
    if isinstance(value, list):
        return [danger for inner in value for danger in dangers_of(inner, key)]
    if not isinstance(value, str):
        return []
    if key in MARKUP and DANGEROUS.search(value):
        return [f"{key}: {value}"]
    if key in ADDRESSES and DANGEROUS_ADDRESS.match(html.unescape(value)):
        return [f"{key}: {value}"]
    return []


def read_home(instance: Instance, token: str) -> list[dict[str, Any]]:
    """All of the home timeline, by its pages."""
    statuses: list[dict[str, Any]] = []
    path = f"/api/v1/timelines/home?limit={PAGE}"
    for _ in range(MOST_PAGES):
        answer = instance.get(path, token=token, accept="application/json")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        statuses.extend(page)
        if not page:
            return statuses
        path = f"/api/v1/timelines/home?limit={PAGE}&max_id={page[-1]['id']}"
    return statuses
