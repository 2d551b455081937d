"""What the operations share that read an ATS live."""

from typing import Any, TypeVar

from entrypoints.web.operation import NO_BODY, Call, Handler, Operation
from ports.api_keys import Permission
from ports.gateway import Gateway

Q = TypeVar("Q")


async def gateway_of(call: Call[Any, Any]) -> Gateway:
    """The connection of the path, opened. Raises NotFoundError, AccessError."""
    _, gateway = await call.services.connections.open(call.scope, call.connection)
    return gateway


def reading(path: str, summary: str, handler: Handler[None, Q], query: type[Q], *returns: Any) -> Operation[None, Q]:
    """A GET that the permission to read allows; `returns` are the kinds of answer."""
    return Operation(
        method="GET",
        path=path,
        summary=summary,
        handler=handler,
        permission=Permission.READ,
        body=NO_BODY,
        query=query,
        returns=returns,
    )
