"""The calls of one capability: which rows it uses, each as the customer has it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from adapters.rest.api import Api
from adapters.rest.body import Body
from adapters.rest.endpoint import Endpoint
from adapters.rest.link import NONE
from ports.attempt import Attempt
from ports.errors import NotFoundError

T = TypeVar("T")


class Calls:
    """Those that the capability says it uses, and no other. `routed` makes a row the customer's own."""

    def __init__(
        self, api: Api, routed: Callable[[Endpoint[Any]], Endpoint[Any]], uses: Iterable[Endpoint[Any]]
    ) -> None:
        self._rows = {row: routed(row) for row in uses}
        self._api = api.using(self._rows.values())

    async def call(
        self,
        row: Endpoint[T],
        *,
        path: Mapping[str, str] = NONE,
        query: Mapping[str, str] = NONE,
        body: Body | None = None,
        attempt: Attempt | None = None,
    ) -> T:
        """As `Api.call`."""
        routed_row: Endpoint[T] = self._rows.get(row, row)
        return await self._api.call(routed_row, path=path, query=query, body=body, attempt=attempt)


@contextmanager
def naming(kind: str, record: str) -> Iterator[None]:
    """Says which record was not found where the path of a call does not."""
    try:
        yield
    except NotFoundError as error:
        raise NotFoundError(kind, record, provider=error.provider, operation=error.operation) from None
