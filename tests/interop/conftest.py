"""The real processes of the interop tests: each in its own folder, ended by its own id, its log shown on failure."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from tests.interop.environments import NodeEnvironment, node_environment, pasture_python
from tests.interop.fedify import FedifyPeer
from tests.interop.instance import Instance

LOGS = pytest.StashKey[list[Path]]()
LOG_TAIL = 8_000

StartPeer = Callable[..., FedifyPeer]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LOGS] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        for log in item.config.stash[LOGS]:
            text = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else "(nothing)"
            report.sections.append((f"log of {log.stem}", text[-LOG_TAIL:]))
    return report


@pytest.fixture(scope="session")
def node() -> NodeEnvironment:
    return node_environment()


@pytest.fixture(scope="session")
def pasture() -> Path:
    return pasture_python()


@pytest.fixture(scope="module")
def logs(request: pytest.FixtureRequest) -> Iterator[list[Path]]:
    """Logs of the processes that live as long as this module."""
    kept = request.config.stash[LOGS]
    kept.clear()
    yield kept
    kept.clear()


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, logs: list[Path]) -> Iterator[Instance]:
    """A running server of ours with the account alice."""
    folder = tmp_path_factory.mktemp("pinxit") / "instance"
    running = Instance(folder)
    running.init()
    running.create_user("alice")
    logs.append(running.log)
    running.serve()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def start_peer(
    node: NodeEnvironment, tmp_path_factory: pytest.TempPathFactory, logs: list[Path]
) -> Iterator[StartPeer]:
    """Start a Fedify peer; it is ended after the module."""
    started: list[FedifyPeer] = []

    def start(*, name: str = "bob", first_knock: str) -> FedifyPeer:
        log = tmp_path_factory.mktemp("peer") / f"{name}-{first_knock}.log"
        logs.append(log)
        started.append(FedifyPeer(node, log, name=name, first_knock=first_knock))
        return started[-1]

    yield start
    for peer in started:
        peer.stop()
