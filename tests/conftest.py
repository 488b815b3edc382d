"""Leaves the results of the numbered tests for `python -m tests.conformance`, and lets no test leave the machine."""

import json

import pytest

from tests import sockets
from tests.conformance.__main__ import RESULTS, numbers_of


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Ledger(config), "conformance-ledger")
    sockets.install()


class _Ledger:
    """Sees every report; with several workers the one process that gathers them writes."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._outcomes: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.rpartition("::")[2].partition("[")[0]
        if numbers_of(name) and (report.when == "call" or report.outcome != "passed"):
            self._outcomes[report.nodeid] = report.outcome

    def pytest_sessionfinish(self) -> None:
        if self._outcomes and not hasattr(self._config, "workerinput"):
            RESULTS.parent.mkdir(exist_ok=True)
            RESULTS.write_text(json.dumps(dict(sorted(self._outcomes.items())), indent=0), encoding="utf-8")
