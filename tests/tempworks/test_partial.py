"""Rows, records and results of searches tell of the same record in parts: laid over one another they say the same."""

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from domain.pull import merged
from ports.gateway import Gateway, need

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def told(gateway: Gateway, kind: str, after: datetime | None) -> dict[str, Any]:
    """What a full read tells, or a read of changes since long ago."""
    port = need(getattr(gateway, f"{kind}_feed"))
    pages = getattr(port, f"changed_{kind}s")(after)
    seen = [one async for page in pages for one in page]
    # A candidate on an order looks the same in every list.
    assert all(one.partial is not one.id.startswith("candidate:") for one in seen)
    return {one.id: one.load() for one in seen}


@pytest.mark.parametrize(("kind", "more"), [("candidate", {"phones"}), ("job", {"location"}), ("application", set())])
async def test_a_row_tells_nothing_else_than_the_record_by_its_id_but_what_that_one_does_not_have(
    gateway: Gateway, kind: str, more: set[str]
) -> None:
    rows, records = await told(gateway, kind, None), await told(gateway, kind, LONG_AGO)
    for number in rows.keys() & records.keys():
        record, both = records[number], merged(records[number], rows[number])

        assert {name for name in attrs.asdict(record) if getattr(both, name) != getattr(record, name)} <= more


@pytest.mark.parametrize("kind", ["candidate", "job", "application"])
async def test_a_full_read_after_a_read_of_changes_is_no_change_of_any_record(gateway: Gateway, kind: str) -> None:
    rows, changes = await told(gateway, kind, None), await told(gateway, kind, LONG_AGO)
    both = rows.keys() & changes.keys()
    assert both
    for number in both:
        kept = merged(rows[number], changes[number])

        assert merged(kept, rows[number]) == merged(kept, changes[number]) == kept
        assert kept.changed_at is not None or number.startswith("candidate:")
