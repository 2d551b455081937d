"""A live look: a log-in and one cheap read on each host that serves anything."""

from typing import Any

from adapters.erecruit.endpoints import CANDIDATE_FIELDS, JOB_FIELDS, LEGACY, REASONS, STANDARD, STATUSES
from adapters.erecruit.links import host_name
from adapters.erecruit.routing import Wiring, routed
from adapters.rest.endpoint import Endpoint
from adapters.together import together
from ports.errors import PortError
from ports.gateway import Check, HostCheck


class Hosts(Check):
    uses: tuple[Endpoint[Any], ...] = (CANDIDATE_FIELDS, JOB_FIELDS, STATUSES, REASONS)

    def __init__(self, wiring: Wiring) -> None:
        self._calls = wiring.calls(self.uses)
        self._names = {STANDARD: wiring.settings.base_url, LEGACY: wiring.settings.legacy_url}
        # The settings may route a read to the other host: any that is cheap will do.
        self._reads = {routed(row, wiring.settings).host: row for row in reversed(self.uses)}

    async def hosts(self) -> tuple[HostCheck, ...]:
        hosts = [host for host in self._names if host in self._reads]
        return tuple(await together(self._look(host) for host in hosts))

    async def _look(self, host: str) -> HostCheck:
        name = host_name(self._names[host])
        try:
            await self._calls.call(self._reads[host])
        except PortError as error:
            return HostCheck(name, error.message)
        return HostCheck(name, None)
