"""What the operations work with."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TypeAlias

import attrs

from adapters.persistence.database import ready
from application.ask_pulls import AskPulls
from application.check_connection import CheckConnection
from application.erase_person import ErasePerson
from application.keep_connection import AddConnection, ChangeConnection
from application.keep_endpoint import KeepEndpoint
from application.post_call_results import PostCallResults
from application.receipts import Receipts
from application.receive_intake import ReceiveIntake
from application.receive_vendor_event import ReceiveVendorEvent
from application.screen_and_tag import ScreenAndTag
from application.write_one import WriteOne
from entrypoints.container import Container
from entrypoints.web.access import Gate
from entrypoints.web.docs_page import Description
from entrypoints.web.telemetry import Telemetry
from entrypoints.web.turnstile import Turnstile
from ports.api_keys import ApiKeyStore
from ports.clock import Clock
from ports.commands import Commands
from ports.connections import Connections, ConnectionStore
from ports.errors import UnavailableError
from ports.intake import Intake
from ports.outbox import Outbox
from ports.providers import ProviderCatalogue
from ports.pulls import Pulls
from ports.records import Records
from ports.vendor_events import VendorInbox
from ports.webhooks import Deliveries, Endpoints

Check: TypeAlias = Callable[[], Awaitable[None]]
"""Returns if all is well. Raises PortError, whose message is shown to whoever asks."""


@attrs.frozen(kw_only=True)
class Services:
    """Use cases, stores and what watches over them."""

    clock: Clock
    gate: Gate
    telemetry: Telemetry
    api_keys: ApiKeyStore
    connections: Connections
    kept_connections: ConnectionStore
    commands: Commands
    catalogue: ProviderCatalogue
    post_call_results: PostCallResults
    screen_and_tag: ScreenAndTag
    write_one: WriteOne
    erase_person: ErasePerson
    add_connection: AddConnection
    change_connection: ChangeConnection
    check_connection: CheckConnection
    receive_vendor_event: ReceiveVendorEvent
    vendor_inbox: VendorInbox
    receive_intake: ReceiveIntake
    intake: Intake
    keep_endpoint: KeepEndpoint
    endpoints: Endpoints
    deliveries: Deliveries
    outbox: Outbox
    ask_pulls: AskPulls
    pulls: Pulls
    records: Records
    turnstile: Turnstile
    checks: Mapping[str, Check]
    description: Description


async def _recorded(receipts: Receipts) -> None:
    if receipts.in_hand:
        raise UnavailableError("the database does not take what has been confirmed")


def services_of(container: Container, description: Description, checks: Mapping[str, Check]) -> Services:
    """Asked of the container once, when the application is built."""
    stores = container.stores()
    return Services(
        clock=container.clock(),
        gate=Gate(stores.api_keys, container.clock()),
        telemetry=Telemetry(container.clock(), container.receipts()),
        api_keys=stores.api_keys,
        connections=container.connections(),
        kept_connections=stores.connections,
        commands=stores.commands,
        catalogue=container.catalogue(),
        post_call_results=container.post_call_results(),
        screen_and_tag=container.screen_and_tag(),
        write_one=container.write_one(),
        erase_person=container.erase_person(),
        add_connection=container.add_connection(),
        change_connection=container.change_connection(),
        check_connection=container.check_connection(),
        receive_vendor_event=container.receive_vendor_event(),
        vendor_inbox=stores.vendor_inbox,
        receive_intake=container.receive_intake(),
        intake=stores.intake,
        keep_endpoint=container.keep_endpoint(),
        endpoints=stores.endpoints,
        deliveries=stores.deliveries,
        outbox=stores.outbox,
        ask_pulls=container.ask_pulls(),
        pulls=stores.pulls,
        records=stores.records,
        turnstile=Turnstile(container.clock()),
        checks={
            "database": partial(ready, stores.database),
            "receipts": partial(_recorded, container.receipts()),
            **checks,
        },
        description=description,
    )
