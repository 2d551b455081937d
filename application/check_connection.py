"""Check connection: log in to each host, and look whether what settings and policy name is there."""

from collections.abc import AsyncIterator

import attrs

from application.facts import fields_of
from domain.errors import Fault
from domain.evidence import CannotTell
from domain.ids import ConnectionId
from domain.policy import Policy
from ports.connections import Connections, ConnectionStore
from ports.errors import AccessError, PortError
from ports.gateway import Absence, Gateway, HostCheck
from ports.scope import Scope


@attrs.frozen
class Checkup:
    """What was found: each host, and each id of settings or policy that cannot be used, with its pointer."""

    hosts: tuple[HostCheck, ...]
    policy: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.policy and all(host.fault is None for host in self.hosts)


@attrs.frozen
class CheckConnection:
    """A live look; a parked connection in which all is well goes on."""

    connections: Connections
    store: ConnectionStore

    async def __call__(self, scope: Scope, connection_id: ConnectionId) -> Checkup:
        """What an ATS does is in the answer. Raises NotFoundError."""
        try:
            connection, gateway = await self.connections.open(scope, connection_id)
        except AccessError as error:
            return Checkup((HostCheck("credentials", error.message),), ())
        hosts = await gateway.check.hosts()
        found = Checkup(hosts, tuple([fault async for fault in _unusable(gateway, connection.policy)]))
        if found.ok:
            await self.store.unpark(connection_id, connection.revision)
        return found


async def _unusable(gateway: Gateway, policy: Policy) -> AsyncIterator[Fault]:
    for look in (_stages, _reasons, _tag, _fields):
        try:
            async for fault in look(gateway, policy):
                yield fault
        except PortError as error:
            yield Fault("/policy", f"could not be looked at: {error.message}")


async def _stages(gateway: Gateway, policy: Policy) -> AsyncIterator[Fault]:
    wanted = {f"/policy/verdicts/{name}/stage": one.stage for name, one in policy.verdicts.items() if one.stage}
    moves = gateway.stage_moves
    if isinstance(moves, Absence):
        for pointer in wanted:
            yield Fault(pointer, moves.why)
        return
    if policy.screened_status and moves.screened_status:
        wanted["/policy/screened_status"] = moves.screened_status
    if not wanted or isinstance(gateway.stages, Absence):
        return
    known = {stage.id: stage for stage in await gateway.stages.stages()}
    for pointer, stage_id in wanted.items():
        stage = known.get(stage_id)
        if stage is None:
            yield Fault(pointer, f"stage {stage_id} does not exist")
        elif stage.barred is not None:
            yield Fault(pointer, f"stage {stage_id} is barred: {stage.barred}")


async def _reasons(gateway: Gateway, policy: Policy) -> AsyncIterator[Fault]:
    wanted = {
        f"/policy/verdicts/{name}/disposition_reason": one.disposition_reason
        for name, one in policy.verdicts.items()
        if one.disposition_reason
    }
    if isinstance(gateway.rejection, Absence):
        for pointer in wanted:
            yield Fault(pointer, gateway.rejection.why)
        return
    if not wanted or isinstance(gateway.reasons, Absence):
        return
    known = {reason.id: reason for reason in await gateway.reasons.reasons()}
    for pointer, reason_id in wanted.items():
        reason = known.get(reason_id)
        if reason is None or not reason.active:
            yield Fault(pointer, f"disposition reason {reason_id} {'is not active' if reason else 'does not exist'}")


async def _tag(gateway: Gateway, policy: Policy) -> AsyncIterator[Fault]:
    tagging = gateway.tagging
    if not policy.tag or isinstance(tagging, Absence) or tagging.screened_tag is None:
        return
    known = await tagging.tags()
    if not isinstance(known, CannotTell) and tagging.screened_tag not in known:
        yield Fault("/policy/tag", f"tag {tagging.screened_tag} does not exist")


async def _fields(gateway: Gateway, policy: Policy) -> AsyncIterator[Fault]:
    for record in dict.fromkeys(mapping.on for mapping in policy.fields):
        port = fields_of(gateway, record)
        known = frozenset() if isinstance(port, Absence) else {one.id for one in await port.definitions()}
        for n, mapping in enumerate(policy.fields):
            if mapping.on is record and mapping.field not in known:
                why = port.why if isinstance(port, Absence) else f"the {record} has no custom field {mapping.field}"
                yield Fault(f"/policy/fields/{n}/field", why)
