"""Handing a request in: accepted at once, shown as a dry run, or accepted if its plan is still the one agreed to."""

import hashlib
from collections.abc import Awaitable, Callable, Iterator

import attrs

from domain.attachment import marked_name
from domain.checks import refused
from domain.effect import Effect, EffectState, chunk_slot, effect_key, foreseen, marker_of
from domain.errors import PlanMovedError
from domain.ids import ConnectionId
from domain.policy import Policy, RecordType
from domain.writeback import UNFINISHED
from ports.clock import Clock
from ports.commands import Accepted, Commands, NewCommand, WriteBack
from ports.connections import Connections
from ports.errors import InvalidInputError, MalformedReplyError, NotFoundError, UnavailableError
from ports.gateway import Gateway, need
from ports.notes import Notes
from ports.scope import Scope

_LOOK_AGAIN = 0.1
_ANY_MARKER = marker_of("0" * 64)


@attrs.frozen
class Draft:
    """A plan that is not stored yet, and whom it turned out to concern."""

    effects: tuple[Effect, ...]
    subject: str


@attrs.frozen
class Shown:
    """An effect as a dry run shows it; `preview` is a note's text, or a file's name, as the ATS will show it."""

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
    _, draft = await _planned_now(connections, scope, new.connection, planner)
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
    gateway, draft = await _planned_now(connections, scope, connection_id, planner)
    effects = enumerate(foreseen(draft.effects), start=1)
    shown = tuple(_shown(gateway, connection_id, key, n, effect) for n, effect in effects)
    return DryRun(shown, digest_of(draft.effects))


async def _planned_now(
    connections: Connections, scope: Scope, connection_id: ConnectionId, planner: Planner
) -> tuple[Gateway, Draft]:
    connection, gateway = await connections.open(scope, connection_id)
    try:
        return gateway, await planner(gateway, connection.policy)
    except MalformedReplyError as error:
        raise UnavailableError(f"the facts cannot be read: {error.message}") from None


def drafted(gateway: Gateway, effects: tuple[Effect, ...], subject: str) -> Draft:
    """A plan in which notes are as long as this ATS takes them, and those that it would not take are refused."""
    each = (chunk for effect in effects for chunk in _chunked(gateway, effect))
    return Draft(tuple(_fitting(gateway, effect) for effect in each), subject)


def _chunked(gateway: Gateway, effect: Effect) -> Iterator[Effect]:
    """How long a note may be is the gateway's to say; what is not sent is left whole."""
    if effect.note is None or effect.state is not EffectState.PLANNED:
        yield effect
        return
    for n, chunk in enumerate(_notes(gateway, effect).chunks(effect.note), start=1):
        yield attrs.evolve(effect, note=chunk, slot=chunk_slot(effect.slot, n))


def _fitting(gateway: Gateway, effect: Effect) -> Effect:
    try:
        _previewed(gateway, effect, _ANY_MARKER)
    except InvalidInputError as error:
        return refused(effect, error.message)
    return effect


def _shown(gateway: Gateway, connection: ConnectionId, key: str, n: int, effect: Effect) -> Shown:
    marker = marker_of(effect_key(connection, key, effect.slot))
    return Shown(n, effect, marker, _previewed(gateway, effect, marker))


def _previewed(gateway: Gateway, effect: Effect, marker: str) -> str | None:
    """None for what is not sent, and for what has no look of its own. Raises InvalidInputError (a note too long)."""
    if effect.state is not EffectState.PLANNED:
        return None
    if effect.file is not None:
        return marked_name(effect.file.filename, marker)
    return None if effect.note is None else _notes(gateway, effect).preview(effect.note, marker)


def _notes(gateway: Gateway, effect: Effect) -> Notes:
    on_application = effect.target.type is RecordType.APPLICATION
    return need(gateway.application_notes if on_application else gateway.candidate_notes)


def digest_of(effects: tuple[Effect, ...]) -> str:
    """The same for the same changes: no keys, no markers, no rendering, no words about why."""
    return hashlib.sha256(repr([attrs.evolve(effect, reason=None) for effect in effects]).encode()).hexdigest()


async def settled(commands: Commands, clock: Clock, scope: Scope, accepted: Accepted, seconds: float) -> WriteBack:
    """The write-back once it is finished, or as it is after so many seconds."""
    until = clock.monotonic() + seconds
    while True:
        found = await commands.get(scope, accepted.id)
        if found.state not in UNFINISHED or clock.monotonic() >= until:
            return found
        await clock.sleep(_LOOK_AGAIN)
