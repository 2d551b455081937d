"""Connections: kept without ever showing their credentials, changed by merge patch, checked live."""

from collections.abc import Mapping
from typing import Any

import attrs

from domain.errors import InvalidError
from entrypoints.decoding import decode
from entrypoints.web.connecting import added
from entrypoints.web.operation import JSON, NO_BODY, Body, Call, NoQuery, Operation, PageQuery, Reply
from entrypoints.web.paging import Items, page_of
from entrypoints.web.policies import policy_json, policy_of
from entrypoints.web.problems import ProblemError
from entrypoints.web.replies import CheckReply, ConnectionReply, check_reply, connection_reply
from entrypoints.web.schemas import ConnectionBody, ConnectionParts, ConnectionPatch
from ports.api_keys import Permission


async def add_connection(call: Call[object, NoQuery]) -> Reply:
    if call.scope.connection is not None:
        raise ProblemError(403, "not-allowed", "a key of one connection cannot add another")
    services = call.services
    connection = await added(call.body, services.add_connection, services.catalogue, services.clock)
    location = f"/v1/connections/{connection.id}"
    return Reply(value=connection_reply(connection), headers={"Location": location})


async def list_connections(call: Call[None, PageQuery]) -> Reply:
    limit = call.query.limit
    found = await call.services.kept_connections.page(call.scope, after=call.query.cursor, limit=limit + 1)
    return Reply(value=page_of(found, limit, connection_reply))


async def get_connection(call: Call[None, NoQuery]) -> Reply:
    return Reply(value=connection_reply(await call.services.kept_connections.get(call.scope, call.connection)))


@attrs.frozen
class Patch:
    """A merge patch; `raw` tells a member that is null from one that is not there."""

    raw: Mapping[str, Any] = attrs.field(repr=False)
    credentials: Mapping[str, Any] | None = attrs.field(repr=False)


def decode_patch(raw: object) -> Patch:
    """Raises InvalidError. Null removes a member, but credentials cannot be removed."""
    if isinstance(raw, dict) and raw.get("credentials", {}) is None:
        raise InvalidError.at("/credentials", "must be an object")
    body = decode(raw, ConnectionPatch)
    return Patch(raw if isinstance(raw, dict) else {}, body.credentials)


async def change_connection(call: Call[Patch, NoQuery]) -> Reply:
    kept = await call.services.kept_connections.get(call.scope, call.connection)
    before = {"name": kept.name, "settings": dict(kept.settings), "policy": policy_json(kept.policy)}
    patch = {name: value for name, value in call.body.raw.items() if name != "credentials"}
    parts = decode(merged(before, patch), ConnectionParts)
    changed = attrs.evolve(kept, name=parts.name, settings=parts.settings, policy=policy_of(parts.policy))
    new = await call.services.change_connection(call.scope, changed, call.body.credentials, may_move=call.is_admin())
    shown = await call.services.kept_connections.get(call.scope, new.id)
    return Reply(value=connection_reply(shown))


def merged(before: object, patch: object) -> object:
    """A merge patch applied (RFC 7396)."""
    if not isinstance(patch, Mapping):
        return patch
    result: dict[str, Any] = dict(before) if isinstance(before, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


async def remove_connection(call: Call[None, NoQuery]) -> Reply:
    await call.services.kept_connections.remove(call.scope, call.connection)
    return Reply()


async def check_connection(call: Call[None, NoQuery]) -> Reply:
    return Reply(value=check_reply(await call.services.check_connection(call.scope, call.connection)))


def _unchanged(raw: object) -> object:
    return raw


_ONE = "/v1/connections/{connection}"
OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/connections",
        summary="Add a connection",
        handler=add_connection,
        permission=Permission.CONNECTIONS,
        body=Body(ConnectionBody, _unchanged),
        query=NoQuery,
        returns=(ConnectionReply,),
        status=201,
    ),
    Operation(
        method="GET",
        path="/v1/connections",
        summary="List connections",
        handler=list_connections,
        permission=Permission.CONNECTIONS,
        body=NO_BODY,
        query=PageQuery,
        returns=(Items[ConnectionReply],),
    ),
    Operation(
        method="GET",
        path=_ONE,
        summary="Show a connection",
        handler=get_connection,
        permission=Permission.CONNECTIONS,
        body=NO_BODY,
        query=NoQuery,
        returns=(ConnectionReply,),
    ),
    Operation(
        method="PATCH",
        path=_ONE,
        summary="Change a connection; its hosts only together with credentials, by an admin key",
        handler=change_connection,
        permission=Permission.CONNECTIONS,
        body=Body(ConnectionPatch, decode_patch),
        query=NoQuery,
        returns=(ConnectionReply,),
        takes=JSON | {"application/merge-patch+json"},
    ),
    Operation(
        method="DELETE",
        path=_ONE,
        summary="Remove a connection with its credentials",
        handler=remove_connection,
        permission=Permission.CONNECTIONS,
        body=NO_BODY,
        query=NoQuery,
        returns=(),
        status=204,
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/check",
        summary="Log in to each host, and look for ids of settings and policy that do not exist",
        handler=check_connection,
        permission=Permission.CONNECTIONS,
        body=NO_BODY,
        query=NoQuery,
        returns=(CheckReply,),
    ),
)
