"""`atsbridge serve`, `web` and `work`: the service, whole or in its two parts."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import web as aiohttp_web

from entrypoints import logs
from entrypoints.cli.service import exit_on_faults
from entrypoints.container import Container
from entrypoints.keys_file import KEYS_FILE, with_generated_keys
from entrypoints.lifecycle import running
from entrypoints.settings import Settings, SettingsError, load
from entrypoints.web.app import build_app
from entrypoints.web.telemetry import server_log
from entrypoints.worker.loop import Worker
from entrypoints.worker.retention import forget_in_time

# Seconds in which requests under way may end; then they are cut off: what was accepted is durable.
_LAST_ANSWERS = 4.0


@exit_on_faults
async def serve() -> None:
    """Web and worker in one process, on SQLite unless told otherwise. Missing keys are made and kept in DATA_DIR."""
    settings, new_key = with_generated_keys(load())
    if new_key is not None:
        print(f"the admin key, shown this once (kept in {settings.data_dir / KEYS_FILE}): {new_key}", flush=True)
    logs.set_up(settings.log_format)
    async with running(settings) as container, _listening(container):
        await _work(container)


@exit_on_faults
async def web() -> None:
    """The web part alone; its settings must name the database and the keys."""
    settings = _complete(load())
    logs.set_up(settings.log_format)
    async with running(settings) as container, _listening(container):
        await _stopped()


@exit_on_faults
async def work() -> None:
    """A worker alone; as many as wanted may run beside one another."""
    settings = _complete(load())
    logs.set_up(settings.log_format)
    async with running(settings) as container:
        await _work(container)


@asynccontextmanager
async def _listening(container: Container) -> AsyncIterator[None]:
    settings = container.settings()
    runner = aiohttp_web.AppRunner(
        build_app(container), access_log=None, logger=server_log(), shutdown_timeout=_LAST_ANSWERS
    )
    await runner.setup()
    try:
        site = aiohttp_web.TCPSite(runner, settings.host, settings.port)
        await site.start()
        host, port = runner.addresses[0][:2]
        print(f"atsbridge listens on http://{host}:{port}", flush=True)
        yield
    finally:
        await runner.cleanup()


async def _work(container: Container) -> None:
    settings = container.settings()
    worker = Worker(
        container.stores().commands,
        container.carry_out(),
        container.clock(),
        concurrency=settings.concurrency,
        lease_seconds=settings.lease_seconds,
        stop_seconds=settings.stop_seconds,
        receipts=container.receipts(),
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, worker.stop)
    forgetting = asyncio.create_task(
        forget_in_time(container.stores().commands, container.clock(), settings.retention_days)
    )
    try:
        await worker.run()
    finally:
        forgetting.cancel()
        with suppress(asyncio.CancelledError):
            await forgetting


async def _stopped() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
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
