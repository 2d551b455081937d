"""A test that does not run proves nothing: skipped and expectedly failing tests fail the run.

A plugin of pytest: the hooks are entered by `tests/conftest.py`.
"""

from collections.abc import Generator
from typing import Any

import pytest

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skip, and a failure that was expected, become failures; an unexpected pass is one already."""
    report = yield
    if report.outcome == "skipped":
        _fail(report, f"{item.nodeid} {'was expected to fail' if hasattr(report, 'wasxfail') else 'was skipped'}")
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A module that skips itself becomes one that cannot be collected."""
    report = yield
    if report.outcome == "skipped":
        _fail(report, f"{collector.nodeid} skipped itself")
    return report


def _fail(report: Any, what: str) -> None:
    report.outcome = "failed"
    report.longrepr = f"{what}: every test runs, or is removed"
    if hasattr(report, "wasxfail"):
        del report.wasxfail
