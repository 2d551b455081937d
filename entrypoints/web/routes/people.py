"""People: what is kept of one can be erased."""

from datetime import datetime

import attrs

from domain.ids import CandidateId, ConnectionId
from entrypoints.web.operation import NO_BODY, Call, NoQuery, Operation, Reply
from ports.api_keys import Permission
from ports.people import Erasure


@attrs.frozen(kw_only=True)
class ErasureReply:
    """The receipt: how many commands, effects, files, events and records lost what they held of the person.

    Keys and digests stay."""

    connection: str
    candidate: str
    erased_at: datetime
    commands: int
    effects: int
    files: int
    events: int
    records: int


async def erase_person(call: Call[None, NoQuery]) -> Reply:
    candidate = CandidateId(call.params["candidate"])
    erased = await call.services.erase_person(call.scope, call.connection, candidate)
    return Reply(value=erasure_reply(call.connection, candidate, call.services.clock.now(), erased))


def erasure_reply(connection: ConnectionId, candidate: CandidateId, at: datetime, erased: Erasure) -> ErasureReply:
    """The receipt of an erasure."""
    return ErasureReply(
        connection=connection,
        candidate=candidate,
        erased_at=at,
        commands=erased.commands,
        effects=erased.effects,
        files=erased.files,
        events=erased.events,
        records=erased.records,
    )


OPERATIONS = (
    Operation(
        method="DELETE",
        path="/v1/connections/{connection}/people/{candidate}",
        summary="Erase what is kept of a candidate, with a receipt",
        handler=erase_person,
        permission=Permission.WRITE,
        body=NO_BODY,
        query=NoQuery,
        returns=(ErasureReply,),
    ),
)
