"""Problem documents (RFC 9457): what every answer of 400 and above is."""

import http
from collections.abc import Mapping

import attrs
import msgspec
from aiohttp import web

from domain.errors import Fault

PROBLEM_JSON = "application/problem+json"


@attrs.frozen(kw_only=True)
class FaultReply:
    """One thing wrong with the request: a JSON Pointer into the body, or below `/query`, `/header`; and what."""

    pointer: str
    message: str


@attrs.frozen(kw_only=True)
class Problem:
    """Why the request was not done; `faults` names everything that is wrong with it."""

    type: str
    title: str
    status: int
    detail: str | msgspec.UnsetType = msgspec.UNSET
    faults: tuple[FaultReply, ...] | msgspec.UnsetType = msgspec.UNSET


class ProblemError(Exception):
    """Raised where the HTTP side itself finds something wrong."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str = "",
        *,
        faults: tuple[Fault, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.faults = faults
        self.headers = dict(headers or {})

    def problem(self) -> Problem:
        """As it is shown."""
        faults = tuple(FaultReply(pointer=one.pointer, message=one.message) for one in self.faults)
        return Problem(
            type=f"urn:atsbridge:problem:{self.kind}",
            title=http.HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail or msgspec.UNSET,
            faults=faults or msgspec.UNSET,
        )

    def response(self) -> web.Response:
        """As it goes out."""
        body = msgspec.json.encode(self.problem())
        return web.Response(body=body, status=self.status, content_type=PROBLEM_JSON, headers=self.headers)


def not_found() -> ProblemError:
    """The same for what is not there and for what the caller may not see."""
    return ProblemError(404, "not-found", "there is no such thing, or the key may not see it")


def bad_query(*faults: Fault) -> ProblemError:
    """A query that is not as the operation describes it."""
    return ProblemError(400, "invalid-query", "the query is not as described", faults=faults)


def bad_header(name: str, message: str) -> ProblemError:
    """A request header that is missing or wrong."""
    return ProblemError(400, "invalid-header", f"{name} {message}", faults=(Fault(f"/header/{name}", message),))


class CutOffError(Exception):
    """An answer had begun and cannot be ended: there is nothing left to say to the client."""
