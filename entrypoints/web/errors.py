"""One total table from what goes wrong to problem documents, and the last resort for what nobody foresaw."""

import math
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

import attrs
import structlog
from aiohttp import web

from domain.errors import DomainError, Fault, InvalidError, NotAllowedError, PlanMovedError, UnknownSenderError
from entrypoints.logs import frames
from entrypoints.web.problems import CutOffError, ProblemError
from ports.errors import (
    AccessError,
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    LeaseLostError,
    MalformedReplyError,
    NotFoundError,
    OutcomeUnknownError,
    PortError,
    RefusedError,
    StageBarredError,
    ThrottledError,
    TimedOutError,
    UnavailableError,
    UnsupportedError,
)

Handling: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
_log = structlog.get_logger("atsbridge.web")
_LATER = 5


@attrs.frozen
class Answer:
    """The status and the kind of problem of an error."""

    status: int
    kind: str


ANSWERS: Mapping[type[PortError | DomainError], Answer] = {
    UnsupportedError: Answer(501, "unsupported"),
    NotFoundError: Answer(404, "not-found"),
    RefusedError: Answer(409, "refused"),
    StageBarredError: Answer(409, "stage-barred"),
    ConflictError: Answer(409, "conflict"),
    InvalidInputError: Answer(422, "invalid"),
    AccessError: Answer(424, "ats-access"),
    ForbiddenError: Answer(424, "ats-forbidden"),
    UnavailableError: Answer(503, "unavailable"),
    ThrottledError: Answer(503, "throttled"),
    TimedOutError: Answer(503, "timed-out"),
    OutcomeUnknownError: Answer(502, "outcome-unknown"),
    MalformedReplyError: Answer(502, "malformed-reply"),
    LeaseLostError: Answer(503, "lease-lost"),
    InvalidError: Answer(422, "invalid"),
    PlanMovedError: Answer(412, "plan-moved"),
    NotAllowedError: Answer(403, "not-allowed"),
    UnknownSenderError: Answer(401, "unauthorized"),
}


def problem_of(error: PortError | DomainError) -> ProblemError:
    """The problem that an error is shown as."""
    answer = next(ANSWERS[kind] for kind in type(error).__mro__ if kind in ANSWERS)
    detail = "the request breaks some rules" if isinstance(error, InvalidError) else str(error)
    return ProblemError(answer.status, answer.kind, detail, faults=_faults(error), headers=_headers(error))


def _faults(error: PortError | DomainError) -> tuple[Fault, ...]:
    if isinstance(error, InvalidError):
        return error.faults
    if isinstance(error, InvalidInputError) and error.field:
        return (Fault(f"/{error.field}", error.message),)
    return ()


def _headers(error: PortError | DomainError) -> dict[str, str]:
    if isinstance(error, LeaseLostError):
        return {"Retry-After": str(_LATER)}
    if not isinstance(error, UnavailableError):
        return {}
    seconds = error.retry_after if error.retry_after is not None else _LATER
    return {"Retry-After": str(max(1, math.ceil(seconds)))}


_HTTP_KINDS: Mapping[int, tuple[str, str]] = {
    404: ("not-found", "there is no such path"),
    405: ("method-not-allowed", "the path does not know this method"),
    413: ("too-large", "the body is larger than 36 MB"),
}


def _of_http(error: web.HTTPException) -> ProblemError:
    kind, detail = _HTTP_KINDS.get(error.status, ("http", error.reason))
    kept = {name: value for name, value in error.headers.items() if name == "Allow"}
    return ProblemError(error.status, kind, detail, headers=kept)


async def expected(request: web.Request) -> web.StreamResponse | None:
    """Answers `Expect`, which comes before everything else: go on with the body, or a problem document."""
    if request.headers.get("Expect", "").lower() != "100-continue":
        return ProblemError(417, "expectation-failed", "nothing but 100-continue can be expected").response()
    if request.transport is not None:
        request.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    return None


@web.middleware
async def problems(request: web.Request, handler: Handling) -> web.StreamResponse:
    """Every answer of 400 and above becomes a problem document; nothing unforeseen is shown or quoted."""
    try:
        return await handler(request)
    except CutOffError:
        raise
    except ProblemError as error:
        return error.response()
    except (PortError, DomainError) as error:
        return problem_of(error).response()
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _of_http(error).response()
    except Exception as error:
        _log.error("unforeseen", error=type(error).__name__, at=frames(error))
        return ProblemError(500, "internal", "something went wrong here; it was logged").response()
