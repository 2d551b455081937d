"""A sender that reaches this machine, and what it sends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from ssl import SSLContext
from typing import Any

from aiohttp.abc import AbstractResolver

from adapters.clock import SystemClock
from adapters.rest.networks import Network
from adapters.rest.sessions import receivers
from adapters.webhooks.addresses import Addresses
from adapters.webhooks.sender import HttpSender
from domain.ids import DeliveryId, EndpointId, EventId
from ports.webhooks import Errand

SECRET = "whsec_Y2FuYXJ5LXNlY3JldC1vZi10aGUtdGVzdHM="
OLDER = "whsec_YW4tb2xkZXItY2FuYXJ5LW9mLXRoZS10ZXN0cw=="
LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"),)
BODY = '{"id":"evt_1","type":"result.ready","data":{"summary":"Zoë is free"}}'.encode()


def errand(url: str, **changes: Any) -> Errand:
    parts: dict[str, Any] = {
        "delivery": DeliveryId("whd_1"),
        "fence": 1,
        "endpoint": EndpointId("whe_1"),
        "event": EventId("evt_1"),
        "tries": 0,
        "url": url,
        "secrets": (SECRET,),
        "body": BODY,
    }
    return Errand(**{**parts, **changes})


@asynccontextmanager
async def a_sender(
    *ports: int,
    allowed: tuple[Network, ...] = LOOPBACK,
    seconds: float = 5.0,
    ending: float = 0.05,
    resolver: AbstractResolver | None = None,
    ssl_context: SSLContext | None = None,
) -> AsyncIterator[HttpSender]:
    rules = Addresses(ports=frozenset(ports), http=True, allowed=allowed)
    async with receivers(allowed=allowed, resolver=resolver, ssl_context=ssl_context) as session:
        yield HttpSender(session, rules, SystemClock(), seconds=seconds, ending=ending)
