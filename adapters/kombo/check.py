"""A live look: whether the key is known, and whether the integration gives anything."""

from typing import Any

from adapters.kombo.endpoints import CHECK_KEY, LIST_JOBS
from adapters.kombo.links import host_name
from adapters.kombo.routing import Wiring
from adapters.rest.endpoint import Endpoint
from ports.errors import PortError
from ports.gateway import Check, HostCheck


class Hosts(Check):
    uses: tuple[Endpoint[Any], ...] = (CHECK_KEY, LIST_JOBS)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._name = host_name(wiring.settings.base_url)

    async def hosts(self) -> tuple[HostCheck, ...]:
        try:
            await self._calls.call(CHECK_KEY)
            # The key alone says nothing of the integration.
            await self._calls.call(LIST_JOBS, query={"page_size": "1"})
        except PortError as error:
            return (HostCheck(self._name, error.message),)
        return (HostCheck(self._name, None),)
