"""What every run begins and ends with: one PostgreSQL server for all workers, and no test that is skipped."""

from tests.persistence.postgres import pytest_configure, pytest_configure_node, pytest_sessionfinish
from tests.strictness import pytest_make_collect_report, pytest_runtest_makereport

__all__ = [
    "pytest_configure",
    "pytest_configure_node",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_sessionfinish",
]
