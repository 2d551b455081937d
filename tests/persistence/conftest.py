"""Each test of the stores runs on both engines."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.persistence.migrate import migrate
from tests.persistence.postgres import RUN, drop_database, fresh_database
from tests.persistence.worlds import World, opened_world


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
async def url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A database of the test's own, with our schema."""
    if engine == "sqlite":
        shutil.copy(await _migrated_file(request.config), tmp_path / "test.db")
        yield f"sqlite:///{tmp_path}/test.db"
        return
    run, name = request.config.stash[RUN], f"t{uuid4().hex}"
    yield await fresh_database(run, name)
    await drop_database(run, name)


@pytest.fixture
async def world(engine: str, url: str) -> AsyncIterator[World]:
    async with opened_world(engine, url) as made:
        yield made


async def _migrated_file(config: pytest.Config) -> Path:
    """Made once a worker: a migration takes longer than most tests."""
    made = config.stash[RUN] / f"{getattr(config, 'workerinput', {}).get('workerid', 'main')}.db"
    if not made.exists():
        await migrate(f"sqlite:///{made}")
    return made
