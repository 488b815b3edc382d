"""Holds the documents to the code: what they name exists, and what exists is named."""

import re
import tomllib
from pathlib import Path

import pytest

from activitypub.provenance import CONTEXT_TERMS, NAMESPACE
from server.cli.main import COMMANDS
from server.remote.peers import VERSION

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def anchors_of(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_inside_the_repository_lead_somewhere(document: Path) -> None:
    broken = []
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", document.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        path = document.parent / name if name else document
        if not path.exists() or (anchor and anchor not in anchors_of(path.read_text(encoding="utf-8"))):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("term", [name for name, value in CONTEXT_TERMS.items() if "pinxit:" in str(value)])
def test_every_term_of_ours_can_be_looked_up(term: str) -> None:
    assert NAMESPACE.endswith("/FEDERATION.md#")
    assert term in anchors_of(read("FEDERATION.md"))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert re.search(rf"^\|.*`pinxit {command}\b", read("README.md"), flags=re.MULTILINE)


@pytest.mark.parametrize("package", ["activitypub", "generator", "server"])
def test_every_room_is_on_the_map(package: str) -> None:
    rooms = {path.name for path in (ROOT / package).iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    text = read("docs/architecture.md")
    assert {room for room in rooms if room not in text} == set()


def test_the_version_told_to_peers_is_that_of_the_package() -> None:
    assert tomllib.loads(read("pyproject.toml"))["project"]["version"] == VERSION


def test_continuous_integration_runs_the_command_that_people_run() -> None:
    commands = [line for line in read(".ci/run").splitlines() if line.startswith(("make", "exec"))]
    assert commands == ["exec make test"]


def test_every_command_of_the_makefile_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), flags=re.MULTILINE))
    text = "".join(document.read_text(encoding="utf-8") for document in DOCUMENTS)
    assert set(re.findall(r"`make ([a-z]+)", text)) - targets == set()
