"""Pulls: asked for, watched, and what they could not read."""

from typing import Any

from domain.errors import Fault
from domain.ids import PullId
from entrypoints.web.live import reading
from entrypoints.web.operation import NO_BODY, Call, NoQuery, Operation, PageQuery, Reply, json_body
from entrypoints.web.paging import Items, page_of
from entrypoints.web.problems import ProblemError
from entrypoints.web.pull_schemas import (
    PullBody,
    PullReply,
    PutAsideReply,
    pull_reply,
    put_aside_reply,
)
from ports.api_keys import Permission
from ports.connections import Connection
from ports.pulls import Pull


async def start_pulls(call: Call[PullBody, NoQuery]) -> Reply:
    connection = await _connection(call)
    absent = await call.services.ask_pulls.absent(call.scope, call.connection)
    kinds = call.body.kinds or ()
    faults = tuple(Fault(f"/kinds/{n}", absent[kind]) for n, kind in enumerate(kinds) if kind in absent)
    if faults:
        raise ProblemError(501, "unsupported", faults[0].message, faults=faults)
    found = await call.services.ask_pulls(call.scope, call.connection, kinds, call.body.mode)
    return Reply(value=Items(items=tuple(_shown(call, connection, one) for one in found)))


async def list_pulls(call: Call[None, PageQuery]) -> Reply:
    connection, limit = await _connection(call), call.query.limit
    found = await call.services.pulls.page(call.scope, call.connection, after=call.query.cursor, limit=limit + 1)
    return Reply(value=page_of(found, limit, lambda one: _shown(call, connection, one)))


async def get_pull(call: Call[None, NoQuery]) -> Reply:
    connection = await _connection(call)
    pull = await call.services.pulls.get(call.scope, call.connection, PullId(call.params["pull"]))
    return Reply(value=_shown(call, connection, pull))


async def list_put_aside(call: Call[None, PageQuery]) -> Reply:
    limit = call.query.limit
    found = await call.services.pulls.put_aside(call.scope, call.connection, after=call.query.cursor, limit=limit + 1)
    return Reply(value=page_of(tuple(map(put_aside_reply, found)), limit, lambda one: one))


async def retry_put_aside(call: Call[None, NoQuery]) -> Reply:
    connection = await _connection(call)
    pull = await call.services.ask_pulls.again(call.scope, call.connection, call.params["aside"])
    return Reply(value=_shown(call, connection, pull))


async def _connection(call: Call[Any, Any]) -> Connection:
    return await call.services.kept_connections.get(call.scope, call.connection)


def _shown(call: Call[Any, Any], connection: Connection, pull: Pull) -> PullReply:
    return pull_reply(pull, connection, call.services.clock.now())


_ALL = "/v1/connections/{connection}/pulls"
_ASIDE = "/v1/connections/{connection}/put-aside"
OPERATIONS: tuple[Operation[Any, Any], ...] = (
    Operation(
        method="POST",
        path=_ALL,
        summary="Read what changed in the ATS now, or everything",
        handler=start_pulls,
        permission=Permission.WRITE,
        body=json_body(PullBody),
        query=NoQuery,
        returns=(Items[PullReply],),
        status=202,
        about="One pull for each kind. Where one is under way already, that is the answer, whatever its mode. A kind "
        "that the provider does not give is refused (501) with the reason.",
    ),
    reading(_ALL, "List pulls, newest first", list_pulls, PageQuery, Items[PullReply]),
    reading(f"{_ALL}/{{pull}}", "A pull: how far it has come", get_pull, NoQuery, PullReply),
    reading(
        _ASIDE, "Records that could not be decoded, by kind and id", list_put_aside, PageQuery, Items[PutAsideReply]
    ),
    Operation(
        method="POST",
        path=f"{_ASIDE}/{{aside}}/retry",
        summary="Read a record again that could not be decoded",
        handler=retry_put_aside,
        permission=Permission.WRITE,
        body=NO_BODY,
        query=NoQuery,
        returns=(PullReply,),
        status=202,
        about="A record that was put aside is decoded again whenever it is read, and a full pull of its kind is sure "
        "to read it: that is what this asks for. Where a pull of the kind has begun already, which may have passed it "
        "by, the answer is 409: ask again when that has ended. The id is `kind:id`, percent-encoded.",
    ),
)
