"""fediverse-pasture tries our actor with six personas and sends every input it knows: nothing breaks, nothing bites."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interop.instance import Instance
from tests.interop.pasture_process import PERSONAS, PastureProcess
from tests.interop.process import eventually
from tests.interop.reading import home_paths

pytestmark = [pytest.mark.interop, pytest.mark.timeout(900), pytest.mark.xdist_group("interop-pasture")]

NUMBER_OF_INPUTS = 262
# The inbox works after it has answered; a timeline that reads the same so many times over is complete.
STILL_READS = 5
# A hostile input that came through to a page of ours, whose own scripts and styles are files of its own.
DANGEROUS = re.compile(
    r"<script(?! type=\"module\" src=\"/assets/)|<(?:iframe|object|embed|math)\b"
    r"|<[^>]*\s(?:on[a-z]+|srcdoc|style)\s*="
    r"|(?:href|src|action)\s*=\s*[\"']?\s*(?:javascript|data|vbscript)\s*:",
    re.IGNORECASE,
)


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
def pages(statuses_of_inputs: dict[str, int | str], instance: Instance) -> Iterator[dict[str, str]]:
    """The page of every post in alice's home feed, once the feed has stopped growing, by its path."""
    assert statuses_of_inputs
    seen: list[int] = []
    with instance.browse("alice") as browser:

        def settled() -> list[str]:
            found = home_paths(browser)
            seen.append(len(found))
            return found if len(seen) >= STILL_READS and len(set(seen[-STILL_READS:])) == 1 else []

        paths = eventually(settled, within_seconds=120, what="the inputs are in the home feed")
        yield {path: browser.get(path).text for path in (*paths, "/home", "/notifications", "/", "/@alice")}


def test_no_input_breaks_the_inbox(statuses_of_inputs: dict[str, int | str]) -> None:
    pastures = {name: status for name, status in statuses_of_inputs.items() if not name.startswith("hostile-")}
    broken = {
        name: status for name, status in statuses_of_inputs.items() if not isinstance(status, int) or status >= 500
    }

    assert len(pastures) == NUMBER_OF_INPUTS
    assert broken == {}


def test_most_inputs_are_kept(pages: dict[str, str]) -> None:
    assert len(pages) > NUMBER_OF_INPUTS * 0.8


def test_pages_that_show_the_inputs_carry_nothing_that_runs(pages: dict[str, str]) -> None:
    found = {path: danger[0] for path, text in pages.items() if (danger := DANGEROUS.search(text))}
    assert found == {}


def test_every_page_that_shows_an_input_opens(pages: dict[str, str]) -> None:
    assert [path for path, text in pages.items() if "<main" not in text] == []
