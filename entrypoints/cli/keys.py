"""`atsbridge keys`: who may call the API."""

from datetime import timedelta

from cyclopts import App

from domain.ids import ConnectionId
from entrypoints.cli.service import exit_on_faults, opened, show
from entrypoints.web.access import new_key
from entrypoints.web.replies import api_key_reply
from ports.api_keys import ApiKey, Permission
from ports.scope import EVERYTHING

app = App(name="keys", help="API keys: made, listed, revoked.")
MOST = 200


@app.command
@exit_on_faults
async def create(name: str, *scopes: Permission, connection: str | None = None, days: int | None = None) -> None:
    """Make a key, show what is kept of it, and the key itself, this once.

    Parameters
    ----------
    name
        What it is for.
    scopes
        What it allows; nothing without one.
    connection
        Bind it to one connection.
    days
        For how long it is valid; for ever without.
    """
    async with opened() as container:
        if connection is not None:
            await container.stores().connections.get(EVERYTHING, ConnectionId(connection))
        now = container.clock().now()
        key_id, text, digest = new_key()
        key = ApiKey(
            id=key_id,
            name=name,
            permissions=frozenset(scopes),
            connection=ConnectionId(connection) if connection is not None else None,
            created_at=now,
            expires_at=None if days is None else now + timedelta(days=days),
            secret_sha256=digest,
        )
        await container.stores().api_keys.add(key)
        show(api_key_reply(key))
        print(text, flush=True)


@app.command(name="list")
@exit_on_faults
async def list_all() -> None:
    """Show all keys without their secrets, one JSON line each."""
    async with opened() as container:
        after = None
        while page := await container.stores().api_keys.page(EVERYTHING, after=after, limit=MOST):
            for one in page:
                show(api_key_reply(one))
            after = page[-1].id


@app.command
@exit_on_faults
async def revoke(key: str) -> None:
    """Take a key away by its id; a running service forgets it within seconds."""
    async with opened() as container:
        await container.stores().api_keys.remove(EVERYTHING, key)
