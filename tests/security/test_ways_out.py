"""T6: there is one way out. Read from every module's source, not from a list of modules: a second way fails here.

What can open a connection is found by reading the standard library and the packages themselves, so that a new
dependency which can speak with the network fails until somebody has said where it may be used, and why.
"""

import ast
import importlib.util
import re
import sys
import sysconfig
from functools import cache
from pathlib import Path

import pytest

from tests.test_architecture import TENSORS, imports_of, outer_imports, room_of, sources, tree_of

# Packages from outside that can open a connection, and the modules of ours that may import them.
SPEAKING: dict[str, set[str]] = {
    # The one way out, and behind it what its connector is made of.
    "aiohttp": {"server.remote.guard", "server.remote.peers"},
    "httpx_aiohttp": {"server.remote.peers"},
    # The operator's own commands ask the operator's own server.
    "httpx": {"server.remote.peers", "server.cli.demo", "server.cli.doctor"},
    # Where the operator keeps pictures: an address out of the configuration, never a stranger's.
    "obstore": {"server.media.storage", "server.opening"},
    # The operator's own command fetches a model whose commit is pinned.
    "huggingface_hub": {"generator.diffusion.installing"},
    # They listen, or serve those who came.
    "hypercorn": {"server.app", "server.federation.answers", "server.federation.fast_inbox"},
    "uvicorn": {"server.app", "server.listening"},
    "uvloop": {"server.cli.running", "server.app", "server.work"},
    "quart": set(),
    "werkzeug": set(),
    "prometheus_client": set(),
    # It reads JSON-LD, and would fetch contexts if its loader were not ours (activitypub/jsonld.py, T29).
    "pyld": {"activitypub.jsonld", "activitypub.ldsignature"},
    # They could, by functions that nobody here calls: files by address, a database's connection, an image's address.
    "numpy": set(),
    "sqlalchemy": set(),
    "segno": set(),
    "cryptography": set(),
}
# Importing these says nothing: what speaks in them is called by its name, and so found by that.
ANYWHERE = {package for package, modules in SPEAKING.items() if not modules}

# Modules of the standard library that can open a connection, and who may import them.
STANDARD: dict[str, set[str]] = {
    "socket": {
        "server.remote.guard",  # the socket that asks about its address
        "server.app",  # listens
        "server.cli.demo",  # looks for a free port
    },
    "ssl": {"server.remote.peers", "server.app"},
    "email.utils": {"activitypub.delivery", "activitypub.window", "server.cli.doctor"},  # reads and writes dates
    "http.cookiejar": {"server.remote.peers"},  # says that no cookie is kept
    # Workers that draw, and one that paints alone to be measured.
    "multiprocessing": {"generator.starter.data", "generator.starter.evaluate"},
}
# Modules that start a program, which could speak for us.
STARTING = {
    "server.cli.demo": "the server that it shows",
    "server.cli.supervising": "the web process and the worker",
    "server.media.ingest": "the decoder, without network",
    "server.studio.measuring": "the generator, once",
    "server.studio.process": "the generator",
}
# Ways to a connection, a program or a module that no import tells.
CALLS = {
    "open_connection", "open_unix_connection", "create_connection", "create_unix_connection",
    "create_datagram_endpoint", "sock_connect", "connect_ex", "getaddrinfo", "gethostbyname", "urlopen", "urlretrieve",
}  # fmt: skip
STARTS = {
    "create_subprocess_exec", "create_subprocess_shell", "subprocess_exec", "subprocess_shell", "Popen", "popen",
    "check_call", "check_output", "posix_spawn", "posix_spawnp", "execv", "execve", "execvp", "execvpe", "spawnv",
}  # fmt: skip
HIDDEN = {"__import__", "import_module", "load_module", "exec_module", "dlopen", "CDLL"}
# Who imports by a name in a variable, and what stands in it.
IMPORTING = {
    "generator.__main__": "its own engines",
    "generator.offers": "its own look at the machine",
    "server.cli.main": "its own commands",
    "server.cli.model_add": "generator.diffusion.installing, on the operator's command",
    "server.oauth.passkeys": "webauthn, which reads what browsers sign",
}

_IN_PACKAGE = re.compile(
    r"^[ \t]*(?:import|from)[ \t]+"
    r"(?:socket|ssl|http\.client|urllib\.request|urllib3|requests|httpx|aiohttp|httpcore|anyio|trio)\b",
    re.MULTILINE,
)
_IN_STANDARD = re.compile(r"^[ \t]*(?:import|from)[ \t]+(?:_?socket|http\.client|urllib\.request)\b", re.MULTILINE)
_NOT_OURS_TO_USE = {"test", "site-packages", "idlelib", "lib2to3", "ensurepip", "turtledemo", "tkinter"}


