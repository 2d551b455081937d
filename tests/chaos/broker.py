"""The broker of a lane: a real NATS server of its own, which can be killed and comes back in place."""

import asyncio
from contextlib import suppress
from pathlib import Path

import nats.errors
from nats.aio.client import Client

from adapters.brokers.nats import INCOMING, PREFIX
from domain.ids import ConnectionId
from ports.errors import UnavailableError
from tests.nats_server import NatsServer

_PATIENCE = 3.0


async def _quiet(_: Exception) -> None:
    """What the client says of a server that was killed is no news."""


class Broker:
    """Whoever publishes is told when it is kept, and publishes again when not told."""

    def __init__(self, folder: Path) -> None:
        self._server = NatsServer(folder)

    @property
    def url(self) -> str:
        return self._server.url

    async def start(self) -> None:
        await asyncio.to_thread(self._server.start)

    def kill(self) -> None:
        self._server.kill()

    async def restart(self) -> None:
        """Killed, as a crash does it."""
        await asyncio.to_thread(self._server.restart, kill=True)

    async def publish(self, connection: ConnectionId, event: bytes, *, copies: int) -> None:
        """Raises UnavailableError: it may or may not have been kept."""
        client = Client()
        try:
            await client.connect(self.url, allow_reconnect=False, max_reconnect_attempts=1, error_cb=_quiet)
            stream = client.jetstream(timeout=_PATIENCE)
            for _ in range(copies):
                await stream.publish(f"{PREFIX}{connection}", event, stream=INCOMING)
        except (nats.errors.Error, OSError, TimeoutError):
            raise UnavailableError("the broker does not answer") from None
        finally:
            with suppress(nats.errors.Error, OSError, TimeoutError):
                await client.close()
