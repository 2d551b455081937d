"""One cassette: what makes the adapter call an endpoint, and what must come of it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import attrs

from entrypoints.sandbox.erecruit import ErecruitSandbox
from ports.gateway import Gateway

Act = Callable[[Gateway], Awaitable[object]]
Result = type[Exception] | Callable[[Any], bool]


def nothing(_: ErecruitSandbox) -> None:
    pass


@attrs.frozen(kw_only=True)
class Case:
    """One cassette. `result` is the error that must come, or a look at what was given."""

    name: str
    act: Act
    result: Result
    prepare: Callable[[ErecruitSandbox], None] = nothing
    credentials: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def row(self) -> str:
        return self.name.partition(".")[0]


def forbidden(route: str) -> Callable[[ErecruitSandbox], None]:
    return lambda sandbox: sandbox.faults.arm("403", route=route)


def pair(row: str, success: Act, seen: Result, refusal: Act, refused: Result, route: str | None) -> tuple[Case, Case]:
    barred = nothing if route is None else forbidden(route.partition(" for ")[0])
    return (
        Case(name=f"{row}.success", act=success, result=seen),
        Case(name=f"{row}.refusal", act=refusal, result=refused, prepare=barred),
    )
