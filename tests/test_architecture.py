"""Holds the house to its plan: who may import whom, how long things may get, what an import may bring along.

The tables come first and are the rules (docs/architecture.md says them in words); the tests read every source file with
`ast` and count an import inside a function like any other.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("activitypub", "generator", "server")

# A room is named by its module's beginning; the longest name that fits is the room a module is in.
LEAVES = {
    "server.brake",
    "server.callers",
    "server.config",
    "server.ids",
    "server.listening",
    "server.problems",
    "server.html",
    "server.logs",
    "server.passwords",
    "server.sealing",
}
FLOOR = {"server.store", "server.jobs", "server.remote", "server.media"}
DOORS = {"server.web", "server.mastodon", "server.oauth", "server.federation"}
WORKERS = {"server.agenda", "server.inbox", "server.delivery", "server.studio"}
BUNDLES = {"server.site", "server.services"}
ROOTS = {"server.app", "server.opening", "server.work", "server.cli"}
PURE = {"activitypub"}
PROGRAM = {"generator", "generator.messages", "generator.diffusion", "generator.starter"}

_doors_see = {"server.actions", "server.store", "server.remote", "server.media", "server.oauth"} | PURE | BUNDLES
_workers_see = {"server.actions"} | FLOOR | PURE | BUNDLES

# What each room may import beside itself and, in the server, the leaves. Whatever is not here is refused.
MAY_IMPORT: dict[str, set[str]] = {
    **dict.fromkeys(ROOTS, FLOOR | DOORS | WORKERS | BUNDLES | ROOTS | PURE | PROGRAM | {"server.actions"}),
    **dict.fromkeys(DOORS, _doors_see),
    **dict.fromkeys(WORKERS, _workers_see),
    "server.studio": _workers_see | {"generator.messages"},
    "server.actions": {"server.store", "server.jobs", "server.site"} | PURE,
    "server.services": FLOOR | {"server.site"} | PURE,
    "server.site": {"server.jobs"} | PURE,
    "server.remote": {"server.store", "server.site"} | PURE,
    # The inbox's job is written only where its activity was new, so that one statement names the activities' table.
    "server.jobs": {"server.store.database", "server.store.schema", "server.store.network.activities"},
    "server.store": set(),
    "server.store.database": set(),
    "server.store.schema": set(),
    "server.store.network.activities": set(),
    "server.media": PURE,
    **{room: set() for room in LEAVES},
    "server": set(),
    "activitypub": set(),
    "generator": PROGRAM,
    "generator.messages": {"generator"},
    "generator.diffusion": PROGRAM,
    "generator.starter": PROGRAM,
}
# Parts of one room that have a name of their own above; they see each other.
ONE_ROOM = dict.fromkeys(
    ("server.store.database", "server.store.schema", "server.store.network.activities"), "server.store"
)

# The packages that only these rooms may import; "generator" here does not include its named parts.
SQL, NETWORK, WEB = {"server.store", "server.jobs"}, {"server.remote"} | ROOTS, DOORS | ROOTS
TENSORS = {"generator.diffusion", "generator.starter"}
ONLY_IN: dict[str, set[str]] = {
    "sqlalchemy": SQL,
    "alembic": SQL,
    "aiosqlite": SQL,
    "asyncpg": SQL,
    "pgqueuer": SQL,
    "httpx": NETWORK,
    "httpx_aiohttp": NETWORK,
    "aiohttp": NETWORK,
    "quart": WEB,
    "jinja2": WEB,
    "limits": {"server.brake"},
    "torch": TENSORS,
    "diffusers": TENSORS,
    "transformers": TENSORS,
    "accelerate": TENSORS,
    "peft": TENSORS,
    "safetensors": TENSORS,
}
# The packages from outside that a pure room may import at all, beside the standard library.
PURE_NEEDS: dict[str, set[str]] = {
    "activitypub": {"cryptography", "msgspec", "pyld", "rfc8785"},
    "generator": {"msgspec", "PIL", "numpy"},
}

# Imported in a fresh interpreter, with all below it, the first must not bring any of the second.
STAYS_LIGHT = {
    "activitypub": {"quart", "httpx", "aiosqlite", "sqlalchemy", "torch"},
    "generator.messages": {"torch", "diffusers", "server"},
    "generator.drawing": {"torch", "diffusers", "transformers", "server"},
    "generator.starter.scenes": {"torch", "diffusers", "transformers", "server"},
    "server.app": {"torch", "diffusers"},
}

# A file is one idea and fits a reader's head; a function fits half a screen. Medians keep the many honest.
LONGEST_FILE, MEDIAN_FILE = 400, 120
LONGEST_FUNCTION, MEDIAN_FUNCTION = 60, 10
# A migration is a listing, frozen on the day it is made.
UNMEASURED = "server.store.migrations.versions."


def test_every_module_belongs_to_a_room() -> None:
    strays = [module for module in sources() if module.startswith("server.") and room_of(module) == "server"]
    assert strays == []


def test_imports_between_rooms_go_down_only() -> None:
    wrong = [
        f"{module} ({room_of(module)}) imports {target}"
        for module in sources()
        for target in inner_imports(module)
        if not may_import(room_of(module), target)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("module", "target"),
    [
        ("server.actions.writing.publish", "server.remote.fetcher"),
        ("server.actions.writing.publish", "server.web.gallery.feed"),
        ("server.web.gallery.feed", "server.mastodon.resources.statuses"),
        ("server.web.gallery.feed", "server.jobs.sqlite"),
        ("server.inbox.follow", "server.delivery.deliver"),
        ("server.inbox.follow", "generator.messages"),
        ("server.studio.child", "generator.engine"),
        ("server.jobs.sqlite", "server.store.writing.posts"),
        ("server.store.writing.posts", "server.actions.writing.publish"),
        ("server.ids", "server.store.writing.posts"),
        ("activitypub.notes", "server.ids"),
        ("generator.loop", "activitypub.provenance"),
    ],
)
def test_an_upward_import_would_be_refused(module: str, target: str) -> None:
    assert not may_import(room_of(module), target)


def test_the_rules_themselves_go_one_way() -> None:
    rules = {room: allowed - {room} - ROOTS - PROGRAM for room, allowed in MAY_IMPORT.items()}
    assert circle_in(rules) == []


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    assert circle_in({module: set(inner_imports(module)) - {module} for module in sources()}) == []


@pytest.mark.parametrize("package", ONLY_IN)
def test_a_package_from_outside_stays_in_its_rooms(package: str) -> None:
    wrong = [
        f"{module} imports {package}"
        for module in sources()
        if package in outer_imports(module) and room_of(module, inside=ONLY_IN[package]) not in ONLY_IN[package]
    ]
    assert wrong == []


@pytest.mark.parametrize("room", PURE_NEEDS)
def test_a_pure_room_needs_little_from_outside(room: str) -> None:
    allowed = PURE_NEEDS[room] | set(sys.stdlib_module_names)
    wrong = [
        f"{module} imports {package}"
        for module in sources()
        if module.split(".")[0] == room and room_of(module) not in TENSORS
        for package in outer_imports(module) - allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("module", STAYS_LIGHT)
def test_an_import_brings_no_more_than_it_should(module: str) -> None:
    assert modules_after_importing(module) & STAYS_LIGHT[module] == set()


def test_no_file_is_too_long() -> None:
    lengths = {module: len(sources()[module].read_text().splitlines()) for module in measured()}
    assert {module: length for module, length in lengths.items() if length > LONGEST_FILE} == {}
    assert median(lengths.values()) <= MEDIAN_FILE


def test_no_function_is_too_long() -> None:
    lengths = {f"{module}:{node.name}:{node.lineno}": length_of(node) for module, node in functions()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}
    assert median(lengths.values()) <= MEDIAN_FUNCTION


# How it is read.


@cache
def sources() -> dict[str, Path]:
    """Every module of ours by its dotted name; a package is named without `__init__`."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(sources()[module].read_text(encoding="utf-8"))


