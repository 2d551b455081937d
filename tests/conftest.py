"""What every run of the tests begins and ends with: the one PostgreSQL server that all workers share."""

from tests.persistence.postgres import pytest_configure, pytest_configure_node, pytest_sessionfinish

__all__ = ["pytest_configure", "pytest_configure_node", "pytest_sessionfinish"]
