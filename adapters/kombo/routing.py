"""What every capability over Kombo is built from: its calls, how ids and lists are asked for, and the clock."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import aclosing
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

import attrs

from adapters.kombo import codec, wire
from adapters.kombo.settings import Settings
from adapters.rest import paging
from adapters.rest.api import Api
from adapters.rest.calls import Calls
from adapters.rest.endpoint import Endpoint
from adapters.rest.paging import by_cursor
from ports.clock import Clock
from ports.errors import InvalidInputError, NotFoundError

T = TypeVar("T")
R = TypeVar("R", wire.Job, wire.Application, wire.Candidate)

NOTHING: Mapping[str, str] = MappingProxyType({})
REMOTE = "remote:"


def routed(row: Endpoint[T], settings: Settings) -> Endpoint[T]:
    """The row as this customer has it."""
    return attrs.evolve(row, timeout=settings.request_seconds)


class Lists(Calls):
    """With Kombo's lists, page by page."""

    def __init__(self, api: Api, settings: Settings, provider: str, uses: Iterable[Endpoint[Any]]) -> None:
        super().__init__(api, partial(routed, settings=settings), uses)
        self.provider = provider
        self._size = settings.word("page_size")

    async def pages(
        self, row: Endpoint[wire.Page], query: Mapping[str, str], start: str | None = None
    ) -> AsyncGenerator[paging.Page[bytes], None]:
        """A list's records by their bytes, page by page, the query the same for each; from a cursor on, with one.

        Raises MalformedReplyError when a cursor comes twice.
        """
        whole = {"page_size": self._size, **query}

        async def fetch(cursor: str | None) -> paging.Page[bytes]:
            page = await self.call(row, query=whole if cursor is None else {**whole, "cursor": cursor})
            return paging.Page([bytes(record) for record in page.data.results], page.data.next)

        async with aclosing(by_cursor(fetch, start=start, operation=row.name)) as pages:
            async for page in pages:
                yield page

    async def all(self, row: Endpoint[wire.Page], query: Mapping[str, str], shape: type[T]) -> list[T]:
        """A whole list, decoded. Raises MalformedReplyError, also for one record that cannot be read."""
        async with aclosing(self.pages(row, query)) as pages:
            return [codec.decoded(shape, record) async for page in pages for record in page]

    async def record(self, row: Endpoint[wire.Page], value: str, shape: type[R], kind: str) -> R:
        """One record of a list, by Kombo's id or, as `remote:<id>`, by that of the ATS. Raises NotFoundError."""
        found = await self.all(row, by_id(value, f"{kind}_id", self.provider), shape)
        bare, remote = value.removeprefix(REMOTE), value.startswith(REMOTE)
        for one in found:
            # A filter that an integration cannot apply may have been ignored.
            if bare == (one.remote_id if remote else one.id):
                return one
        raise NotFoundError(kind, value, provider=self.provider, operation=row.name)


@attrs.frozen
class Wiring:
    """What every capability is built from.

    `provider` is what errors name: Kombo, or the ATS that is spoken to over it. `download` gives the bytes under an
    address out of a reply.
    """

    api: Api
    settings: Settings
    clock: Clock
    provider: str
    download: Callable[[str], Awaitable[bytes]] = attrs.field(repr=False)

    def calls(self, uses: Iterable[Endpoint[Any]]) -> Lists:
        """The calls of a capability that uses these rows."""
        return Lists(self.api, self.settings, self.provider, uses)


def by_id(value: str, field: str, provider: str) -> dict[str, str]:
    """The filter for one record, by Kombo's id or, as `remote:<id>`, by that of the ATS behind it.

    Raises InvalidInputError, before anything is sent, for what would be no id, or several.
    """
    name = "remote_ids" if value.startswith(REMOTE) else "ids"
    return {name: single(value.removeprefix(REMOTE), field, provider)}


def single(value: str, field: str, provider: str) -> str:
    """An id that goes into a list of ids of Kombo's. Raises InvalidInputError for one with a comma, and for none."""
    if not value.strip() or "," in value or value.startswith(REMOTE):
        # An empty list is no filter at all: everything would come.
        raise InvalidInputError(f"{field} must be one id of Kombo's, without a comma", field=field, provider=provider)
    return value