@cache
def imports_of(module: str) -> frozenset[str]:
    """The modules that `module` names in any import, wherever it stands; of ours, the most exact name."""
    names: set[str] = set()
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(module, node)
            exact = {f"{base}.{alias.name}" for alias in node.names} & set(sources())
            names.update(exact)
            if len(exact) < len(node.names):
                names.add(base)
    return frozenset(names)


def absolute(module: str, node: ast.ImportFrom) -> str:
    """The absolute name of what a `from … import` reads from."""
    if not node.level:
        return node.module or ""
    is_package = sources()[module].name == "__init__.py"
    parts = module.split(".")
    above = parts[: len(parts) - node.level + is_package]
    return ".".join([*above, *([node.module] if node.module else [])])


def inner_imports(module: str) -> list[str]:
    return sorted(name for name in imports_of(module) if name.split(".")[0] in PACKAGES)


def outer_imports(module: str) -> set[str]:
    return {name.split(".")[0] for name in imports_of(module)} - set(PACKAGES) - {""}


def room_of(module: str, inside: set[str] | None = None) -> str:
    """The longest room name, of all or of those `inside`, that `module` begins with."""
    rooms = MAY_IMPORT if inside is None else inside
    return max((room for room in rooms if f"{module}.".startswith(f"{room}.")), key=len, default="")


def may_import(room: str, target: str) -> bool:
    """Whether a module in `room` may import `target`."""
    other = room_of(target)
    if ONE_ROOM.get(room, room) == ONE_ROOM.get(other, other):
        return True
    if other in LEAVES:
        return room.split(".")[0] == "server"
    return other in MAY_IMPORT[room] or ONE_ROOM.get(other) in MAY_IMPORT[room]


def circle_in(graph: dict[str, set[str]]) -> list[str]:
    """The first circle met, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def measured() -> list[str]:
    return [module for module in sources() if not module.startswith(UNMEASURED)]


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for module in measured():
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield module, node


def length_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


IMPORT_ALL = """
import importlib, pkgutil, sys
top = importlib.import_module(sys.argv[1])
for found in pkgutil.walk_packages(getattr(top, "__path__", ()), sys.argv[1] + "."):
    importlib.import_module(found.name)
print(*{name.split(".")[0] for name in sys.modules})
"""


def modules_after_importing(module: str) -> set[str]:
    """The top-level packages loaded once `module` and all below it are imported in a fresh interpreter."""
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL, module], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())
