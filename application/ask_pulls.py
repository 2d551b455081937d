"""Ask for pulls: by a person or program, beside the schedule."""

from collections.abc import Mapping, Sequence

import attrs

from application.pull_changes import FEEDS
from domain.ids import ConnectionId
from domain.policy import RecordType
from domain.pull import PullMode
from ports.connections import Connection, ConnectionStore
from ports.errors import ConflictError, NotFoundError, UnsupportedError
from ports.gateway import Absence
from ports.providers import ProviderCatalogue
from ports.pulls import Pull, Pulls
from ports.scope import Scope

_AT_ONCE = 200


@attrs.frozen
class AskPulls:
    """Only for what the provider gives; where a pull is under way, it is the answer."""

    store: ConnectionStore
    catalogue: ProviderCatalogue
    pulls: Pulls

    async def __call__(
        self, scope: Scope, connection: ConnectionId, kinds: Sequence[RecordType], mode: PullMode
    ) -> tuple[Pull, ...]:
        """A pull for each of `kinds`, or without any for all that the provider gives.

        Raises NotFoundError, and UnsupportedError with the reason of the first kind that is not given.
        """
        absent = await self.absent(scope, connection)
        given = tuple(kind for kind in FEEDS if kind not in absent)
        wanted = tuple(dict.fromkeys(kinds)) or given or tuple(FEEDS)
        for kind in wanted:
            if kind in absent:
                raise UnsupportedError(absent[kind], capability=FEEDS[kind])
        return await self.pulls.ask(scope, connection, wanted, mode)

    async def absent(self, scope: Scope, connection: ConnectionId) -> Mapping[RecordType, str]:
        """The kinds that the provider does not give, each with the reason. Raises NotFoundError."""
        return self._absent(await self.store.get(scope, connection))

    def _absent(self, connection: Connection) -> Mapping[RecordType, str]:
        gateway = self.catalogue.sample(connection.provider, connection.settings)
        feeds = {kind: getattr(gateway, name) for kind, name in FEEDS.items()}
        return {kind: feed.why for kind, feed in feeds.items() if isinstance(feed, Absence)}

    async def again(self, scope: Scope, connection: ConnectionId, aside: str) -> Pull:
        """A full pull for a record that was put aside (`kind:id`): it is decoded whenever it is read.

        Raises NotFoundError, and ConflictError where one is under way that may have passed the record by.
        """
        kind = await self._kind_of(scope, connection, aside)
        (pull,) = await self(scope, connection, (kind,), PullMode.FULL)
        if pull.began_at is not None:
            raise ConflictError("a pull is under way that may not read it any more: ask again when it has ended")
        return pull

    async def _kind_of(self, scope: Scope, connection: ConnectionId, aside: str) -> RecordType:
        after: str | None = None
        while found := await self.pulls.put_aside(scope, connection, after=after, limit=_AT_ONCE):
            for one in found:
                if name_of(one.kind, one.id) == aside:
                    return one.kind
            after = name_of(found[-1].kind, found[-1].id)
        raise NotFoundError("put-aside record", aside)


def name_of(kind: RecordType, record: str) -> str:
    """What a record that was put aside is called."""
    return f"{kind.value}:{record}"
