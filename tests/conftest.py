"""What holds for every test: it stays on this machine, it is not timed, and what its number says is kept.

The results of numbered tests are for `python -m tests.conformance`.
"""

import json

import pytest
from hypothesis import HealthCheck, settings

from tests import sockets
from tests.conformance.__main__ import RESULTS, numbers_of

# A machine that is busy with other work is no fault of what is tested.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_Ledger(config), "conformance-ledger")
    sockets.install()
    settings.load_profile("untimed")


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
