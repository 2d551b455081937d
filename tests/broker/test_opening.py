"""A broker that is not there yet, not ours, or not as it must be."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import nats
import pytest
from structlog.testing import capture_logs

from adapters.brokers.addresses import Address
from adapters.brokers.nats import INCOMING, REJECTED, NatsInbound
from ports.errors import UnavailableError
from tests.broker.post import Post, Watched, an_event, quiet, running
from tests.nats_server import NatsServer, a_nats_server

PASSWORD = "canary-broker-pa55%2Fword"
INFO = b'INFO {"server_id":"x","version":"2.15.1","headers":true,"max_payload":1048576,"auth_required":true}\r\n'


async def why(url: str, *, patience: float = 5.0) -> str:
    """Why it cannot be opened."""
    inbound = NatsInbound(Address.of(url), patience=patience)
    with pytest.raises(UnavailableError) as caught:
        await inbound.open()
    assert "canary" not in repr(caught.value)
    with pytest.raises(UnavailableError, match="not connected"):
        await inbound.fetch()
    await inbound.close()
    return caught.value.message


@asynccontextmanager
async def a_stream(server: NatsServer, name: str, subject: str) -> AsyncIterator[None]:
    client = await nats.connect(server.url)
    stream = client.jetstream()
    for ours in (INCOMING, REJECTED):
        await _without(stream.delete_stream, ours)
    await stream.add_stream(name=name, subjects=[subject])
    try:
        yield
    finally:
        await stream.delete_stream(name)
        await client.close()


async def _without(delete: Callable[..., object], name: str) -> None:
    try:
        await delete(name)  # type: ignore[misc]  # nats has no better type for it
    except nats.js.errors.NotFoundError:
        return


async def test_a_stream_of_that_name_with_other_subjects_is_said(server: NatsServer) -> None:
    async with a_stream(server, INCOMING, "orders.>"):
        assert await why(server.url) == "the broker's stream ATSBRIDGE_IN has other subjects than ['atsbridge.in.>']"


async def test_another_stream_with_our_subjects_is_said(server: NatsServer) -> None:
    async with a_stream(server, "EVERYTHING", "atsbridge.>"):
        assert "the broker refuses: subjects overlap" in await why(server.url)


async def test_streams_that_somebody_made_for_it_are_left_as_they_are(server: NatsServer) -> None:
    async with a_stream(server, INCOMING, "atsbridge.in.>"):
        inbound = NatsInbound(Address.of(server.url))
        await inbound.open()
        client = await nats.connect(server.url)
        assert (await client.jetstream().stream_info(INCOMING)).config.retention == "limits"
        await client.close()
        await inbound.close()


async def test_no_broker_there_or_not_one_of_that_kind_is_said(tmp_path: Path) -> None:
    with a_nats_server(tmp_path) as gone:
        url = gone.url
    assert await why(url) == "the broker does not answer"


async def test_credentials_are_asked_for_and_refused(tmp_path: Path) -> None:
    with a_nats_server(tmp_path, "--user", "post", "--pass", "canary-broker-pa55/word") as server:
        good = server.url.replace("//", f"//post:{PASSWORD}@")
        assert await why(server.url) == "the broker refuses the credentials"
        assert await why(good.replace("pa55", "other")) == "the broker refuses the credentials"
        assert await why(good.replace("nats:", "tls:")) == "the broker does not offer TLS"
        inbound = NatsInbound(Address.of(good), patience=0.5)
        await inbound.open()
        assert await inbound.fetch() == ()
        await inbound.close()


async def test_a_token_is_given_too(tmp_path: Path) -> None:
    with a_nats_server(tmp_path, "--auth", "canary-token") as server:
        inbound = NatsInbound(Address.of(server.url.replace("//", "//canary-token@")))
        await inbound.open()
        await inbound.close()


async def test_nothing_secret_goes_to_whoever_does_not_offer_tls() -> None:
    heard = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(INFO)
        while chunk := await reader.read(1024):
            heard.extend(chunk)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert await why(f"tls://post:{PASSWORD}@127.0.0.1:{port}") == "the broker does not offer TLS"
    assert b"canary" not in heard


async def test_what_a_user_may_not_do_is_said(tmp_path: Path) -> None:
    permissions = 'permissions: {publish: "nothing", subscribe: "_INBOX.>"}'
    (tmp_path / "nats.conf").write_text(f'authorization {{ users = [ {{user: "a", password: "b", {permissions}}} ] }}')
    with a_nats_server(tmp_path, "--config", str(tmp_path / "nats.conf")) as server:
        told = await why(server.url.replace("//", "//a:b@"), patience=1.0)
    assert told.startswith("the broker refuses: permissions violation for publish to")


async def test_a_broker_that_comes_later_is_found(post: Post) -> None:
    post.server.stop()
    inbound = post.inbound()
    watched = Watched(inbound)
    intake = post.intake(watched)
    with capture_logs() as logs:
        async with running(intake):
            await watched.until(lambda one: one.closed > 1)
            with pytest.raises(UnavailableError, match="does not answer"):
                await intake.ready()
            await asyncio.to_thread(post.server.start)
            await watched.next_fetch()
            await intake.ready()
            await post.connect_again()
            await post.publish(an_event())
            await watched.until(lambda one: one.settled == 1)
    await inbound.close()
    assert await post.keys() == ["screening:screening-1"]
    assert [one["event"] for one in logs][:2] == ["not fetching", "taking in"], "an outage is a line, not one a second"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost:4222",
        "http://host:80",
        "nats://",
        "nats://host:port",
        "nats://a,tls://b",
        "nats://[x",
        "nats://a,",
    ],
)
def test_what_is_no_address_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(must be|has a host)") as caught:
        Address.of(text)
    assert str(caught.value).count("://") in {0, 2}, "those that it tells of, and no other"


def test_credentials_are_told_apart_and_shown_nowhere() -> None:
    address = Address.of("tls://post:p%40ss@one.example:4222, tls://two.example")
    assert address.servers == ("tls://one.example:4222", "tls://two.example")
    assert (address.user, address.password, address.tls) == ("post", "p@ss", True)
    assert "p@ss" not in repr(address)


TENANTS = """authorization {
  users = [
    {user: acme, password: a, permissions: {publish: "atsbridge.in.con_acme", subscribe: "_INBOX.>"}}
    {user: service, password: s, permissions: {
      publish: ["atsbridge.rejected", "$JS.API.>", "$JS.ACK.>"], subscribe: "_INBOX.>"
    }}
  ]
}
"""


async def test_the_permissions_of_the_readme_hold_tenants_apart(tmp_path: Path) -> None:
    (tmp_path / "nats.conf").write_text(TENANTS)
    with a_nats_server(tmp_path, "--config", str(tmp_path / "nats.conf")) as server:
        service = NatsInbound(Address.of(server.url.replace("//", "//service:s@")), patience=1.0)
        await service.open()
        tenant = await nats.connect(server.url.replace("//", "//acme:a@"), error_cb=quiet)
        stream = tenant.jetstream(timeout=1)
        assert (await stream.publish("atsbridge.in.con_acme", b"one")).seq == 1
        with pytest.raises(nats.errors.TimeoutError):
            await stream.publish("atsbridge.in.con_other", b"two")
        await stream.publish("atsbridge.in.con_acme", b"three")
        first, second = await service.fetch()
        await service.ack(first)
        await service.reject(second, "invalid", b"{}")
        assert (first.connection, first.content, second.content) == ("con_acme", b"one", b"three")
        await tenant.close()
        await service.close()
