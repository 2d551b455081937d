"""Handing a request in: accepted at once, shown as a dry run, or accepted if its plan is still the one agreed to."""

import hashlib
from collections.abc import Awaitable, Callable

import attrs

from domain.effect import Effect, EffectKind, EffectState, effect_key, marker_of
from domain.errors import PlanMovedError
from domain.ids import ConnectionId
from domain.policy import Policy, RecordType
from domain.writeback import UNFINISHED
from ports.clock import Clock
from ports.commands import Accepted, Commands, NewCommand, WriteBack
from ports.connections import Connections
from ports.errors import NotFoundError
from ports.gateway import Gateway, need
from ports.scope import Scope

_LOOK_AGAIN = 0.1


@attrs.frozen
class Draft:
    """A plan that is not stored yet, and whom it turned out to concern."""

    effects: tuple[Effect, ...]
    subject: str


@attrs.frozen
class Shown:
    """An effect as a dry run shows it; `preview` is a note's text as the ATS will show it."""

    n: int
    effect: Effect
    marker: str
    preview: str | None


@attrs.frozen
class DryRun:
    """What would be carried out. `digest` changes whenever that does."""

    effects: tuple[Shown, ...]
    digest: str


Planner = Callable[[Gateway, Policy], Awaitable[Draft]]


async def accept(commands: Commands, scope: Scope, new: NewCommand) -> Accepted:
    """Durable when it returns. Raises NotFoundError (the connection), ConflictError (the key, with another request)."""
    if not scope.covers(new.connection):
        raise NotFoundError("connection", new.connection)
    return await commands.accept(new)


async def accept_as_agreed(
    connections: Connections, commands: Commands, scope: Scope, new: NewCommand, planner: Planner, digest: str
) -> Accepted:
    """Plans now and stores that very plan. Raises PlanMovedError when it is not the one agreed to.

    A request that is known already is not planned again: what it did has changed what a plan would say.
    """
    if await _is_known(commands, scope, new):
        return await commands.accept(new)
    connection, gateway = await connections.open(scope, new.connection)
    draft = await planner(gateway, connection.policy)
    if digest_of(draft.effects) != digest:
        raise PlanMovedError("the plan has changed since the dry run: look again")
    return await commands.accept(attrs.evolve(new, plan=draft.effects, subject=draft.subject))


async def _is_known(commands: Commands, scope: Scope, new: NewCommand) -> bool:
    try:
        await commands.with_key(scope, new.connection, new.key)
    except NotFoundError:
        return False
    return True


async def dry_run(
    connections: Connections, scope: Scope, connection_id: ConnectionId, key: str, planner: Planner
) -> DryRun:
    """Reads the facts and plans; writes nothing anywhere."""
    connection, gateway = await connections.open(scope, connection_id)
    draft = await planner(gateway, connection.policy)
    shown = tuple(_shown(gateway, connection_id, key, n, effect) for n, effect in enumerate(draft.effects, start=1))
    return DryRun(shown, digest_of(draft.effects))


def _shown(gateway: Gateway, connection: ConnectionId, key: str, n: int, effect: Effect) -> Shown:
    marker = marker_of(effect_key(connection, key, effect.slot))
    if effect.kind is not EffectKind.NOTE or effect.note is None or effect.state is EffectState.SKIPPED:
        return Shown(n, effect, marker, None)
    on_application = effect.target.type is RecordType.APPLICATION
    notes = need(gateway.application_notes if on_application else gateway.candidate_notes)
    return Shown(n, effect, marker, notes.preview(effect.note, marker))


def digest_of(effects: tuple[Effect, ...]) -> str:
    """The same for the same changes: no times, no markers, no rendering."""
    parts = hashlib.sha256()
    for effect in effects:
        content = effect.file.sha256 if effect.file else repr(effect.note) if effect.note else effect.value
        parts.update(repr((effect.slot, effect.target, content, effect.before, effect.state, effect.reason)).encode())
    return parts.hexdigest()


async def settled(commands: Commands, clock: Clock, scope: Scope, accepted: Accepted, seconds: float) -> WriteBack:
    """The write-back once it is finished, or as it is after so many seconds."""
    until = clock.monotonic() + seconds
    while True:
        found = await commands.get(scope, accepted.id)
        if found.state not in UNFINISHED or clock.monotonic() >= until:
            return found
        await clock.sleep(_LOOK_AGAIN)
