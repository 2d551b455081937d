"""All stores of one database, opened together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import attrs

from adapters.persistence.api_keys import ApiKeyTable
from adapters.persistence.commands import CommandTable
from adapters.persistence.connections import ConnectionTable
from adapters.persistence.database import Database, open_database
from adapters.persistence.hosts import HostTables
from adapters.persistence.ledger import LedgerTable
from adapters.persistence.lines import a_bell
from adapters.persistence.people import PeopleTables
from adapters.persistence.vendor_inbox import VendorInboxTables
from ports.api_keys import ApiKeyStore
from ports.clock import Clock
from ports.commands import Commands
from ports.connections import ConnectionStore
from ports.hosts import Hosts
from ports.ledger import Ledger
from ports.people import People
from ports.vault import Vault
from ports.vendor_events import VendorInbox


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
) -> AsyncIterator[Stores]:
    """The database must have been migrated. When this is left, no thread and no connection stays behind."""
    async with open_database(url, clock) as database, a_bell(url, database, clock) as bell:
        yield Stores(
            commands=CommandTable(
                database,
                clock,
                bell,
                lease_seconds=lease_seconds,
                connection_concurrency=connection_concurrency,
                crashes_allowed=crashes_allowed,
            ),
            ledger=LedgerTable(database),
            connections=ConnectionTable(database, vault, bell),
            api_keys=ApiKeyTable(database),
            people=PeopleTables(database),
            hosts=HostTables(database, vault),
            vendor_inbox=VendorInboxTables(database, clock),
            database=database,
        )
