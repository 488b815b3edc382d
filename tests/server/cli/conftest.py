"""A fresh folder, and an instance with alice that is made once and copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.server.cli.shell import ONLY_DRAWING, Shell


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """Commands send the log to the standard error of their run, which ends with it."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def bare(tmp_path: Path) -> Shell:
    """A shell on a machine without an instance."""
    return Shell(tmp_path / "instance", tmp_path)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an instance with alice, to be copied."""
    home = tmp_path_factory.mktemp("made")
    shell = Shell(home / "instance", home)
    # Nothing listens on port 1 of loopback.
    assert shell.type("init", "--domain", "localhost:1", "--local").code == 0
    shell.configure(ONLY_DRAWING)
    assert shell.type("user", "create", "alice", "--password-file", shell.password_file()).code == 0
    return shell.folder


@pytest.fixture
def shell(made: Path, tmp_path: Path) -> Shell:
    """A shell on a machine with an instance and alice, which draws and does not serve."""
    shutil.copytree(made, tmp_path / "instance")
    return Shell(tmp_path / "instance", tmp_path)
