"""Capabilities: what can be done with each provider, and over one connection, derived from the code."""

from typing import Any

import attrs
from msgspec import UNSET, UnsetType

from application.coverage import coverage
from entrypoints.web.live import gateway_of, reading
from entrypoints.web.operation import Call, NoQuery, Reply
from entrypoints.web.replies import unless_none
from ports.gateway import Gateway


@attrs.frozen(kw_only=True)
class CapabilityReply:
    """Whether something can be done. `kind` and `why` say why not; `wire` and `evidence` how sure it is."""

    state: str
    kind: str | UnsetType = UNSET
    why: str | UnsetType = UNSET
    wire: str | UnsetType = UNSET
    evidence: str | UnsetType = UNSET


def _rows(gateway: Gateway) -> dict[str, CapabilityReply]:
    return {
        cell.row: CapabilityReply(
            state=cell.state,
            kind=unless_none(cell.kind),
            why=unless_none(cell.why),
            wire=unless_none(cell.wire),
            evidence=unless_none(cell.evidence),
        )
        for cell in coverage(gateway)
    }


async def list_capabilities(call: Call[None, NoQuery]) -> Reply:
    catalogue = call.services.catalogue
    return Reply(value={str(one): _rows(catalogue.sample(one)) for one in catalogue.providers})


async def list_connection_capabilities(call: Call[None, NoQuery]) -> Reply:
    gateway = await gateway_of(call)
    return Reply(value={str(gateway.provider): _rows(gateway)})


_TABLE: Any = dict[str, dict[str, CapabilityReply]]
OPERATIONS = (
    reading("/v1/capabilities", "What each provider can do by default", list_capabilities, NoQuery, _TABLE),
    reading(
        "/v1/connections/{connection}/capabilities",
        "What this connection can do",
        list_connection_capabilities,
        NoQuery,
        _TABLE,
    ),
)
