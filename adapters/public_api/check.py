"""A live look: there is no host to look at."""

from ports.gateway import Check, HostCheck


class NoHosts(Check):
    """What is here needs no log-in."""

    async def hosts(self) -> tuple[HostCheck, ...]:
        return ()
