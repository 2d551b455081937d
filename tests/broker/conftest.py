"""A real NATS server for each module."""

from collections.abc import Iterator

import pytest

from tests.nats_server import NatsServer, a_nats_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    with a_nats_server(tmp_path_factory.mktemp("nats")) as running:
        yield running
