"""The service itself: alive, ready, counted, described. No key is asked for, and nothing of customers is told."""

import attrs
from msgspec import UNSET, UnsetType

from entrypoints.web.operation import NO_BODY, Call, Handler, NoQuery, Operation, Reply
from entrypoints.web.problems import ProblemError
from entrypoints.web.services import Check
from ports.errors import PortError


@attrs.frozen(kw_only=True)
class StatusReply:
    """That all is well. `details` is what somebody should look at all the same."""

    status: str
    details: tuple[str, ...] | UnsetType = UNSET


async def get_health(_: Call[None, NoQuery]) -> Reply:
    return Reply(value=StatusReply(status="ok"))


async def get_readiness(call: Call[None, NoQuery]) -> Reply:
    found = [await _problem(name, check) for name, check in call.services.checks.items()]
    problems = [problem for problem in found if problem]
    if problems:
        raise ProblemError(503, "not-ready", "; ".join(problems), headers={"Retry-After": "5"})
    return Reply(value=StatusReply(status="ready", details=await _details(call) or UNSET))


async def _details(call: Call[None, NoQuery]) -> tuple[str, ...]:
    """How many, and not whose: nothing of customers is told here."""
    given_up = await call.services.endpoints.given_up()
    return (f"webhook endpoints disabled by their failures: {given_up}",) if given_up else ()


async def _problem(name: str, check: Check) -> str | None:
    try:
        await check()
    except PortError as error:
        return f"{name}: {error.message}"
    return None


async def get_metrics(call: Call[None, NoQuery]) -> Reply:
    content = call.services.telemetry.exposed()
    return Reply(content=content, media_type="text/plain; version=0.0.4; charset=utf-8")


async def get_openapi(call: Call[None, NoQuery]) -> Reply:
    return Reply(content=call.services.description.openapi)


async def get_docs(call: Call[None, NoQuery]) -> Reply:
    shown = call.services.description
    headers = {"Content-Security-Policy": shown.policy}
    return Reply(content=shown.page, media_type="text/html; charset=utf-8", headers=headers)


def _open(
    path: str, summary: str, handler: Handler[None, NoQuery], *returns: object, gives: str = "application/json"
) -> Operation[None, NoQuery]:
    return Operation(
        method="GET",
        path=path,
        summary=summary,
        handler=handler,
        permission=None,
        body=NO_BODY,
        query=NoQuery,
        returns=returns,
        gives=gives,
    )


OPERATIONS = (
    _open("/healthz", "The process is alive", get_health, StatusReply),
    _open("/readyz", "The database answers, and so does the queue if there is one", get_readiness, StatusReply),
    _open("/metrics", "Counts for Prometheus", get_metrics, str, gives="text/plain"),
    _open("/openapi.json", "This description", get_openapi, dict),
    _open("/docs", "This description, to be read", get_docs, str, gives="text/html"),
)
