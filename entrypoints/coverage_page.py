"""The capability table as data and as a page; both are made from the gateways themselves."""

from collections.abc import Iterator, Mapping

import attrs

from application.coverage import Cell, coverage
from ports.gateway import Provider
from ports.providers import ProviderCatalogue

Table = Mapping[Provider, tuple[Cell, ...]]


def table(catalogue: ProviderCatalogue) -> Table:
    """Every provider with its default settings."""
    return {provider: coverage(catalogue.sample(provider)) for provider in catalogue.providers}


def as_data(found: Table) -> dict[str, dict[str, dict[str, str]]]:
    """`{provider: {row: {state, kind, why, wire, evidence}}}`; what does not apply is left out."""
    return {str(provider): {cell.row: shown(cell) for cell in cells} for provider, cells in found.items()}


def shown(cell: Cell) -> dict[str, str]:
    """A cell without its name and without what does not apply."""
    parts = attrs.asdict(cell)
    return {name: str(value) for name, value in parts.items() if name != "row" and value is not None}


def as_markdown(found: Table) -> str:
    """The page `docs/capabilities.md`."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Table) -> Iterator[str]:
    yield "# Capabilities"
    yield ""
    yield "Made from the code by `make docs`; a test fails when it is stale. *Assumed wire*: at least one endpoint"
    yield "that the capability uses has no public source, only our assumption, which the sandbox shares. A passing test"
    yield "against the sandbox proves that both sides agree, not that the vendor does. Which writes can be proved"
    yield "afterwards is in [architecture.md](architecture.md)."
    for provider, cells in found.items():
        present = sum(cell.state == "yes" for cell in cells)
        yield from ("", f"## {provider}: {present} of {len(cells)}", "", "| capability | | wire |", "|---|---|---|")
        for cell in cells:
            yield f"| {cell.row} | {_state(cell)} | {cell.wire or ''} |"


def _state(cell: Cell) -> str:
    return "yes" if cell.state == "yes" else f"no ({(cell.kind or '').replace('_', ' ')}): {cell.why}"
