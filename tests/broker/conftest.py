"""A real NATS server for each module."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.broker.post import Post, a_post
from tests.nats_server import NatsServer, a_nats_server
from tests.office import an_office


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    with a_nats_server(tmp_path_factory.mktemp("nats")) as running:
        yield running


@pytest.fixture
async def lonely_post(tmp_path: Path) -> AsyncIterator[Post]:
    """On a server of its own: one that lost a consumer may take another of that name badly for the rest of its days."""
    (tmp_path / "nats").mkdir()
    with a_nats_server(tmp_path / "nats") as server:
        async with an_office(tmp_path) as office, a_post(server, office) as opened:
            yield opened


@pytest.fixture
async def post(server: NatsServer, tmp_path: Path) -> AsyncIterator[Post]:
    async with an_office(tmp_path) as office, a_post(server, office) as opened:
        yield opened
