"""What is not public is not connected to, however it is written or named."""

import asyncio
import socket
from ipaddress import ip_address, ip_network

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from adapters.rest.networks import ForbiddenAddressError, is_public, may_be_reached
from adapters.rest.sessions import guarded
from tests.rest.raw_server import reply, serving

NOT_PUBLIC = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("100.64.0.1", "100.100.100.200", "169.254.169.254", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7"),
    *("203.0.113.9", "192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a00:1::1"),
    *(
        "2001::1",
        "2001:0:a00:1::",
        "2001:db8::1",
        "3fff::1",
        "100::1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd00:ec2::254",
    ),
    *("ff02::1", "4000::1", "5f00::1"),
]
PUBLIC = ["8.8.8.8", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))
    assert not may_be_reached(ip_address(address), [ip_network("11.0.0.0/8")])


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_that_is(address: str) -> None:
    assert is_public(ip_address(address))


def test_an_operator_may_allow_a_network_of_theirs() -> None:
    mine = [ip_network("10.1.0.0/16"), ip_network("fd12::/16")]
    for address in ("10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203", "fd12::1"):
        assert may_be_reached(ip_address(address), mine)
    assert not may_be_reached(ip_address("10.2.0.1"), mine)


class Rebinding(AbstractResolver):
    """First names what is public, and then what is not."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        named = self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]
        flags = socket.AI_NUMERICHOST
        return [ResolveResult(hostname=host, host=named, port=port, family=socket.AF_INET, proto=0, flags=flags)]

    async def close(self) -> None:
        """Nothing is open."""


def _is_forbidden(error: BaseException | None) -> bool:
    return error is not None and (isinstance(error, ForbiddenAddressError) or _is_forbidden(error.__cause__))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"])
async def test_nothing_reaches_this_machine(host: str) -> None:
    async with serving(reply()) as server, guarded() as sessions:
        for session in (sessions.reads, sessions.writes):
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get(f"http://{host}:{server.port}/", allow_redirects=False)
        assert server.connections == 0


async def test_a_name_that_leads_elsewhere_meanwhile_is_judged_when_it_is_connected_to() -> None:
    resolver = Rebinding("127.0.0.1")
    async with serving(reply()) as server, guarded(resolver=resolver) as sessions:
        with pytest.raises(aiohttp.ClientConnectorError) as refused:
            await sessions.reads.get(f"http://hooks.example.com:{server.port}/")
        assert _is_forbidden(refused.value)
        assert server.connections == 0


async def test_what_is_allowed_is_reached() -> None:
    async with serving(reply()) as server, guarded(allowed=[ip_network("127.0.0.0/8")]) as sessions:
        async with asyncio.timeout(5), sessions.reads.get(server.url) as answer:
            assert answer.status == 200
        assert server.connections == 1
