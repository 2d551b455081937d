"""Where a call goes: rows with the customer's words, on the host that the settings name; and what refusals mean."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

import attrs

from adapters.erecruit import wire
from adapters.erecruit.settings import Settings
from adapters.rest.answer import Answer
from adapters.rest.api import Api
from adapters.rest.calls import Calls
from adapters.rest.endpoint import Endpoint
from adapters.rest.verdicts import DEFAULT, Row, Verdict
from domain.job import JobStatus
from ports.errors import InvalidInputError, OutcomeUnknownError

T = TypeVar("T")

PROVIDER = "erecruit"
NOTHING: Mapping[str, str] = MappingProxyType({})
_ID = re.compile(r"[0-9]{1,18}")
_FIELD = re.compile(r"[A-Za-z0-9_.]{1,64}")


def routed(row: Endpoint[T], settings: Settings) -> Endpoint[T]:
    """The row as this customer has it."""
    words = {
        "<candidates>": settings.resources.candidate,
        "<applications>": settings.resources.application,
        "<candidate>": settings.word("about.candidate"),
        "<application>": settings.word("about.application"),
        "<job>": settings.word("about.job"),
    }
    path = settings.assumed.get(f"path.{row.name}", row.path)
    for name, word in words.items():
        path = path.replace(name, word)
    return attrs.evolve(row, path=path, host=settings.host_of(row.name, row.host), timeout=settings.request_seconds)


@attrs.frozen
class Wiring:
    """What every capability is built from."""

    api: Api
    settings: Settings

    def calls(self, uses: Iterable[Endpoint[Any]]) -> Calls:
        """The calls of a capability that uses these rows."""
        return Calls(self.api, partial(routed, settings=self.settings), uses)


def numeric(value: str, field: str) -> str:
    """An id as the vendor has them. Raises InvalidInputError, before anything is sent, for one that cannot be any."""
    if not _ID.fullmatch(value):
        raise InvalidInputError(f"{field} must be a number", field=field, provider=PROVIDER)
    return str(int(value))


def unlike(row: Endpoint[Any]) -> OutcomeUnknownError:
    """For a success whose answer speaks of something else than was asked for: a look must tell what stands there."""
    message = f"{PROVIDER} {row.name}: the answer shows another value than the one sent"
    return OutcomeUnknownError(message, provider=PROVIDER, operation=row.name)


def job_statuses(settings: Settings) -> dict[str, JobStatus]:
    """The customer's numbers for the statuses that we know."""
    known = [status for status in JobStatus if status is not JobStatus.UNKNOWN]
    return {settings.word(f"job_status.{status}"): status for status in known}


def _is_route_missing(answer: Answer) -> bool:
    refusal = answer.read_as(wire.Refusal)
    if refusal is None:
        return False
    return refusal.MessageDetail is not None or (refusal.Message or "").startswith("No HTTP resource was found")


def _fields_at_fault(answer: Answer) -> str | None:
    refusal = answer.read_as(wire.Refusal)
    names = [name for name in (refusal and refusal.ModelState) or () if _FIELD.fullmatch(name)]
    # Names only: the texts beside them repeat what was sent.
    return "at fault: " + ", ".join(names) if names else None


VERDICTS = DEFAULT.after(
    Row(Verdict.NO_ROUTE, {404}, says=_is_route_missing),
    Row(Verdict.INVALID, {400}, message=_fields_at_fault),
)
"""A 404 says of a route that it is missing, or of a record; 400 names the fields."""
