"""Coverage: what each provider can do, derived from its gateway, so that the table cannot lie."""

from collections.abc import Iterator

import attrs

from ports.gateway import CAPABILITIES, Absence, Gateway


@attrs.frozen(kw_only=True)
class Cell:
    """One capability of one provider. `wire` is "assumed" when any endpoint that it uses is."""

    row: str
    state: str
    kind: str | None = None
    why: str | None = None
    wire: str | None = None
    evidence: str | None = None


def coverage(gateway: Gateway) -> tuple[Cell, ...]:
    """A cell for each capability, and one for bulk rejection: it is many rejections, one effect and result an id."""
    return tuple(_cells(gateway))


def _cells(gateway: Gateway) -> Iterator[Cell]:
    for row in CAPABILITIES:
        cell = _cell(row, getattr(gateway, row))
        yield cell
        if row == "rejection":
            yield attrs.evolve(cell, row="bulk_rejection")


def _cell(row: str, port: object) -> Cell:
    if isinstance(port, Absence):
        return Cell(row=row, state="absent", kind=port.kind, why=port.why)
    wires = {str(endpoint.wire) for endpoint in getattr(port, "uses", ())}
    wire = ("assumed" if "assumed" in wires else "sourced") if wires else None
    evidence = getattr(port, "evidence", None)
    return Cell(row=row, state="yes", wire=wire, evidence=evidence)
