"""One cassette: what makes the adapter call an endpoint, and what must come of it; and all those of a provider."""

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import attrs

from adapters.rest.endpoint import Endpoint
from entrypoints.sandbox import people
from ports.gateway import Gateway

Act = Callable[[Gateway], Awaitable[object]]
Result = type[Exception] | Callable[[Any], bool]
Prepare = Callable[[Any], None]
Exchange = tuple[str, str, int]
"""Method, address and status."""

REDACTED = "REDACTED"
_TOKEN = re.compile(rb'("(?:access_token|Token)":\s*")[^"]*"')


def nothing(_: Any) -> None:
    pass


@attrs.frozen(kw_only=True)
class Case:
    """One cassette. `result` is the error that must come, or a look at what was given; `prepare` takes the sandbox."""

    name: str
    act: Act
    result: Result
    prepare: Prepare = nothing
    credentials: Mapping[str, str] = attrs.field(factory=dict)
    settings: Mapping[str, Any] = attrs.field(factory=dict)

    @property
    def row(self) -> str:
        return self.name.partition(".")[0]


def forbidden(route: str) -> Prepare:
    def forbid(sandbox: Any) -> None:
        sandbox.faults.arm("403", route=route)

    return forbid


def pair(row: str, success: Act, seen: Result, refusal: Act, refused: Result, route: str | None) -> tuple[Case, Case]:
    barred = nothing if route is None else forbidden(route.partition(" for ")[0])
    return (
        Case(name=f"{row}.success", act=success, result=seen),
        Case(name=f"{row}.refusal", act=refusal, result=refused, prepare=barred),
    )


@attrs.frozen
class Ready:
    """A running sandbox, the body that makes a connection to it, and the public addresses that stand for its own."""

    sandbox: Any
    connection: Mapping[str, Any]
    addresses: Mapping[str, str]


def plain(interaction: Mapping[str, Any]) -> Exchange:
    """As it went over the wire."""
    request, response = interaction["request"], interaction["response"]
    return request["method"], request["uri"], response["status"]["code"]


@attrs.frozen(kw_only=True)
class Recorded:
    """All cassettes of one provider.

    `endpoints` are its rows as `connection`, which stands for the sandbox in replay, has them; `bases` are the public
    addresses of its hosts. `open` opens a gateway on a connection. `sensitive` is what else no cassette may hold.
    `exchange` tells what a row said and got, where that travels inside another call.
    """

    provider: str
    endpoints: tuple[Endpoint[Any], ...]
    bases: Mapping[str, str]
    cases: tuple[Case, ...]
    connection: Mapping[str, Any]
    sandbox: Callable[[], AbstractAsyncContextManager[Ready]]
    open: Callable[..., AbstractAsyncContextManager[Gateway]]
    sensitive: tuple[str, ...] = ()
    exchange: Callable[[Mapping[str, Any]], Exchange] = plain

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never stand in a cassette."""
        return (*self.connection["credentials"].values(), *self.sensitive, *people.canaries())

    def scrubbed(self, content: bytes, addresses: Mapping[str, str]) -> bytes:
        """Without tokens, credentials, people whom outputs are searched for, and addresses of the moment."""
        for real, public in addresses.items():
            content = content.replace(real.encode(), public.encode())
        for secret in self.secrets:
            content = content.replace(secret.encode(), REDACTED.encode())
        return _TOKEN.sub(rb'\1REDACTED"', content)
