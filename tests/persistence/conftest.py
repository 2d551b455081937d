"""Each test of the stores runs on both engines."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.persistence.migrate import migrate
from tests.persistence.postgres import RUN, empty_database
from tests.persistence.pulled import two_connections
from tests.persistence.worlds import World, opened_world


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
async def url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with our schema that is this test's alone."""
    if engine == "postgresql":
        return await empty_database(request.config)
    shutil.copy(await migrated_file(request.config), tmp_path / "test.db")
    return f"sqlite:///{tmp_path}/test.db"


@pytest.fixture
async def world(engine: str, url: str) -> AsyncIterator[World]:
    async with opened_world(engine, url) as made:
        yield made


@pytest.fixture
async def opened(world: World) -> World:
    """With two connections."""
    return await two_connections(world)


async def migrated_file(config: pytest.Config) -> Path:
    """Made once a worker: a migration takes longer than most tests."""
    made = config.stash[RUN] / f"{getattr(config, 'workerinput', {}).get('workerid', 'main')}.db"
    if not made.exists():
        await migrate(f"sqlite:///{made}")
    return made
