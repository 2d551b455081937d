"""The one host that cannot be verified is exempted alone. On real TLS sockets: unknown authority and wrong name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from adapters.rest.auth import ApiKey
from adapters.rest.sessions import OneName, Pair, exempted, legacy, verified
from domain.errors import InvalidError
from ports.errors import MalformedReplyError, OutcomeUnknownError, UnavailableError
from tests.rest.raw_server import Act, RawServer, reply, serving
from tests.rest.rig import Begun, FakeClock, Person, calling, read, write
from tests.rest.tls import Names, server_context

KEY = ApiKey({"X-Api-Key": "canary-key", "Authorization": "Bearer canary-token"})


@asynccontextmanager
async def broken_host(*script: Act) -> AsyncIterator[tuple[RawServer, str]]:
    context, pin = server_context("somebody-else.example")
    async with serving(*script or (reply(),), tls=context) as server:
        yield server, pin


async def refused_by(pair: Pair, url: str) -> type[Exception]:
    """What both sessions say to `url`, redirects allowed: these guards hold even if a caller forgets."""
    kinds = set()
    for session in (pair.reads, pair.writes):
        with pytest.raises(aiohttp.ClientError) as raised:
            await session.get(url, headers={"X-Api-Key": "canary-key"})
        kinds.add(raised.type)
    assert len(kinds) == 1
    return kinds.pop()


async def test_the_legacy_session_reaches_the_broken_host() -> None:
    async with (
        broken_host() as (server, _),
        legacy(server.url) as pair,
        calling(server.url, sessions=pair, auth=KEY) as api,
    ):
        assert await read(api) == Person("Ann")
        await write(api, Begun())

    assert len(server.seen) == 2


async def test_the_verified_session_refuses_the_chain_and_says_so_once() -> None:
    clock, attempt = FakeClock(), Begun()
    async with broken_host() as (server, _), calling(server.url, auth=KEY, clock=clock) as api:
        with pytest.raises(UnavailableError, match="certificate was not accepted and nothing was sent"):
            await read(api)
        with pytest.raises(UnavailableError, match="certificate"):
            await write(api, attempt)

    assert server.seen == []
    assert clock.slept == []
    assert len(attempt.seconds) == 1


async def test_the_legacy_session_reaches_no_other_host() -> None:
    async with broken_host() as (server, _), broken_host() as (other, _), legacy(server.url) as pair:
        await refused_by(pair, other.url)
        await refused_by(pair, f"https://localhost:{server.port}/")
        await refused_by(pair, f"https://[::1]:{server.port}/")
        await refused_by(pair, f"http://127.0.0.1:{server.port}/")

    assert server.seen == other.seen == []
    assert other.connections == 0


async def test_a_name_is_bound_as_a_name_and_its_address_is_another_host() -> None:
    async with broken_host() as (server, _):
        names = Names(server.port)
        async with legacy("https://webapi.myagilus.ca", resolver=names) as pair:
            async with calling("https://webapi.myagilus.ca/api", sessions=pair) as api:
                assert await read(api) == Person("Ann")
            await refused_by(pair, server.url)
            await refused_by(pair, "https://login.myagilus.ca/")

    assert set(names.asked) == {"webapi.myagilus.ca"}


async def test_the_second_lock_holds_alone_too() -> None:
    with pytest.raises(OSError, match="one host only"):
        await OneName("webapi.myagilus.ca", Names(1)).resolve("login.myagilus.ca")


async def test_a_redirect_leads_nowhere_even_if_it_is_followed() -> None:
    async with broken_host() as (other, _), serving(reply()) as plain:
        for target in (other.url, plain.url, other.url.replace("127.0.0.1", "localhost")):
            async with broken_host(reply(302, Location=target + "/x")) as (server, _), legacy(server.url) as pair:
                await refused_by(pair, server.url)
                async with calling(server.url, sessions=pair, auth=KEY) as api:
                    with pytest.raises(MalformedReplyError):
                        await read(api)
                    with pytest.raises(OutcomeUnknownError):
                        await write(api, Begun())

    assert other.connections == plain.connections == 0


async def test_with_a_pin_only_that_certificate_is_accepted() -> None:
    async with broken_host() as (server, pin):
        spelled = ":".join(pin[at : at + 2] for at in range(0, 64, 2)).upper()
        for good in (pin, spelled):
            async with legacy(server.url, pin=good) as pair, calling(server.url, sessions=pair, auth=KEY) as api:
                assert await read(api) == Person("Ann")
        arrived = len(server.seen)
        async with legacy(server.url, pin="0" * 64) as pair, calling(server.url, sessions=pair, auth=KEY) as api:
            with pytest.raises(UnavailableError, match="certificate"):
                await read(api)
            with pytest.raises(UnavailableError, match="certificate"):
                await write(api, Begun())

    assert len(server.seen) == arrived == 2


@pytest.mark.parametrize("pin", ["", "abc", "z" * 64, "0" * 63])
async def test_a_pin_that_is_none_is_not_taken_for_no_pin(pin: str) -> None:
    with pytest.raises(InvalidError, match="SHA-256"):
        async with legacy("https://127.0.0.1:1", pin=pin):
            pass


@pytest.mark.parametrize(
    "origin",
    ["https://webapi.myagilus.ca/api", "https://127.0.0.1:8443", "https://127.9.9.9", "https://[::1]:1", "https://localhost"],
)  # fmt: skip
def test_known_and_loopback_hosts_may_go_unverified(origin: str) -> None:
    assert exempted(origin).scheme == "https"


@pytest.mark.parametrize(
    "origin",
    ["https://login.myagilus.ca", "https://myagilus.ca", "https://webapi.myagilus.ca.evil.example", "https://10.0.0.1",
     "https://acme.example", "http://webapi.myagilus.ca", "webapi.myagilus.ca", "https://", "",
     "https://webapi.myagilus.ca@evil.example/"],
)  # fmt: skip
async def test_no_other_host_may_go_unverified(origin: str) -> None:
    with pytest.raises(InvalidError):
        async with legacy(origin):
            pass


async def test_the_operator_may_name_one_more_host_exactly() -> None:
    assert exempted("https://old.acme.example:8443/x", {"old.acme.example"}).port == 8443
    with pytest.raises(InvalidError, match="TLS_EXEMPT_HOSTS"):
        exempted("https://new.acme.example", {"old.acme.example"})


async def test_verified_sessions_know_no_exemption() -> None:
    async with broken_host() as (server, _), verified() as pair:
        assert issubclass(await refused_by(pair, server.url), aiohttp.ClientConnectorCertificateError)
