"""The route table: every operation that there is."""

from typing import Any

from entrypoints.web.operation import Operation
from entrypoints.web.routes import (
    api_keys,
    capabilities,
    catalogues,
    connections,
    intake,
    kept_records,
    people,
    pulls,
    records,
    results,
    service,
    vendor_events,
    webhooks,
    writebacks,
    writes,
)

OPERATIONS: tuple[Operation[Any, Any], ...] = (
    *service.OPERATIONS,
    *api_keys.OPERATIONS,
    *capabilities.OPERATIONS,
    *connections.OPERATIONS,
    *results.OPERATIONS,
    *writebacks.OPERATIONS,
    *writes.OPERATIONS,
    *records.OPERATIONS,
    *kept_records.OPERATIONS,
    *pulls.OPERATIONS,
    *catalogues.OPERATIONS,
    *people.OPERATIONS,
    *vendor_events.OPERATIONS,
    *intake.OPERATIONS,
    *webhooks.OPERATIONS,
)
