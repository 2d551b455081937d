"""What travels inside a passthrough call: a call to Avionté, and what Avionté says to it."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

import attrs

from entrypoints.sandbox.fields import Field, read_json, read_text
from entrypoints.sandbox.kombo.state import Integration, State
from entrypoints.sandbox.wire import Ask, Write

ABSENT = object()
"""Stands for a body that was not sent."""


@attrs.frozen(kw_only=True)
class Call:
    """A call as Avionté gets it."""

    state: State
    office: Integration
    ask: Ask
    params: Mapping[str, str]
    query: Mapping[str, Any]
    data: Any


@attrs.frozen(kw_only=True)
class Said:
    status: int = 200
    data: Any = ABSENT
    wrote: tuple[Write, ...] = ()


class InnerRefusal(Exception):  # noqa: N818 - an answer rather than an error of ours
    """Avionté's own refusal, which Kombo wraps into a success."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status)
        self.status, self.message = status, message


@attrs.frozen(kw_only=True)
class Inner:
    """One of Avionté's paths; those of the `page` are known from the integrator's page alone."""

    method: str
    template: str
    handler: Callable[[Call], Said]
    source: str
    effect: bool = False
    rows: bool = False
    page: bool = False
    query: tuple[Field, ...] = ()
    pattern: re.Pattern[str] = attrs.field(init=False, repr=False, eq=False)

    @pattern.default
    def _compile(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.template))

    @property
    def label(self) -> str:
        return f"{self.method} {self.template}"

    def params(self, method: str, path: str) -> dict[str, str] | None:
        match = self.pattern.fullmatch(path)
        if match is None or method != self.method:
            return None
        return {name: unquote(text) for name, text in match.groupdict().items()}

    def read_query(self, path_query: str, params: Mapping[str, str]) -> dict[str, Any]:
        """Both the path and the parameters may carry it."""
        given: dict[str, list[str]] = {}
        for name, value in (*parse_qsl(path_query, keep_blank_values=True), *params.items()):
            given.setdefault(name, []).append(value)
        read, faults = read_text(self.query, given)
        if faults:
            raise InnerRefusal(400, "; ".join(text for texts in faults.values() for text in texts))
        return read


def body_of(call: Call, *fields: Field) -> dict[str, Any]:
    read, faults = read_json(fields, call.data)
    if faults:
        raise InnerRefusal(400, "; ".join(text for texts in faults.values() for text in texts))
    return read


def number_of(text: str, what: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise InnerRefusal(400, f"{what} must be a whole number.")
    return int(text)
