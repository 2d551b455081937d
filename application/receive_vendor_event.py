"""Receive vendor event: a vendor says that something changed; it is kept once, and a pull is asked for."""

from collections.abc import Mapping

import attrs

from domain.errors import UnknownSenderError
from domain.ids import ConnectionId
from ports.connections import ConnectionStore
from ports.errors import AccessError, NotFoundError, RefusedError, UnsupportedError
from ports.gateway import need
from ports.providers import ProviderCatalogue
from ports.scope import EVERYTHING
from ports.vault import SealError
from ports.vendor_events import VendorEvents, VendorInbox


@attrs.frozen
class ReceiveVendorEvent:
    """Whoever knows the connection's secret is the vendor; nobody else learns anything."""

    connections: ConnectionStore
    catalogue: ProviderCatalogue
    inbox: VendorInbox

    async def __call__(self, connection: ConnectionId, headers: Mapping[str, str], body: bytes) -> None:
        """Returns when it is durable. Raises UnknownSenderError, InvalidInputError, UnavailableError."""
        try:
            events, credentials = await self._known(connection)
            authentic = events.is_authentic(headers, body, credentials)
        except (NotFoundError, UnsupportedError, AccessError, RefusedError) as error:
            raise UnknownSenderError(str(error)) from error
        if not authentic:
            raise UnknownSenderError("the signature is not the vendor's")
        event = events.read(body, credentials)
        if event is not None:
            await self.inbox.take(connection, event)

    async def _known(self, connection: ConnectionId) -> tuple[VendorEvents, Mapping[str, str]]:
        row = await self.connections.get(EVERYTHING, connection)
        events = need(self.catalogue.vendor_events(row.provider))
        try:
            return events, await self.connections.credentials(connection)
        except SealError:
            raise AccessError("the credentials cannot be opened here: send them again") from None