def test_t6_no_package_can_speak_unless_it_is_known_to() -> None:
    asked = {package for module in sources() if room_of(module) not in TENSORS for package in outer_imports(module)}
    found = {package for package in asked - set(sys.stdlib_module_names) if can_speak(package)}
    assert found <= set(SPEAKING), "say where these may be used, and why"


@pytest.mark.parametrize("package", sorted(set(SPEAKING) - ANYWHERE))
def test_t6_a_package_that_can_speak_is_imported_where_that_was_thought_about(package: str) -> None:
    assert {module for module in sources() if package in outer_imports(module)} <= SPEAKING[package]


def test_t6_what_the_standard_library_has_to_speak_with_is_used_in_named_places() -> None:
    speaking = speaking_standard() | {"ssl", "socket", "http.cookiejar", "multiprocessing"}
    wrong = [
        f"{module} imports {name}"
        for module in sources()
        for name in exact_imports(module)
        if any(name == one or name.startswith(f"{one}.") for one in speaking) and not may_use(module, name)
    ]
    assert wrong == []


def test_t6_no_module_calls_for_a_connection_by_itself() -> None:
    assert {module: found for module in sources() if (found := calls_in(tree_of(module)) & CALLS)} == {}


def test_t6_programs_are_started_in_named_places() -> None:
    assert {module for module in sources() if starts_program(module)} == set(STARTING)


def test_t6_no_module_imports_behind_the_back_of_this_test() -> None:
    assert {module for module in sources() if calls_in(tree_of(module)) & HIDDEN} == set(IMPORTING)


@pytest.mark.parametrize(
    "code",
    [
        "import asyncio\nasync def f(): await asyncio.open_connection('x', 1)",
        "async def f(loop): await loop.create_connection(None, 'x', 1)",
        "from urllib.request import urlopen\nurlopen('https://x')",
        "def f(s): s.connect_ex(('x', 1))",
    ],
)
def test_t6_a_second_way_would_be_seen(code: str) -> None:
    assert calls_in(ast.parse(code)) & CALLS


@pytest.mark.parametrize("name", ["http.client", "urllib.request", "smtplib", "ftplib", "socketserver", "telnetlib"])
def test_t6_the_usual_ways_of_the_standard_library_are_among_those_found(name: str) -> None:
    assert name in speaking_standard()


@pytest.mark.parametrize("package", ["aiohttp", "httpx", "obstore", "pyld", "huggingface_hub", "numpy"])
def test_t6_the_known_ways_of_packages_are_among_those_found(package: str) -> None:
    assert can_speak(package)


@pytest.mark.parametrize("package", ["msgspec", "nh3", "jinja2", "markupsafe"])
def test_t6_what_cannot_speak_is_not_said_to(package: str) -> None:
    assert not can_speak(package)


@cache
def can_speak(package: str) -> bool:
    """Whether its source imports what opens connections, or its machine code looks names up."""
    return any(_speaks(path) for path in files_of(package))


def _speaks(path: Path) -> bool:
    if path.suffix == ".so":
        return b"getaddrinfo" in path.read_bytes()
    return _IN_PACKAGE.search(path.read_text(encoding="utf-8", errors="replace")) is not None


def files_of(package: str) -> list[Path]:
    found = importlib.util.find_spec(package)
    assert found is not None, f"{package} is not installed"
    if not found.submodule_search_locations:
        return [Path(str(found.origin))]
    places = [Path(place) for place in found.submodule_search_locations]
    files = [path for place in places for path in place.rglob("*") if path.suffix in (".py", ".so")]
    return [path for path in files if not {"test", "tests", "testing"} & set(path.parts)]


@cache
def speaking_standard() -> frozenset[str]:
    """The modules of the standard library that import sockets, but for asyncio, whose ways are looked for by name."""
    root = Path(sysconfig.get_paths()["stdlib"])
    found = set()
    for path in root.rglob("*.py"):
        parts = path.relative_to(root).with_suffix("").parts
        if parts[0] in _NOT_OURS_TO_USE or parts[0] in ("asyncio", "multiprocessing"):
            continue
        if _IN_STANDARD.search(path.read_text(encoding="utf-8", errors="replace")):
            found.add(".".join(parts))
    return frozenset(found - {"platform"})  # asks for its own name


def exact_imports(module: str) -> set[str]:
    """The modules of the standard library that an import names, `from http import client` as `http.client`."""
    names = {name for name in imports_of(module) if name.split(".")[0] in sys.stdlib_module_names}
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {f"{node.module}.{alias.name}" for alias in node.names if node.module in names}
    return names


def may_use(module: str, name: str) -> bool:
    return any(
        module in modules for allowed, modules in STANDARD.items() if name == allowed or name.startswith(f"{allowed}.")
    )


def calls_in(tree: ast.Module) -> set[str]:
    """The names of everything that is called, or handed on to be called."""
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def starts_program(module: str) -> bool:
    imports = imports_of(module)
    return "subprocess" in imports or "pty" in imports or bool(calls_in(tree_of(module)) & STARTS)
