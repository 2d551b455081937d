"""Opening everything in order, and closing it in reverse."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

from dependency_injector import providers

from adapters.brokers.addresses import Address
from adapters.clock import SystemClock
from adapters.deps import Deps
from adapters.gateways import Gateways
from adapters.persistence.migrate import migrate
from adapters.persistence.stores import Stores, open_stores
from adapters.providers import Catalogue
from adapters.rest.sessions import receivers
from adapters.turns.in_process import InProcessTurns
from adapters.turns.shared import SharedTurns
from adapters.vault import FernetVault
from adapters.webhooks.sender import SECONDS, HttpSender
from application.deliver_webhooks import DeliverWebhooks
from entrypoints.container import Container
from entrypoints.keys_file import ADMIN, KEY_PREFIX
from entrypoints.settings import Settings, SettingsError
from entrypoints.worker.bridge import Bridge
from entrypoints.worker.deliverer import Deliverer
from entrypoints.worker.intake import Intake
from ports.api_keys import ApiKey, Permission
from ports.clock import Clock
from ports.scope import EVERYTHING
from ports.vault import SealError

_SEALS_TRIED = 100
_LEASES_A_MESSAGE = 3
_SHORTEST = len(f"{KEY_PREFIX}{ADMIN}_") + 28


@asynccontextmanager
async def running(settings: Settings, *, clock: Clock | None = None, alone: bool = False) -> AsyncIterator[Container]:
    """A container whose every part is open. Raises SettingsError naming what is missing, UnavailableError.

    A process that is `alone` counts its requests and keeps its tokens by itself; others share theirs in the database.
    """
    clock = clock or SystemClock()
    vault = _vault(settings)
    await migrate(settings.database)
    async with AsyncExitStack() as stack:
        stores = await stack.enter_async_context(
            open_stores(
                settings.database,
                vault=vault,
                clock=clock,
                lease_seconds=settings.lease_seconds,
                connection_concurrency=settings.connection_concurrency,
                crashes_allowed=settings.crashes_allowed,
                delivery_seconds=SECONDS + settings.lease_seconds,
            )
        )
        await _must_open(stores)
        await _keep_admin_key(stores, settings, clock)
        turns = InProcessTurns(clock) if alone else SharedTurns(stores.hosts, clock)
        exempt = settings.tls_exempt_hosts
        gateways = await stack.enter_async_context(
            Gateways(
                store=stores.connections,
                turns=turns,
                clock=clock,
                exempt=exempt,
                intake=stores.intake,
                outbox=stores.outbox,
            )
        )
        container = Container(
            settings=providers.Object(settings),
            clock=providers.Object(clock),
            stores=providers.Object(stores),
            connections=providers.Object(gateways),
            catalogue=providers.Object(Catalogue(Deps(turns=turns, clock=clock), exempt=exempt)),
        )
        container.check_dependencies()
        yield container


def bridge_of(container: Container) -> Bridge:
    """From events to the use cases of the container."""
    return Bridge(container.post_call_results(), container.screen_and_tag(), container.receive_intake())


@asynccontextmanager
async def receiving(container: Container) -> AsyncIterator[Intake | None]:
    """What takes events in from the broker of the settings, not running yet; None if there is no broker.

    The broker need not be there. Raises SettingsError if what it takes to talk to it is not installed.
    """
    settings = container.settings()
    if not settings.broker_url:
        yield None
        return
    try:
        # Only now: the client is an extra that few need.
        from adapters.brokers.nats import NatsInbound  # noqa: PLC0415 - see above
    except ImportError:
        raise SettingsError(["ATSBRIDGE_BROKER_URL needs the extra `nats`: install atsbridge[nats]"]) from None
    inbound = NatsInbound(
        Address.of(settings.broker_url),
        ack_seconds=_LEASES_A_MESSAGE * settings.lease_seconds,
        keep_seconds=timedelta(days=settings.retention_days).total_seconds(),
    )
    try:
        yield Intake(inbound, bridge_of(container), container.clock())
    finally:
        await inbound.close()


@asynccontextmanager
async def delivering(container: Container) -> AsyncIterator[Deliverer]:
    """What sends webhooks, not running yet."""
    settings, rules, clock = container.settings(), container.rules(), container.clock()
    deliveries = container.stores().deliveries
    async with receivers(allowed=rules.allowed) as session:
        yield Deliverer(
            deliveries,
            DeliverWebhooks(deliveries, HttpSender(session, rules, clock)),
            clock,
            concurrency=settings.webhook_concurrency,
            each=settings.endpoint_concurrency,
            stop_seconds=settings.stop_seconds,
        )


def _vault(settings: Settings) -> FernetVault:
    keys = tuple(key.strip() for key in settings.vault_keys.split(",") if key.strip())
    if not keys:
        raise SettingsError(["ATSBRIDGE_VAULT_KEYS is missing: credentials cannot be sealed without a key"])
    try:
        return FernetVault(keys)
    except SealError as error:
        raise SettingsError([f"ATSBRIDGE_VAULT_KEYS: {error}"]) from None


async def _must_open(stores: Stores) -> None:
    """A key that was lost shows now, not when the first result is to be written."""
    for connection in await stores.connections.page(EVERYTHING, after=None, limit=_SEALS_TRIED):
        try:
            await stores.connections.credentials(connection.id)
        except SealError as error:
            raise SettingsError([f"ATSBRIDGE_VAULT_KEYS: {error}"]) from None


async def _keep_admin_key(stores: Stores, settings: Settings, clock: Clock) -> None:
    """The key of the settings is a row like any other, so that there is one way in."""
    key = settings.admin_key
    if not key:
        return
    if not key.startswith(f"{KEY_PREFIX}{ADMIN}_") or len(key) < _SHORTEST:
        raise SettingsError([f"ATSBRIDGE_ADMIN_KEY must be {KEY_PREFIX}{ADMIN}_ and at least 28 random characters"])
    row = ApiKey(
        id=ADMIN,
        name="the admin key of the settings",
        permissions=frozenset(Permission),
        connection=None,
        created_at=clock.now(),
        secret_sha256=hashlib.sha256(key.encode()).digest(),
    )
    await stores.api_keys.add(row)
