"""A live look: one cheap read. Who is let in and sees nothing is told so."""

from typing import Any

from yarl import URL

from adapters.rest.endpoint import Endpoint
from adapters.tempworks.endpoints import BRANCHES
from adapters.tempworks.routing import Wiring
from ports.errors import PortError
from ports.gateway import Check, HostCheck

SEES_NOTHING = "the log-in works, but its representative sees no branch: every list will be empty"


class Hosts(Check):
    uses: tuple[Endpoint[Any], ...] = (BRANCHES,)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._name = URL(wiring.settings.base_url).host or wiring.settings.base_url

    async def hosts(self) -> tuple[HostCheck, ...]:
        try:
            seen = await self._calls.call(BRANCHES, query={"skip": "0", "take": "1"})
        except PortError as error:
            return (HostCheck(self._name, error.message),)
        return (HostCheck(self._name, None if seen.data else SEES_NOTHING),)
