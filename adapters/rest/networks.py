"""Which addresses may be reached: judged where a connection is made, of the very address that is connected to.

A name may resolve to one address when it is looked at and to another when it is used; here there is no such gap.
"""

import asyncio
import socket
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

Network: TypeAlias = IPv4Network | IPv6Network
Address: TypeAlias = IPv4Address | IPv6Address

_NOT_PUBLIC = tuple(
    IPv4Network(one)
    for one in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",  # Azure's own services answer here, on a public address
    )
)
_UNICAST = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(IPv6Network(one) for one in ("2001::/23", "2001:db8::/32", "3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


class ForbiddenAddressError(OSError):
    """The address is not public and nobody has allowed its network; nothing was sent."""


def is_public(address: Address) -> bool:
    """Whether it lies in the open internet; one that stands for an IPv4 address is judged as that."""
    meant = _meant(address)
    if isinstance(meant, IPv4Address):
        return not any(meant in network for network in _NOT_PUBLIC)
    return meant in _UNICAST and not any(meant in network for network in _NOT_PUBLIC_6)


def may_be_reached(address: Address, allowed: Collection[Network]) -> bool:
    """Whether it is public, or in a network that is allowed."""
    return is_public(address) or any(_meant(address) in network for network in allowed)


def only_public(allowed: Collection[Network] = ()) -> Callable[[aiohttp.AddrInfoType], socket.socket]:
    """A socket factory that makes none to other addresses: it raises ForbiddenAddressError."""
    kept = tuple(allowed)

    def make(info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, where = info
        if not may_be_reached(ip_address(str(where[0]).partition("%")[0]), kept):
            raise ForbiddenAddressError("this session does not reach addresses that are not public")
        return socket.socket(family, kind, protocol)

    return make


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where a translator or a tunnel would go there."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64 or address in _COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


class PooledResolver(AbstractResolver):
    """Asks the system in threads of its own: a name server that keeps silent holds up nobody's files and hashes."""

    def __init__(self, threads: int = 32) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        ask = partial(socket.getaddrinfo, host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        found = await asyncio.get_running_loop().run_in_executor(self._pool, ask)
        flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(hostname=host, host=str(where[0]), port=port, family=kind, proto=protocol, flags=flags)
            for kind, _, protocol, _, where in found
        ]

    async def close(self) -> None:
        """Whoever still waits for a name hears no more of it."""
        self._pool.shutdown(wait=False, cancel_futures=True)
