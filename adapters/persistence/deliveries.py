"""Deliveries in the database."""

from collections.abc import Collection, Mapping
from functools import partial
from math import inf

import msgspec

from adapters.persistence import delivery_pages, recovering, sending
from adapters.persistence.database import Database
from adapters.persistence.endpoints import CURRENT, PREVIOUS
from adapters.persistence.moments import moment_of
from adapters.persistence.recording import Record, record
from adapters.persistence.serial import without_nul
from adapters.persistence.tables import AnyRow
from adapters.persistence.wake import Bell
from domain.delivery import DeliveryState
from domain.ids import DeliveryId, EndpointId, EventId
from ports.clock import Clock
from ports.scope import Scope
from ports.vault import SealError, Vault
from ports.webhooks import Deliveries, Delivery, Errand, Span, Verdict

_body = msgspec.json.Encoder()
_MOST_OPENED = 10_000


class DeliveryTable(Deliveries):
    """Leases last `lease_seconds`, which must be longer than a request takes: they are not renewed."""

    def __init__(self, database: Database, vault: Vault, clock: Clock, bell: Bell, *, lease_seconds: float) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._bell = bell
        self._lease_seconds = lease_seconds
        self._after = ""
        self._again = inf
        self._opened: dict[tuple[str, int], Mapping[str, str]] = {}

    async def claim(
        self, most: int, each: int, in_hand: Mapping[EndpointId, int], slow: Collection[EndpointId]
    ) -> tuple[Errand, ...]:
        order = sending.Order(
            most=most, each=each, in_hand=in_hand, slow=slow, after=self._after, lease_seconds=self._lease_seconds
        )
        taken = await self._database.write(sending.claim, order)
        self._after = taken.after
        self._again = inf if taken.again is None else self._clock.monotonic() + (taken.again - taken.now) / 1_000_000
        return tuple(self._errand(row, taken.endpoints[row.endpoint_id], taken.now) for row in taken.rows)

    async def record(self, errand: Errand, verdict: Verdict) -> None:
        reply = verdict.reply
        await self._database.write(
            record,
            Record(
                delivery=errand.delivery,
                fence=errand.fence,
                endpoint=errand.endpoint,
                status=reply.status,
                error=without_nul(reply.error),
                took=round(reply.seconds * 1_000_000),
                succeeded=reply.succeeded,
                gone=reply.gone,
                wait=verdict.wait,
            ),
        )

    async def wait(self, seconds: float) -> None:
        left, self._again = self._again - self._clock.monotonic(), inf
        await self._bell.heard(max(0.0, min(seconds, left)))

    async def page(
        self,
        scope: Scope,
        *,
        endpoint: EndpointId | None = None,
        event: EventId | None = None,
        state: DeliveryState | None = None,
        after: str | None,
        limit: int,
    ) -> tuple[Delivery, ...]:
        wanted = partial(delivery_pages.page, scope=scope, endpoint=endpoint, event=event, state=state)
        return await self._database.read(partial(wanted, after=after, limit=limit))

    async def replay(self, scope: Scope, delivery: DeliveryId) -> Delivery:
        await self._database.write(recovering.replay, (scope, delivery))
        self._bell.ring()
        return await self._database.read(partial(delivery_pages.one, scope=scope, delivery=delivery))

    async def replay_all(self, scope: Scope, of: Span) -> int:
        found = await self._database.write(recovering.replay_all, recovering.Wish(scope, of))
        self._bell.ring()
        return found

    def _errand(self, row: AnyRow, endpoint: AnyRow, now: int) -> Errand:
        return Errand(
            delivery=DeliveryId(row.id),
            fence=row.fence,
            endpoint=EndpointId(row.endpoint_id),
            event=EventId(row.event_id),
            tries=row.tries,
            url=endpoint.url,
            secrets=self._secrets(endpoint, now),
            body=_told(row),
        )

    def _secrets(self, endpoint: AnyRow, now: int) -> tuple[str, ...]:
        """None if they cannot be opened here."""
        name = (endpoint.id, endpoint.secrets_version)
        if name not in self._opened:
            if len(self._opened) >= _MOST_OPENED:
                self._opened.clear()
            try:
                self._opened[name] = self._vault.unseal(*name, endpoint.secrets)
            except SealError:
                return ()
        both = self._opened[name]
        overlap = PREVIOUS in both and now < endpoint.previous_until
        return (both[CURRENT], both[PREVIOUS]) if overlap else (both[CURRENT],)


def _told(row: AnyRow) -> bytes:
    """What is sent, the same each time."""
    head = {
        "id": row.event_id,
        "type": row.type,
        "timestamp": moment_of(row.created_at),
        "connection": row.connection_id,
    }
    return _body.encode({**head, "data": msgspec.Raw(row.data)})
