"""What vendors tell of their own accord: let in by their signature, shown to whoever keeps the connection."""

import hmac
from datetime import datetime
from typing import Any

import attrs
from msgspec import UNSET, UnsetType

from domain.errors import UnknownSenderError
from entrypoints.web.access import may
from entrypoints.web.operation import NO_BODY, Body, Call, NoQuery, Operation, PageQuery, Reply
from entrypoints.web.paging import Items, page_of
from entrypoints.web.problems import ProblemError
from entrypoints.web.replies import unless_none
from ports.api_keys import Permission
from ports.errors import PortError
from ports.vendor_events import HeardEvent

LARGEST_EVENT = 64 * 1024


@attrs.frozen(kw_only=True)
class VendorEventReply:
    """An event that came. `event` and `type` are the vendor's; `fault`: why its copy of the ATS is not kept up."""

    id: str
    event: str
    type: str
    changed: tuple[str, ...]
    received_at: datetime
    fault: str | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class TakenReply:
    """That it came, and need not come again."""

    status: str = "received"


async def receive_vendor_event(call: Call[bytes, NoQuery]) -> Reply:
    try:
        await call.services.receive_vendor_event(call.connection, call.headers, call.body)
    except UnknownSenderError as error:
        if isinstance(error.__cause__, PortError):
            if await _may_know(call):
                raise error.__cause__ from None
            # A stranger shall not tell by the time that there was nothing to compare with.
            hmac.digest(b"nobody", call.body, "sha256")
        headers = {"WWW-Authenticate": 'Signature realm="atsbridge"'}
        raise ProblemError(401, "unauthorized", "the sender is not known here", headers=headers) from None
    return Reply(value=TakenReply())


async def _may_know(call: Call[bytes, NoQuery]) -> bool:
    """Whether the caller has a key for the connection: somebody who tries out what they set up."""
    try:
        may(await call.services.gate.caller(call.headers), Permission.CONNECTIONS, call.connection)
    except ProblemError:
        return False
    return True


async def list_vendor_events(call: Call[None, PageQuery]) -> Reply:
    limit = call.query.limit
    found = await call.services.vendor_inbox.page(call.scope, call.connection, after=call.query.cursor, limit=limit + 1)
    return Reply(value=page_of(found, limit, _event_reply))


def _event_reply(heard: HeardEvent) -> VendorEventReply:
    return VendorEventReply(
        id=heard.id,
        event=heard.event,
        type=heard.type,
        changed=heard.changed,
        received_at=heard.received_at,
        fault=unless_none(heard.fault),
    )


def _as_it_came(_: object) -> bytes:
    raise TypeError("an event is read by its bytes")


_PATH = "/v1/connections/{connection}/vendor-events"
OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        method="POST",
        path=_PATH,
        summary="For vendors: something changed. Known by the vendor's signature over the body",
        handler=receive_vendor_event,
        permission=None,
        body=Body(dict[str, Any], _as_it_came, read=bytes),
        query=NoQuery,
        returns=(TakenReply,),
        headers={
            "X-Kombo-Signature": "Kombo's: HMAC-SHA256 of the body with the webhook_secret, base64url, no padding."
        },
        largest=LARGEST_EVENT,
        paced=True,
    ),
    Operation(
        method="GET",
        path=_PATH,
        summary="What the vendor told of its own accord, the newest first",
        handler=list_vendor_events,
        permission=Permission.CONNECTIONS,
        body=NO_BODY,
        query=PageQuery,
        returns=(Items[VendorEventReply],),
    ),
)
