"""`atsbridge connections`: customers' links to providers, on this machine's database."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import attrs
from cyclopts import App, Parameter

from domain.errors import InvalidError
from domain.ids import ConnectionId
from entrypoints.cli.service import exit_on_faults, opened, show
from entrypoints.json_text import MalformedError, parse
from entrypoints.web.connecting import added
from entrypoints.web.replies import check_reply, connection_reply
from ports.connections import Connection
from ports.scope import EVERYTHING
from ports.webhooks import Endpoint

app = App(name="connections", help="Connections: added, listed, checked, removed.")
MOST = 200
K = TypeVar("K", Connection, Endpoint)


@app.command
@exit_on_faults
async def add(file: Annotated[Path, Parameter(allow_leading_hyphen=True)]) -> None:
    """Add a connection and show it.

    Parameters
    ----------
    file
        The JSON body that `POST /v1/connections` takes; `-` reads standard input.
    """
    raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    async with opened() as container:
        made = await added(_json(raw), container.add_connection(), container.catalogue(), container.clock())
        show(connection_reply(made))


@app.command(name="list")
@exit_on_faults
async def list_all() -> None:
    """Show all connections, one JSON line each."""
    async with opened() as container:
        async for one in _all(container.stores().connections.page):
            show(connection_reply(one))


@app.command
@exit_on_faults
async def reseal() -> None:
    """Seal all credentials and secrets of webhooks with the first of VAULT_KEYS; then the older keys may go."""
    async with opened() as container:
        store, endpoints, count = container.stores().connections, container.stores().endpoints, 0
        async for one in _all(store.page):
            await store.change(EVERYTHING, attrs.evolve(one, revision=one.revision + 1), None)
            count += 1
        async for endpoint in _all(endpoints.page):
            await endpoints.reseal(EVERYTHING, endpoint.id)
            count += 1
        print(f"{count} resealed", flush=True)


async def _all(page_of: Callable[..., Awaitable[tuple[K, ...]]]) -> AsyncIterator[K]:
    after = None
    while page := await page_of(EVERYTHING, after=after, limit=MOST):
        for one in page:
            yield one
        after = page[-1].id


@app.command
@exit_on_faults
async def check(connection: str) -> int:
    """Log in to each host and look for ids that do not exist; 1 if anything is wrong."""
    async with opened() as container:
        found = await container.check_connection()(EVERYTHING, ConnectionId(connection))
        show(check_reply(found))
        return 0 if found.ok else 1


@app.command
@exit_on_faults
async def remove(connection: str) -> None:
    """Remove a connection with its credentials."""
    async with opened() as container:
        await container.stores().connections.remove(EVERYTHING, ConnectionId(connection))


def _json(raw: bytes) -> object:
    try:
        return parse(raw)
    except MalformedError as error:
        raise InvalidError.at("", str(error)) from None
