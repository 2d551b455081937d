"""A lane of webhooks: a database, endpoints at a receiver, and workers. Runs are played on it one after another."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path

import attrs
import sqlalchemy as sa

from adapters.persistence.migrate import migrate
from adapters.persistence.outbox_tables import deliveries, events
from adapters.persistence.stores import Stores, open_stores
from adapters.vault import FernetVault, new_key
from domain.delivery import DeliveryState
from domain.event import Audience, EventType
from domain.ids import ConnectionId, EndpointId
from ports.webhooks import Endpoint
from tests.chaos.arrivals import Ears, Listener
from tests.chaos.crew import Crew
from tests.chaos.deliverer import Deliver, deliver
from tests.chaos.receiver import Receiver, receiving
from tests.chaos.servers import CLOCK, Store
from tests.persistence.builders import ACME, CREDENTIALS, OTHER, connection

TYPES = (EventType.CALL_COMPLETED, EventType.RESULT_READY, EventType.APPLICATION_RECEIVED)
LISTENERS = (
    Listener(id="whe_acme", secret="whsec_Y2FuYXJ5LW9mLWNoYW9zLW9uZS4uLi4=", connection=ACME),
    Listener(
        id="whe_results",
        secret="whsec_Y2FuYXJ5LW9mLWNoYW9zLXR3by4uLi4=",
        connection=ACME,
        types=frozenset({EventType.RESULT_READY}),
    ),
    Listener(id="whe_other", secret="whsec_Y2FuYXJ5LW9mLWNoYW9zLXRocmVlLi4=", connection=OTHER),
    Listener(
        id="whe_calls",
        secret="whsec_Y2FuYXJ5LW9mLWNoYW9zLWZvdXIuLi4=",
        types=frozenset({EventType.CALL_COMPLETED}),
    ),
)


@attrs.frozen(kw_only=True)
class WebhookLane:
    """All that a run needs."""

    name: str
    store: Store
    stores: Stores
    receiver: Receiver
    orders: Deliver
    crew: Crew
    ears: Ears = attrs.field(factory=lambda: Ears(LISTENERS))

    async def under_way(self) -> int:
        """How many events have no deliveries yet, and how many deliveries have not come to an end."""
        return await self.stores.database.read(lambda c: sum(c.scalars(_UNDER_WAY).all()))

    async def undelivered(self, ids: Sequence[str]) -> dict[str, str]:
        """Events of which a delivery is anything but delivered, and what it is."""
        query = _UNDELIVERED.where(deliveries.c.event_id.in_(ids))
        rows = await self.stores.database.read(lambda c: c.execute(query).all())
        return {row.event_id: row.state for row in rows}


_UNDER_WAY = sa.union_all(
    sa.select(sa.func.count()).where(events.c.place.is_(None)),
    sa.select(sa.func.count()).where(deliveries.c.state == DeliveryState.WAITING.value),
    sa.select(sa.func.count()).where(deliveries.c.state == DeliveryState.RUNNING.value),
)
_UNDELIVERED = sa.select(deliveries.c.event_id, deliveries.c.state).where(
    deliveries.c.state != DeliveryState.DELIVERED.value
)


@asynccontextmanager
async def a_webhook_lane(
    name: str, store: Store, folder: Path, nursery: ForkServerContext, *, seed: int, forgetful: bool
) -> AsyncIterator[WebhookLane]:
    key = new_key()
    await migrate(store.url)
    async with (
        receiving(random.Random(f"fates {seed} {name}")) as receiver,
        open_stores(store.url, vault=FernetVault([key]), clock=CLOCK) as stores,
    ):
        await _listen(stores, receiver.port)
        log = folder / f"{name}.log"
        crew = Crew(nursery, lambda _hand, _words: None, deliver)
        orders = Deliver(database=store.url, vault_key=key, port=receiver.port, log=log, forgetful=forgetful)
        try:
            yield WebhookLane(name=name, store=store, stores=stores, receiver=receiver, orders=orders, crew=crew)
        finally:
            await crew.end()


async def _listen(stores: Stores, port: int) -> None:
    for one in (ACME, OTHER):
        await stores.connections.add(connection(one), CREDENTIALS)
    for listener in LISTENERS:
        of = None if listener.connection is None else ConnectionId(listener.connection)
        endpoint = Endpoint(
            id=EndpointId(listener.id),
            url=f"http://127.0.0.1:{port}/{listener.id}",
            audience=Audience(connection=of, types=listener.types),
            revision=1,
            created_at=CLOCK.now(),
        )
        await stores.endpoints.add(endpoint, listener.secret)
