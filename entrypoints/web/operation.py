"""Operations: rows of the route table, from which routes, access, validation and the description are made."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

import attrs

from domain.ids import ConnectionId
from entrypoints.decoding import decode
from entrypoints.values import Limit, Query
from entrypoints.web.reading import LARGEST_BODY
from entrypoints.web.services import Services
from ports.api_keys import ApiKey, Permission
from ports.scope import EVERYTHING, Scope

B = TypeVar("B")
Q = TypeVar("Q")


JSON = frozenset({"application/json"})


@attrs.frozen
class Body(Generic[B]):
    """What a body must be: `kind` describes it, `decode` makes the value out of JSON or raises InvalidError.

    `read` is the quick way, from the text itself; it gives None where `decode` must look closer.
    """

    kind: Any
    decode: Callable[[object], B]
    read: Callable[[bytes], B | None] = attrs.field(default=lambda _: None)


def json_body(kind: type[B]) -> Body[B]:
    """A body that is just what its kind says."""
    return Body(kind, partial(decode, kind=kind))


NO_BODY: Body[None] = Body(None, lambda _: None)


@attrs.frozen
class NoQuery:
    """The operation takes no query."""


@attrs.frozen(kw_only=True)
class PageQuery:
    """`cursor` is the `next` of the page before."""

    limit: Limit = 50
    cursor: Query | None = None


@attrs.frozen(kw_only=True)
class Call(Generic[B, Q]):
    """One request, decoded. `caller` is None where no key is asked for."""

    services: Services
    operation: "Operation[B, Q]"
    params: Mapping[str, str]
    headers: Mapping[str, str]
    caller: ApiKey | None
    body: B
    query: Q

    @property
    def scope(self) -> Scope:
        """What the caller may see."""
        return self.caller.scope if self.caller else EVERYTHING

    @property
    def connection(self) -> ConnectionId:
        """The connection of the path."""
        return ConnectionId(self.params["connection"])

    def is_admin(self) -> bool:
        """Whether the caller may do everything."""
        return self.caller is not None and Permission.ADMIN in self.caller.permissions


@attrs.frozen(kw_only=True)
class Reply:
    """What goes back: a value that becomes JSON, or bytes of another type.

    `later` is asked for the reply in its place, when the request's body is no longer in memory. `pieces` are sent one
    by one, as fast as the client takes them.
    """

    value: object = None
    status: int | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict)
    content: bytes | None = None
    media_type: str = "application/json"
    later: "Callable[[], Awaitable[Reply]] | None" = None
    pieces: AsyncGenerator[bytes, None] | None = None


Handler: TypeAlias = Callable[[Call[B, Q]], Awaitable[Reply]]


@attrs.frozen(kw_only=True)
class Operation(Generic[B, Q]):
    """A row. `returns` are the kinds of body that a success has, `also` those of successes with another status.

    `headers` are the request headers that it heeds, each with what it does; those in `needs` must be there. A body
    of more than `largest` bytes is refused. What anybody may call is `paced`: so often for a connection and no more.
    `lines` are the kinds of a line where the client would rather have NDJSON. `about` is what there is to know of it.
    """

    method: str
    path: str
    summary: str
    handler: Handler[B, Q]
    permission: Permission | None
    body: Body[B]
    query: type[Q]
    returns: tuple[Any, ...]
    status: int = 200
    also: Mapping[int, tuple[Any, ...]] = attrs.field(factory=dict)
    headers: Mapping[str, str] = attrs.field(factory=dict)
    needs: frozenset[str] = frozenset()
    takes: frozenset[str] = JSON
    gives: str = "application/json"
    largest: int = LARGEST_BODY
    paced: bool = False
    lines: tuple[Any, ...] = ()
    about: str = ""

    @property
    def name(self) -> str:
        """The name of the operation in the description."""
        return self.handler.__name__
