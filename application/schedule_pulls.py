"""Schedule pulls: what is pulled of a connection that came new, and when for the first time."""

import attrs

from application.pull_changes import FEEDS, Rhythm
from ports.connections import ConnectionStore
from ports.errors import NotFoundError
from ports.gateway import Absence
from ports.providers import ProviderCatalogue
from ports.pulls import Pulls
from ports.scope import EVERYTHING

_AT_ONCE = 100


@attrs.frozen
class SchedulePulls:
    """Each connection once; what its provider does not give falls due never."""

    store: ConnectionStore
    pulls: Pulls
    catalogue: ProviderCatalogue
    rhythm: Rhythm = attrs.field(factory=Rhythm)

    async def __call__(self) -> None:
        """Raises UnavailableError when our own database is gone."""
        for connection, provider in (await self.pulls.unscheduled(_AT_ONCE)).items():
            try:
                settings = (await self.store.get(EVERYTHING, connection)).settings
            except NotFoundError:
                continue  # removed meanwhile
            # With default settings: none of a customer's decides whether there is a feed.
            gateway = self.catalogue.sample(provider)
            given = {kind for kind, name in FEEDS.items() if not isinstance(getattr(gateway, name), Absence)}
            first = {kind: self.rhythm.first(connection, kind, settings) if kind in given else None for kind in FEEDS}
            await self.pulls.schedule(connection, first)
