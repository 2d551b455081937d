"""A test that does not run proves nothing, and one that shows a secret or a person proves too much: both fail the run.

A plugin of pytest: the hooks are entered by `tests/conftest.py`.
"""

from collections.abc import Generator
from typing import Any

import pytest

from entrypoints.sandbox import people
from entrypoints.sandbox.erecruit.server import CREDENTIALS
from entrypoints.sandbox.kombo import server as kombo
from entrypoints.sandbox.tempworks import server as tempworks
from tests import builders

RUNS = "every test runs, or is removed"
CANARIES = (
    *builders.CANARIES,
    *CREDENTIALS.values(),
    *kombo.SECRETS,
    *tempworks.SECRETS,
    *tempworks.SENSITIVE,
    *people.canaries(),
)

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skip, and a failure that was expected, become failures; an unexpected pass is one already."""
    report = yield
    if report.outcome == "skipped":
        _fail(
            report, f"{item.nodeid} {'was expected to fail' if hasattr(report, 'wasxfail') else 'was skipped'}: {RUNS}"
        )
    elif report.passed and (shown := _shown(report)):
        _fail(report, f"{item.nodeid} showed the {shown}: no output, log or trace may hold a secret or a person")
    return report


def _shown(report: pytest.TestReport) -> str | None:
    """Where the output of a test holds one of the texts that are there to be searched for."""
    return next((name for name, text in report.sections if any(canary in text for canary in CANARIES)), None)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module that skips itself becomes one that cannot be collected."""
    report = yield
    if report.outcome == "skipped":
        _fail(report, f"{collector.nodeid} skipped itself: {RUNS}")
    return report


def _fail(report: Any, what: str) -> None:
    report.outcome = "failed"
    report.longrepr = what
    if hasattr(report, "wasxfail"):
        del report.wasxfail
