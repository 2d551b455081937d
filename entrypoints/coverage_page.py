"""The capability table as data and as a page; both are made from the gateways themselves."""

from collections.abc import Iterator, Mapping

import attrs

from application.coverage import Cell, coverage
from ports.gateway import Provider
from ports.providers import ProviderCatalogue

Table = Mapping[Provider, tuple[Cell, ...]]

_PROOF = {
    "live": "yes, both ways: a live read shows it, or shows that it is not there",
    "presence_only": "only that it is there: if it is not found, a person must settle it",
    "none": "no: a person must settle it",
}
_WRITES = (
    ("note on an application", "application_notes"),
    ("note on a candidate", "candidate_notes"),
    ("file on an application", "application_files"),
    ("file on a candidate", "candidate_files"),
    ("custom field of a job", "job_fields"),
    ("custom field of an application", "application_fields"),
    ("custom field of a candidate", "candidate_fields"),
    ("tag", "tagging"),
    ("status or stage", "stage_moves"),
    ("rejection", "rejection"),
    ("application", "application_intake"),
)


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
    yield "against the sandbox proves that both sides agree, not that the vendor does."
    for provider, cells in found.items():
        present = sum(cell.state == "yes" for cell in cells)
        yield from ("", f"## {provider}: {present} of {len(cells)}", "", "| capability | | wire |", "|---|---|---|")
        for cell in cells:
            yield f"| {cell.row} | {_state(cell)} | {cell.wire or ''} |"
        yield from _proofs(cells)


def _state(cell: Cell) -> str:
    return "yes" if cell.state == "yes" else f"no ({(cell.kind or '').replace('_', ' ')}): {cell.why}"


def _proofs(cells: tuple[Cell, ...]) -> Iterator[str]:
    by_row = {cell.row: cell for cell in cells}
    yield from ("", "If the reply to a write is lost, can it be proved afterwards whether it happened?", "")
    yield from ("| effect | proof |", "|---|---|")
    for effect, row in _WRITES:
        cell = by_row[row]
        if cell.state == "yes" and cell.evidence is not None:
            yield f"| {effect} | {_PROOF[cell.evidence]} |"
