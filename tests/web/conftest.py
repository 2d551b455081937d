"""Fixtures of the HTTP side."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.persistence.migrate import migrate
from tests.web.rig import Api, an_api


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: a migration takes longer than most tests."""
    made = tmp_path_factory.mktemp("web") / "migrated.db"
    asyncio.run(migrate(f"sqlite:///{made}"))
    return made


@pytest.fixture
async def api(migrated: Path, tmp_path: Path) -> AsyncIterator[Api]:
    database = Path(shutil.copy(migrated, tmp_path / "web.db"))
    async with an_api(database) as opened:
        yield opened


@pytest.fixture
async def connection(api: Api) -> str:
    return await api.add_connection()
