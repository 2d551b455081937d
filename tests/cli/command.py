"""Runs commands of ours as a user does: a process, a folder, an environment."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import attrs
from cryptography.fernet import Fernet

from entrypoints.settings import child_environment

ADMIN_KEY = "atsb_admin_" + "k" * 43


@attrs.frozen
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    def lines(self) -> list[Any]:
        """Its output, a JSON value a line."""
        return [json.loads(line) for line in self.out.splitlines()]


@attrs.frozen
class Terminal:
    """A folder with settings."""

    folder: Path
    settings: dict[str, str]

    async def run(self, *arguments: str, stdin: bytes | None = None) -> Ended:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "entrypoints.cli", *arguments),
            cwd=self.folder,
            env=child_environment(self.settings),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(stdin), 60)
        return Ended(process.returncode or 0, out.decode(), err.decode())


def a_terminal(folder: Path, **changes: str) -> Terminal:
    settings = {
        "ATSBRIDGE_DATABASE_URL": f"sqlite:///{folder / 'cli.db'}",
        "ATSBRIDGE_DATA_DIR": str(folder),
        "ATSBRIDGE_ADMIN_KEY": ADMIN_KEY,
        "ATSBRIDGE_VAULT_KEYS": Fernet.generate_key().decode(),
        "ATSBRIDGE_PORT": "0",
    }
    return Terminal(folder, {name: value for name, value in (settings | changes).items() if value})
