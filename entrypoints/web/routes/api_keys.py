"""API keys: made, listed and taken away by a key that may do everything."""

from typing import Any

import attrs

from domain.errors import Fault, InvalidError
from domain.ids import ConnectionId
from entrypoints.web.access import new_key
from entrypoints.web.operation import NO_BODY, Call, NoQuery, Operation, PageQuery, Reply, json_body
from entrypoints.web.paging import Items, page_of
from entrypoints.web.problems import ProblemError
from entrypoints.web.replies import ApiKeyReply, NewApiKeyReply, api_key_reply
from entrypoints.web.schemas import ApiKeyBody
from ports.api_keys import ApiKey, Permission
from ports.errors import NotFoundError


def _of_all_connections(call: Call[Any, Any]) -> None:
    """A key of one connection could make itself one of all: so it makes none."""
    if call.scope.connection is not None:
        raise ProblemError(403, "not-allowed", "a key of one connection has no say over keys")


async def add_api_key(call: Call[ApiKeyBody, NoQuery]) -> Reply:
    _of_all_connections(call)
    body = call.body
    await _check(call)
    key_id, text, digest = new_key()
    key = ApiKey(
        id=key_id,
        name=body.name,
        permissions=frozenset(body.scopes),
        connection=ConnectionId(body.connection) if body.connection else None,
        created_at=call.services.clock.now(),
        expires_at=body.expires_at,
        secret_sha256=digest,
    )
    await call.services.api_keys.add(key)
    shown = attrs.asdict(api_key_reply(key), recurse=False)
    return Reply(value=NewApiKeyReply(**shown, key=text))


async def _check(call: Call[ApiKeyBody, NoQuery]) -> None:
    faults = []
    if call.body.connection is not None:
        try:
            await call.services.kept_connections.get(call.scope, ConnectionId(call.body.connection))
        except NotFoundError:
            faults.append(Fault("/connection", "there is no such connection"))
    if call.body.expires_at is not None and call.body.expires_at <= call.services.clock.now():
        faults.append(Fault("/expires_at", "must be in the future"))
    if faults:
        raise InvalidError(*faults)


async def list_api_keys(call: Call[None, PageQuery]) -> Reply:
    _of_all_connections(call)
    limit = call.query.limit
    found = await call.services.api_keys.page(call.scope, after=call.query.cursor, limit=limit + 1)
    return Reply(value=page_of(found, limit, api_key_reply))


async def remove_api_key(call: Call[None, NoQuery]) -> Reply:
    _of_all_connections(call)
    await call.services.api_keys.remove(call.scope, call.params["key"])
    call.services.gate.forget(call.params["key"])
    return Reply()


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/api-keys",
        summary="Make an API key",
        handler=add_api_key,
        permission=Permission.ADMIN,
        body=json_body(ApiKeyBody),
        query=NoQuery,
        returns=(NewApiKeyReply,),
        status=201,
    ),
    Operation(
        method="GET",
        path="/v1/api-keys",
        summary="List API keys",
        handler=list_api_keys,
        permission=Permission.ADMIN,
        body=NO_BODY,
        query=PageQuery,
        returns=(Items[ApiKeyReply],),
    ),
    Operation(
        method="DELETE",
        path="/v1/api-keys/{key}",
        summary="Take an API key away",
        handler=remove_api_key,
        permission=Permission.ADMIN,
        body=NO_BODY,
        query=NoQuery,
        returns=(),
        status=204,
    ),
)
