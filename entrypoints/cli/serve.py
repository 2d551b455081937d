"""`atsbridge serve`, `web` and `work`: the service, whole or in its two parts."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web as aiohttp_web

from entrypoints import logs
from entrypoints.cli.service import exit_on_faults
from entrypoints.container import Container
from entrypoints.keys_file import KEYS_FILE, with_generated_keys
from entrypoints.lifecycle import delivering, receiving, running
from entrypoints.memory import give_back_large, settled_in
from entrypoints.settings import Settings, SettingsError, load
from entrypoints.web.app import build_app
from entrypoints.web.telemetry import server_log
from entrypoints.worker.deliverer import Deliverer
from entrypoints.worker.intake import Intake
from entrypoints.worker.loop import Worker
from entrypoints.worker.retention import forget_in_time
from entrypoints.worker.schedule import schedule_in_time

# Seconds in which requests under way may end; then they are cut off: what was accepted is durable.
_LAST_ANSWERS = 4.0


@exit_on_faults
async def serve() -> None:
    """Web and worker in one process, on SQLite unless told otherwise. Missing keys are made and kept in DATA_DIR."""
    settings, new_key = with_generated_keys(load())
    if new_key is not None:
        print(f"the admin key, shown this once (kept in {settings.data_dir / KEYS_FILE}): {new_key}", flush=True)
    logs.set_up(settings.log_format)
    give_back_large()
    async with (
        running(settings, alone=True) as container,
        receiving(container) as intake,
        delivering(container) as deliverer,
        _listening(container, intake),
    ):
        await _work(container, intake, deliverer)


@exit_on_faults
async def web() -> None:
    """The web part alone; its settings must name the database and the keys."""
    settings = _complete(load())
    logs.set_up(settings.log_format)
    give_back_large()
    async with running(settings) as container, _listening(container):
        await _stopped()


@exit_on_faults
async def work() -> None:
    """A worker alone; as many as wanted may run beside one another."""
    settings = _complete(load())
    logs.set_up(settings.log_format)
    give_back_large()
    async with running(settings) as container, receiving(container) as intake, delivering(container) as deliverer:
        await _work(container, intake, deliverer)


@asynccontextmanager
async def _listening(container: Container, intake: Intake | None = None) -> AsyncIterator[None]:
    settings = container.settings()
    checks = {"queue": intake.ready} if intake else {}
    runner = aiohttp_web.AppRunner(
        build_app(container, checks), access_log=None, logger=server_log(), shutdown_timeout=_LAST_ANSWERS
    )
    await runner.setup()
    try:
        site = aiohttp_web.TCPSite(runner, settings.host, settings.port)
        await site.start()
        host, port = runner.addresses[0][:2]
        print(f"atsbridge listens on http://{host}:{port}", flush=True)
        settled_in()
        yield
    finally:
        await runner.cleanup()


async def _work(container: Container, intake: Intake | None, deliverer: Deliverer) -> None:
    settings, stores = container.settings(), container.stores()
    worker = Worker(
        stores.commands,
        container.carry_out(),
        container.clock(),
        concurrency=settings.concurrency,
        lease_seconds=settings.lease_seconds,
        stop_seconds=settings.stop_seconds,
        receipts=container.receipts(),
    )
    puller = Worker(
        stores.pulls,
        container.pull_changes(),
        container.clock(),
        concurrency=settings.pull_concurrency,
        lease_seconds=settings.lease_seconds,
        stop_seconds=0,  # whoever comes next goes on at the page where this one is
    )
    settled_in()
    _on_signal(worker.stop, deliverer.stop, puller.stop, *([intake.stop] if intake else ()))
    forgetting = asyncio.create_task(
        forget_in_time(
            (stores.intake.forget, stores.commands.forget, stores.vendor_inbox.forget, stores.outbox.forget),
            container.clock(),
            settings.retention_days,
        )
    )
    sending = asyncio.create_task(deliverer.run())
    scheduling = asyncio.create_task(schedule_in_time(container.schedule_pulls(), container.clock()))
    pulling = asyncio.create_task(puller.run())
    taking_in = asyncio.create_task(intake.run() if intake else asyncio.sleep(0))
    try:
        await worker.run()
        await asyncio.wait({sending}, timeout=settings.stop_seconds)
        await asyncio.wait({taking_in}, timeout=_LAST_ANSWERS)
    finally:
        beside = (forgetting, sending, taking_in, scheduling, pulling)
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


def _on_signal(*stops: Callable[[], None]) -> None:
    """Asked to end, by a person or the system."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, lambda: [stop() for stop in stops])


async def _stopped() -> None:
    stop = asyncio.Event()
    _on_signal(stop.set)
    await stop.wait()


def _complete(settings: Settings) -> Settings:
    """Processes that run apart share a database and keys: nobody may make up their own."""
    missing = [
        f"{name} is missing"
        for name, value in (
            ("ATSBRIDGE_DATABASE_URL", settings.database_url),
            ("ATSBRIDGE_VAULT_KEYS", settings.vault_keys),
            ("ATSBRIDGE_ADMIN_KEY", settings.admin_key),
        )
        if not value
    ]
    if missing:
        raise SettingsError(missing)
    return settings
