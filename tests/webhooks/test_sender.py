"""Sending on real sockets: signed, to whom it is for, and no longer than it should take."""

import asyncio
import json
import ssl
from email.utils import format_datetime
from typing import Any

import pytest
import trustme
from standardwebhooks import Webhook, WebhookVerificationError

from adapters.clock import SystemClock
from adapters.rest.sessions import receivers
from domain.delivery import Reply
from tests.rest.raw_server import (
    Seen,
    babble,
    cut_mid_body,
    hang,
    hang_mid_body,
    hang_up,
    refusing_port,
    reply,
    reset,
    serving,
)
from tests.rest.test_networks import Rebinding
from tests.webhooks.rig import BODY, OLDER, SECRET, a_sender, errand


async def sent(act: Any, **options: Any) -> Reply:
    async with serving(act) as server, a_sender(server.port, **options) as sender:
        return await sender.send(errand(server.url))


async def test_the_public_library_verifies_what_is_sent() -> None:
    async with serving(reply(204, b"")) as server, a_sender(server.port) as sender:
        answer = await sender.send(errand(f"{server.url}/hook?a=b"))
        (seen,) = server.seen
    assert (answer.status, answer.error, answer.succeeded) == (204, None, True)
    assert (seen.method, seen.target, seen.body) == ("POST", "/hook?a=b", BODY)
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["webhook-id"] == "evt_1"
    assert Webhook(SECRET).verify(seen.body, seen.headers) == json.loads(BODY)
    with pytest.raises(WebhookVerificationError):
        Webhook(OLDER).verify(seen.body, seen.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(seen.body + b" ", seen.headers)


async def test_while_a_secret_is_replaced_both_verify() -> None:
    async with serving(reply()) as server, a_sender(server.port) as sender:
        await sender.send(errand(server.url, secrets=(SECRET, OLDER)))
        (seen,) = server.seen
    for secret in (SECRET, OLDER):
        Webhook(secret).verify(seen.body, seen.headers)


async def test_without_a_secret_nothing_is_sent() -> None:
    async with serving(reply()) as server, a_sender(server.port) as sender:
        answer = await sender.send(errand(server.url, secrets=()))
        assert (answer.status, answer.error) == (None, "the endpoint's secret cannot be opened here")
        assert server.connections == 0


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async with serving(reply()) as other, serving(reply(307, b"", Location=other.url)) as server:
        async with a_sender(server.port, other.port) as sender:
            answer = await sender.send(errand(server.url))
        assert (answer.status, answer.succeeded) == (307, False)
        assert other.connections == 0


@pytest.mark.parametrize("status", [400, 401, 404, 410, 429, 500, 503])
async def test_a_refusal_is_no_success(status: int) -> None:
    answer = await sent(reply(status, b"no"))
    assert (answer.status, answer.succeeded, answer.gone) == (status, False, status == 410)


async def test_retry_after_is_heard_in_seconds_and_as_a_date() -> None:
    assert (await sent(reply(503, b"", Retry_After="120"))).asked == 120
    later = format_datetime(SystemClock().now().replace(year=2039), usegmt=True)
    asked = (await sent(reply(429, b"", Retry_After=later))).asked
    assert asked is not None
    assert asked > 3600
    assert (await sent(reply(503, b"", Retry_After="soon"))).asked is None


async def endless(seen: Seen, writer: asyncio.StreamWriter) -> None:
    """Ten gigabytes, for as long as anybody reads them."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n")
    while True:
        writer.write(b"x" * 65_536)
        await writer.drain()


async def test_what_never_ends_is_cut_and_its_connection_is_not_kept() -> None:
    async with serving(endless) as server, a_sender(server.port, ending=5.0) as sender:
        answers = [await sender.send(errand(server.url)) for _ in range(2)]
        assert [answer.status for answer in answers] == [200, 200]
        assert server.connections == 2


async def test_of_what_never_ends_little_is_read() -> None:
    written = 0

    async def counted(seen: Seen, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()
            written += 65_536

    assert (await sent(counted, ending=3.0)).succeeded
    assert written < 32 * 1024 * 1024, "what was read, and what lay in the buffers between"


async def test_an_answer_that_stands_still_is_left_after_a_moment() -> None:
    async with asyncio.timeout(20):
        assert (await sent(hang_mid_body, seconds=600.0, ending=0.05)).succeeded


async def test_a_status_counts_even_if_the_body_never_comes() -> None:
    assert (await sent(hang_mid_body)).succeeded
    assert (await sent(cut_mid_body)).succeeded


async def test_who_does_not_answer_in_time_is_not_waited_for() -> None:
    answer = await sent(hang, seconds=0.1)
    assert (answer.status, answer.error) == (None, "it did not answer in time")
    assert answer.seconds >= 0.1


@pytest.mark.parametrize("act", [reset, hang_up])
async def test_a_connection_that_breaks(act: Any) -> None:
    assert (await sent(act)).error == "it broke the connection before it answered"


async def test_what_is_not_http() -> None:
    assert (await sent(babble)).error == "its answer was not HTTP"


async def test_a_head_that_never_ends() -> None:
    async def flood(seen: Seen, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-Filler: " + b"x" * 1000 + b"\r\n")
            await writer.drain()

    assert (await sent(flood)).error == "its answer was not HTTP"


async def test_nobody_is_there() -> None:
    port = refusing_port()
    async with a_sender(port) as sender:
        assert (await sender.send(errand(f"http://127.0.0.1:{port}/"))).error == "no connection could be made"


async def test_a_name_that_leads_here_is_not_followed_here() -> None:
    async with serving(reply()) as server:
        async with a_sender(server.port, allowed=(), resolver=Rebinding("127.0.0.1")) as sender:
            answer = await sender.send(errand(f"http://hooks.example.com:{server.port}/"))
        assert (answer.status, answer.error) == (None, "its address is not public")
        assert server.connections == 0


async def test_a_url_that_was_allowed_once_is_looked_at_again() -> None:
    async with serving(reply()) as server, a_sender(443) as sender:
        answer = await sender.send(errand(server.url))
        assert answer.error == "the URL may not be used here: must have one of these ports: 443"
        assert server.connections == 0


async def test_a_name_that_there_is_not() -> None:
    class Nowhere(Rebinding):
        async def resolve(self, *_: Any, **__: Any) -> Any:
            raise OSError("no such name")

    async with a_sender(80, resolver=Nowhere("")) as sender:
        assert (await sender.send(errand("http://nowhere.example/"))).error == "its name could not be resolved"


async def test_the_environment_has_no_say_in_where_it_goes() -> None:
    async with receivers() as session:
        assert not session.trust_env


async def test_a_connection_is_kept_for_the_next_one() -> None:
    async with serving(reply()) as server, a_sender(server.port) as sender:
        for _ in range(5):
            await sender.send(errand(server.url))
        assert (server.connections, len(server.seen)) == (1, 5)


async def test_certificates_are_checked() -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hooks.example.com").configure_cert(tls)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    async with serving(reply(), tls=tls) as server:
        url = f"https://hooks.example.com:{server.port}/"
        for context, status in ((None, None), (trusting, 200)):
            async with a_sender(server.port, resolver=Rebinding("127.0.0.1"), ssl_context=context) as sender:
                answer = await sender.send(errand(url))
            assert answer.status == status
            assert (answer.error is None) is (status is not None)


async def test_the_systems_names_are_asked_for_by_default() -> None:
    async with serving(reply()) as server, a_sender(server.port) as sender:
        answer = await sender.send(errand(f"http://localhost:{server.port}/"))
    assert answer.status == 200
