"""Where a call goes, and what refusals mean."""

import re
from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

import attrs

from adapters.rest.answer import Answer
from adapters.rest.api import Api
from adapters.rest.calls import Calls
from adapters.rest.endpoint import Endpoint
from adapters.rest.verdicts import DEFAULT, Row, Verdict
from adapters.tempworks import wire
from adapters.tempworks.endpoints import USUAL
from adapters.tempworks.settings import Settings
from ports.clock import Clock
from ports.errors import InvalidInputError

T = TypeVar("T")

PROVIDER = "tempworks"
NOTHING: Mapping[str, str] = MappingProxyType({})
_ID = re.compile(r"[0-9]{1,19}")
_FIELD = re.compile(r"[A-Za-z0-9_.]{1,64}")
_SCOPE = re.compile(
    r"\b[a-z]{2,24}(?:-[a-z]{2,24}){0,2}-(?:read|write|search|webhook|access|admin)\b|\buniversal-search\b"
)


def routed(row: Endpoint[T], settings: Settings) -> Endpoint[T]:
    """The row as this customer has it."""
    path, seconds = settings.assumed.get(f"path.{row.name}", row.path), settings.request_seconds
    return attrs.evolve(row, path=path, timeout=max(row.timeout, seconds) if row.timeout > USUAL else seconds)


@attrs.frozen
class Wiring:
    """What every capability is built from."""

    api: Api
    settings: Settings
    clock: Clock

    def calls(self, uses: Iterable[Endpoint[Any]]) -> Calls:
        """The calls of a capability that uses these rows."""
        return Calls(self.api, partial(routed, settings=self.settings), uses)


def numeric(value: str, field: str) -> str:
    """An id as the vendor has them. Raises InvalidInputError, before anything is sent, for one that cannot be any."""
    if not _ID.fullmatch(value):
        raise InvalidInputError(f"{field} must be a number", field=field, provider=PROVIDER)
    return str(int(value))


def _fields_at_fault(answer: Answer) -> str | None:
    refusal = answer.read_as(wire.Refusal)
    names = [name for name in (refusal and refusal.errors) or () if _FIELD.fullmatch(name)]
    # Names only: the texts beside them repeat what was sent.
    return "at fault: " + ", ".join(names) if names else None


def _scope_missed(answer: Answer) -> str | None:
    refusal = answer.read_as(wire.Refusal)
    named = _SCOPE.search((refusal and refusal.detail) or "")
    return f"the credentials lack the scope {named.group()}" if named else None


VERDICTS = DEFAULT.after(
    Row(Verdict.INVALID, {400}, message=_fields_at_fault),
    Row(Verdict.FORBIDDEN, {403}, message=_scope_missed),
    # What TempWorks itself relies on is down, or answered something unexpected.
    Row(Verdict.TROUBLE, {520, 521}),
)
"""400 names the fields, 403 the scope where the body does."""
