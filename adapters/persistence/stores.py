"""All stores of one database, opened together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import attrs

from adapters.persistence.api_keys import ApiKeyTable
from adapters.persistence.commands import CommandTable
from adapters.persistence.connections import ConnectionTable
from adapters.persistence.database import Database, open_database
from adapters.persistence.deliveries import DeliveryTable
from adapters.persistence.endpoints import EndpointTable
from adapters.persistence.events import EventTable
from adapters.persistence.hosts import HostTables
from adapters.persistence.intake import IntakeTables
from adapters.persistence.ledger import LedgerTable
from adapters.persistence.lines import a_bell
from adapters.persistence.people import PeopleTables
from adapters.persistence.pulls import PullTables
from adapters.persistence.records import RecordTable
from adapters.persistence.vendor_inbox import VendorInboxTables
from adapters.persistence.wake import Bell
from ports.api_keys import ApiKeyStore
from ports.clock import Clock
from ports.commands import Commands
from ports.connections import ConnectionStore
from ports.hosts import Hosts
from ports.intake import Intake
from ports.ledger import Ledger
from ports.outbox import Outbox
from ports.people import People
from ports.pulls import Pulls
from ports.records import Records
from ports.vault import Vault
from ports.vendor_events import VendorInbox
from ports.webhooks import Deliveries, Endpoints


@attrs.frozen(kw_only=True)
class Stores:
    """What is kept, port by port."""

    commands: Commands
    ledger: Ledger
    connections: ConnectionStore
    api_keys: ApiKeyStore
    people: People
    hosts: Hosts
    vendor_inbox: VendorInbox
    outbox: Outbox
    endpoints: Endpoints
    deliveries: Deliveries
    intake: Intake
    records: Records
    pulls: Pulls
    database: Database


@asynccontextmanager
async def open_stores(
    url: str,
    *,
    vault: Vault,
    clock: Clock,
    lease_seconds: float = 20.0,
    connection_concurrency: int | None = None,
    crashes_allowed: int = 5,
    delivery_seconds: float = 35.0,
) -> AsyncIterator[Stores]:
    """The database must have been migrated. When this is left, no thread and no connection stays behind.

    `delivery_seconds` is how long a delivery stays with a worker that went silent: longer than a request takes.
    """
    async with open_database(url, clock) as database, a_bell(url, database, clock) as bell:
        # For those of this process who deliver: others see within a second what they are not told.
        outbox = Bell(clock)
        pulling = Bell(clock)
        yield Stores(
            commands=CommandTable(
                database,
                clock,
                bell,
                outbox,
                lease_seconds=lease_seconds,
                connection_concurrency=connection_concurrency,
                crashes_allowed=crashes_allowed,
            ),
            ledger=LedgerTable(database),
            connections=ConnectionTable(database, vault, bell),
            api_keys=ApiKeyTable(database),
            people=PeopleTables(database),
            hosts=HostTables(database, vault),
            vendor_inbox=VendorInboxTables(database, clock, pulling),
            outbox=EventTable(database, outbox),
            endpoints=EndpointTable(database, vault, outbox),
            deliveries=DeliveryTable(database, vault, clock, outbox, lease_seconds=delivery_seconds),
            intake=IntakeTables(database, outbox),
            records=RecordTable(database),
            pulls=PullTables(database, pulling, outbox, lease_seconds=lease_seconds),
            database=database,
        )
