"""What is made of what. Synchronous: everything that must be opened is a `Dependency` that `lifecycle` has opened."""

from ipaddress import ip_network

from dependency_injector import containers, providers

from adapters.persistence.stores import Stores
from adapters.webhooks.addresses import Addresses
from application.ask_pulls import AskPulls
from application.carry_out import CarryOut
from application.check_connection import CheckConnection
from application.erase_person import ErasePerson
from application.keep_connection import AddConnection, ChangeConnection
from application.keep_endpoint import KeepEndpoint
from application.patience import Patience
from application.post_call_results import PostCallResults
from application.pull_changes import PullChanges, Rhythm
from application.receipts import Receipts
from application.receive_intake import ReceiveIntake
from application.receive_vendor_event import ReceiveVendorEvent
from application.schedule_pulls import SchedulePulls
from application.screen_and_tag import ScreenAndTag
from application.write_one import WriteOne
from entrypoints.settings import Settings
from ports.clock import Clock
from ports.connections import Connections
from ports.providers import ProviderCatalogue


def addresses_of(settings: Settings) -> Addresses:
    """Which URLs the operator lets endpoints have."""
    return Addresses(
        ports=frozenset(settings.webhook_ports),
        http=settings.webhook_http,
        allowed=tuple(ip_network(one) for one in settings.allow_private_networks),
    )


def rhythm_of(settings: Settings) -> Rhythm:
    """How often the operator wants connections to be pulled."""
    return Rhythm(
        jobs=settings.pull_jobs_seconds,
        others=settings.pull_others_seconds,
        full=settings.audit_days * 24 * 3600.0,
        pause=settings.audit_pause_seconds,
    )


class Container(containers.DeclarativeContainer):
    """The use cases, and the stores that entrypoints read directly."""

    settings: providers.Dependency[Settings] = providers.Dependency(instance_of=Settings)
    clock: providers.Dependency[Clock] = providers.Dependency()
    stores: providers.Dependency[Stores] = providers.Dependency(instance_of=Stores)
    connections: providers.Dependency[Connections] = providers.Dependency()
    catalogue: providers.Dependency[ProviderCatalogue] = providers.Dependency()

    post_call_results = providers.Factory(PostCallResults, connections, stores.provided.commands)
    screen_and_tag = providers.Factory(ScreenAndTag, connections, stores.provided.commands)
    write_one = providers.Factory(WriteOne, connections, stores.provided.commands)
    erase_person = providers.Factory(ErasePerson, stores.provided.people)
    add_connection = providers.Factory(AddConnection, stores.provided.connections, catalogue, clock)
    change_connection = providers.Factory(ChangeConnection, stores.provided.connections, catalogue)
    check_connection = providers.Factory(CheckConnection, connections, stores.provided.connections)
    receive_vendor_event = providers.Factory(
        ReceiveVendorEvent, stores.provided.connections, catalogue, stores.provided.vendor_inbox
    )
    receive_intake = providers.Factory(ReceiveIntake, stores.provided.connections, stores.provided.intake)
    rules = providers.Singleton(addresses_of, settings)
    keep_endpoint = providers.Factory(KeepEndpoint, stores.provided.endpoints, rules, clock)
    receipts = providers.Singleton(Receipts)
    carry_out = providers.Factory(
        CarryOut,
        connections,
        stores.provided.connections,
        stores.provided.commands,
        stores.provided.ledger,
        clock,
        receipts,
        providers.Factory(Patience, shortest=settings.provided.retry_seconds),
    )
    rhythm = providers.Singleton(rhythm_of, settings)
    schedule_pulls = providers.Factory(
        SchedulePulls, stores.provided.connections, stores.provided.pulls, catalogue, rhythm
    )
    ask_pulls = providers.Factory(AskPulls, stores.provided.connections, catalogue, stores.provided.pulls)
    pull_changes = providers.Factory(
        PullChanges,
        connections,
        stores.provided.connections,
        stores.provided.pulls,
        stores.provided.records,
        clock,
        rhythm,
    )
