"""What the commands share: settings that are wrong end them with code 2, the outside with code 1, in one line each."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import wraps
from typing import ParamSpec

import msgspec

from domain.errors import DomainError
from entrypoints import logs
from entrypoints.container import Container
from entrypoints.keys_file import with_kept_keys
from entrypoints.lifecycle import running
from entrypoints.settings import SettingsError, load
from ports.errors import PortError

P = ParamSpec("P")


def show(value: object) -> None:
    """One JSON line."""
    print(msgspec.json.encode(value).decode(), flush=True)


def exit_on_faults(command: Callable[P, Awaitable[int | None]]) -> Callable[P, Awaitable[int]]:
    """Turns what a user can put right into a line on standard error and an exit code."""

    @wraps(command)
    async def run(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return await command(*args, **kwargs) or 0
        except SettingsError as error:
            for fault in error.faults:
                print(f"atsbridge: {fault}", file=sys.stderr)
            return 2
        except (DomainError, PortError) as error:
            print(f"atsbridge: {error}", file=sys.stderr)
            return 1
        except OSError as error:
            print(f"atsbridge: {_of_the_system(error)}", file=sys.stderr)
            return 1

    return run


def _of_the_system(error: OSError) -> str:
    """A file that is not there, a port that is taken."""
    about = f"{error.filename}: " if error.filename is not None else ""
    return f"{about}{error.strerror or type(error).__name__}"


@asynccontextmanager
async def opened() -> AsyncIterator[Container]:
    """The stores of this machine's settings, for a command that looks or changes something and ends."""
    settings = with_kept_keys(load())
    logs.set_up(settings.log_format)
    async with running(settings) as container:
        yield container
