"""Write-backs: how far they have come, and what a person can do for them."""

import attrs

from domain.ids import CommandId, ConnectionId
from domain.writeback import WriteBackState
from entrypoints.values import Id
from entrypoints.web.operation import NO_BODY, Call, NoQuery, Operation, PageQuery, Reply, json_body
from entrypoints.web.paging import Items, page_of
from entrypoints.web.problems import not_found
from entrypoints.web.replies import WriteBackReply, write_back_reply
from entrypoints.web.schemas import SettleBody
from ports.api_keys import Permission


@attrs.frozen(kw_only=True)
class WriteBacksQuery(PageQuery):
    """Newest first, all or those in one state or of one connection."""

    state: WriteBackState | None = None
    connection: Id | None = None


async def list_writebacks(call: Call[None, WriteBacksQuery]) -> Reply:
    query = call.query
    connection = ConnectionId(query.connection) if query.connection else None
    if connection is not None:
        await call.services.kept_connections.get(call.scope, connection)
    found = await call.services.commands.page(
        call.scope, state=query.state, connection=connection, after=query.cursor, limit=query.limit + 1
    )
    return Reply(value=page_of(found, query.limit, write_back_reply))


async def get_writeback(call: Call[None, NoQuery]) -> Reply:
    return Reply(value=write_back_reply(await call.services.commands.get(call.scope, _id(call))))


async def replay_writeback(call: Call[None, NoQuery]) -> Reply:
    return Reply(value=write_back_reply(await call.services.commands.replay(call.scope, _id(call))))


async def settle_effect(call: Call[SettleBody, NoQuery]) -> Reply:
    n = call.params["n"]
    if not (n.isascii() and n.isdigit() and len(n) <= 6):
        raise not_found()
    found = await call.services.commands.settle(call.scope, _id(call), int(n), call.body.as_)
    return Reply(value=write_back_reply(found))


def _id(call: Call[None, NoQuery] | Call[SettleBody, NoQuery]) -> CommandId:
    return CommandId(call.params["writeback"])


_ONE = "/v1/writebacks/{writeback}"
OPERATIONS = (
    Operation(
        method="GET",
        path="/v1/writebacks",
        summary="List write-backs, newest first",
        handler=list_writebacks,
        permission=Permission.READ,
        body=NO_BODY,
        query=WriteBacksQuery,
        returns=(Items[WriteBackReply],),
    ),
    Operation(
        method="GET",
        path=_ONE,
        summary="Show a write-back and its effects",
        handler=get_writeback,
        permission=Permission.READ,
        body=NO_BODY,
        query=NoQuery,
        returns=(WriteBackReply,),
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/replay",
        summary="Let a refused, held or dead write-back go on",
        handler=replay_writeback,
        permission=Permission.WRITE,
        body=NO_BODY,
        query=NoQuery,
        returns=(WriteBackReply,),
    ),
    Operation(
        method="POST",
        path=f"{_ONE}/effects/{{n}}/settle",
        summary="Settle a held effect by a person's word",
        handler=settle_effect,
        permission=Permission.WRITE,
        body=json_body(SettleBody),
        query=NoQuery,
        returns=(WriteBackReply,),
    ),
)
