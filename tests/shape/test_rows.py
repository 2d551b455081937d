"""The tables of endpoints, and the capabilities that use them."""

import inspect
from importlib import import_module
from typing import Any, get_args, get_type_hints

import pytest

from adapters.deps import Deps
from adapters.providers import PROVIDERS, Catalogue
from adapters.rest.api import Api
from adapters.rest.endpoint import Endpoint
from adapters.rest.retry import RetryPolicy
from adapters.turns.in_process import InProcessTurns
from ports.gateway import CAPABILITIES, Absence, Gateway
from tests.clocks import FakeClock
from tests.shape.source import ROOT

READS_BY_POST = {
    ("erecruit", "duplicates"),
    ("erecruit", "legacy_log_in"),
    ("avionte", "jobs_by_ids"),
    ("tempworks", "search"),
}
"""Rows that are sent by POST and change nothing, or nothing but a token of ours."""


def _rows() -> list[tuple[str, Endpoint[Any]]]:
    modules = sorted(path.parent.name for path in (ROOT / "adapters").glob("*/endpoints.py"))
    return [
        (name, value)
        for name in modules
        for value in vars(import_module(f"adapters.{name}.endpoints")).values()
        if isinstance(value, Endpoint)
    ]


ROWS = _rows()
UNSAFE = [pytest.param(row, id=f"{provider}-{row.name}") for provider, row in ROWS if not row.repeatable]


@pytest.mark.parametrize("row", UNSAFE)
async def test_an_unsafe_row_is_not_called_without_an_attempt(row: Endpoint[Any]) -> None:
    clock = FakeClock()
    api = Api(provider="any", links={}, turns=InProcessTurns(clock), clock=clock, retry=RetryPolicy())

    with pytest.raises(TypeError, match="needs an attempt"):
        await api.call(row)


def test_whatever_changes_something_is_unsafe() -> None:
    repeatable = {(provider, row.name) for provider, row in ROWS if row.repeatable and row.method != "GET"}

    assert repeatable <= READS_BY_POST
    assert [row.name for _, row in ROWS if row.method == "GET" and not row.repeatable] == []


def test_rows_have_names_of_their_own_and_say_where_they_come_from() -> None:
    names = [(provider, row.name) for provider, row in ROWS]

    assert len(names) == len(set(names))
    assert [row.name for _, row in ROWS if not row.source.strip()] == []


def _takes_an_attempt(capability: str) -> bool:
    (port, _) = get_args(get_type_hints(Gateway)[capability])
    methods = (value for name, value in inspect.getmembers(port, inspect.isfunction) if not name.startswith("_"))
    return any("attempt" in inspect.signature(method).parameters for method in methods)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("capability", CAPABILITIES)
def test_a_capability_uses_unsafe_rows_only_where_its_port_takes_an_attempt(provider: Any, capability: str) -> None:
    clock = FakeClock()
    gateway = Catalogue(Deps(turns=InProcessTurns(clock), clock=clock)).sample(provider)
    port = getattr(gateway, capability)
    if isinstance(port, Absence):
        assert port.why
        return
    uses = getattr(port, "uses", ())

    assert any(not row.repeatable for row in uses) is (_takes_an_attempt(capability) and bool(uses))
