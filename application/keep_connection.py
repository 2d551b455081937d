"""Keep connection: customers' links are added and changed; hosts change only together with credentials."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import attrs

from domain.errors import Fault, InvalidError, NotAllowedError
from domain.ids import ConnectionId
from domain.policy import Policy
from ports.clock import Clock
from ports.connections import Connection, ConnectionStore
from ports.gateway import Provider
from ports.providers import ProviderCatalogue
from ports.scope import Scope

T = TypeVar("T")


def checked_policy(policy: Policy) -> Policy:
    """Raises InvalidError for a verdict that asks for a stage and a rejection at once, or for neither."""
    faults = [
        Fault(f"/policy/verdicts/{verdict}", "must have either a stage or a disposition_reason")
        for verdict, action in policy.verdicts.items()
        if (action.stage is None) == (action.disposition_reason is None)
    ]
    faults += [
        Fault(f"/policy/fields/{n}/from", "must be a JSON Pointer that begins with /")
        for n, mapping in enumerate(policy.fields)
        if not mapping.pointer.startswith("/")
    ]
    if faults:
        raise InvalidError(*faults)
    return policy


def _tried(faults: list[Fault], check: Callable[[], T]) -> T | None:
    try:
        return check()
    except InvalidError as error:
        faults.extend(error.faults)
        return None


@attrs.frozen
class AddConnection:
    """A new connection, checked as far as that can be done without sending anything."""

    store: ConnectionStore
    catalogue: ProviderCatalogue
    clock: Clock

    async def __call__(
        self,
        connection_id: ConnectionId,
        provider: Provider,
        name: str,
        settings: Mapping[str, object],
        credentials: Mapping[str, object],
        policy: Policy,
    ) -> Connection:
        """Raises InvalidError with every fault of settings, credentials and policy."""
        faults: list[Fault] = []
        checked = _tried(faults, lambda: self.catalogue.check_settings(provider, settings))
        secrets = _tried(faults, lambda: self.catalogue.check_credentials(provider, credentials))
        _tried(faults, lambda: checked_policy(policy))
        if faults or checked is None or secrets is None:
            raise InvalidError(*faults)
        connection = Connection(
            id=connection_id,
            provider=provider,
            name=name,
            settings=checked.settings,
            policy=policy,
            revision=1,
            created_at=self.clock.now(),
        )
        await self.store.add(connection, secrets)
        return connection


@attrs.frozen
class ChangeConnection:
    """Another name, other settings, another policy or other credentials."""

    store: ConnectionStore
    catalogue: ProviderCatalogue

    async def __call__(
        self, scope: Scope, changed: Connection, credentials: Mapping[str, object] | None, *, may_move: bool
    ) -> Connection:
        """`changed` is the connection as it shall be, with the revision that it was read at.

        Whoever could point a host elsewhere and keep the credentials would be sent them: so a host changes only
        together with credentials, and only if the caller `may_move` it. Raises InvalidError, NotAllowedError,
        NotFoundError, ConflictError (it was changed meanwhile).
        """
        kept = await self.store.get(scope, changed.id)
        faults: list[Fault] = []
        checked = _tried(faults, lambda: self.catalogue.check_settings(changed.provider, changed.settings))
        secrets = None
        if credentials is not None:
            secrets = _tried(faults, lambda: self.catalogue.check_credentials(changed.provider, credentials))
        _tried(faults, lambda: checked_policy(changed.policy))
        if checked is not None and checked.hosts != self.catalogue.check_settings(kept.provider, kept.settings).hosts:
            if credentials is None:
                faults.append(Fault("/credentials", "must be sent again when a host changes"))
            if not may_move:
                raise NotAllowedError("only an admin key may change the hosts of a connection")
        if faults or checked is None:
            raise InvalidError(*faults)
        new = attrs.evolve(changed, settings=checked.settings, revision=changed.revision + 1)
        await self.store.change(scope, new, secrets)
        return new
