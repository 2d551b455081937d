"""Call results and screenings: handed in, or shown as a dry run."""

from typing import Any

import attrs
from msgspec import UNSET, UnsetType

from application.post_call_results import key_of
from domain.attachment import Attachment
from domain.call_result import CallResult
from domain.result_event import result_json
from domain.screening import Screening
from entrypoints.bodies import (
    CallResultBody,
    ScreeningBody,
    decode_call_result,
    decode_screening,
    read_call_result,
    read_screening,
)
from entrypoints.web.files import file_reply
from entrypoints.web.handing_in import HEADERS, MATCH_HEADER, agreed_plan, dry_run_reply, handed_in
from entrypoints.web.operation import NO_BODY, Body, Call, NoQuery, Operation, Reply
from entrypoints.web.replies import AcceptedReply, PlanReply, WriteBackReply, write_back_reply
from ports.api_keys import Permission
from ports.errors import NotFoundError


@attrs.frozen(kw_only=True)
class ResultReply(WriteBackReply):
    """What became of a result, and the result itself while it is kept; of its report only name, size and digest."""

    result: dict[str, Any] | UnsetType = UNSET


@attrs.frozen(kw_only=True)
class HandInQuery:
    """With `dry_run=true` nothing is written: the answer is the plan."""

    dry_run: bool = False


async def post_call_result(call: Call[tuple[CallResult, tuple[Attachment, ...]], HandInQuery]) -> Reply:
    result, files = call.body
    use_case = call.services.post_call_results
    if call.query.dry_run:
        return dry_run_reply(await use_case.dry_run(call.scope, call.connection, result))
    accepted = await use_case(call.scope, call.connection, result, files, if_match=agreed_plan(call))
    return await handed_in(call, accepted)


async def post_screening(call: Call[Screening, HandInQuery]) -> Reply:
    use_case = call.services.screen_and_tag
    if call.query.dry_run:
        return dry_run_reply(await use_case.dry_run(call.scope, call.connection, call.body))
    accepted = await use_case(call.scope, call.connection, call.body, if_match=agreed_plan(call))
    return await handed_in(call, accepted)


async def get_result(call: Call[None, NoQuery]) -> Reply:
    commands, key = call.services.commands, key_of(call.params["call"])
    found = await commands.with_key(call.scope, call.connection, key)
    result = await commands.request(call.scope, call.connection, key)
    shown = attrs.asdict(write_back_reply(found), recurse=False)
    whole = result_json(result) if isinstance(result, CallResult) else UNSET
    return Reply(value=ResultReply(**shown, result=whole))


async def get_report(call: Call[None, NoQuery]) -> Reply:
    commands, key = call.services.commands, key_of(call.params["call"])
    result = await commands.request(call.scope, call.connection, key)
    report = result.report if isinstance(result, CallResult) else None
    if report is None:
        raise NotFoundError("report of call", call.params["call"])
    content = await commands.file(call.scope, call.connection, key, report.sha256)
    return file_reply(report.filename, report.media_type, content, otherwise="report.pdf")


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/connections/{connection}/call-results",
        summary="Hand in a call result, or (dry_run=true) show what it would change in the ATS",
        handler=post_call_result,
        permission=Permission.WRITE,
        body=Body(CallResultBody, decode_call_result, read_call_result),
        query=HandInQuery,
        returns=(AcceptedReply,),
        status=202,
        also={200: (PlanReply, WriteBackReply)},
        headers={**HEADERS, **MATCH_HEADER},
    ),
    Operation(
        method="POST",
        path="/v1/connections/{connection}/screenings",
        summary="Hand in a screening, or (dry_run=true) show what it would change in the ATS",
        handler=post_screening,
        permission=Permission.WRITE,
        body=Body(ScreeningBody, decode_screening, read_screening),
        query=HandInQuery,
        returns=(AcceptedReply,),
        status=202,
        also={200: (PlanReply, WriteBackReply)},
        headers={**HEADERS, **MATCH_HEADER},
    ),
    Operation(
        method="GET",
        path="/v1/connections/{connection}/results/{call}",
        summary="Show a call's result, and what became of it",
        handler=get_result,
        permission=Permission.READ,
        body=NO_BODY,
        query=NoQuery,
        returns=(ResultReply,),
    ),
    Operation(
        method="GET",
        path="/v1/connections/{connection}/results/{call}/report",
        summary="The report that came with a call's result, while it is kept",
        handler=get_report,
        permission=Permission.READ,
        body=NO_BODY,
        query=NoQuery,
        returns=(bytes,),
    ),
)
