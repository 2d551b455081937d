"""What a person may say of a write-back that has stopped: go on, it was done, send it again."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import attrs
import sqlalchemy as sa

from adapters.persistence.erasing import erased_of
from adapters.persistence.moments import now_us
from adapters.persistence.showing import within, write_back
from adapters.persistence.tables import AnyRow, commands, effects
from domain.effect import BY_HAND, EffectState
from domain.ids import CommandId
from domain.writeback import UNFINISHED, WriteBackState, outcome_of
from ports.commands import SettleAs, WriteBack
from ports.errors import ConflictError, NotFoundError, PortError
from ports.scope import Scope

T = TypeVar("T")


@attrs.frozen
class Replay:
    """A person wants it to go on."""

    scope: Scope
    command: CommandId


@attrs.frozen
class Settlement:
    """A person's word on a held effect."""

    scope: Scope
    command: CommandId
    n: int
    settle_as: SettleAs


def replay(c: sa.Connection, items: Sequence[Replay]) -> list[WriteBack | PortError]:
    return [_answered(_replay, c, item) for item in items]


def settle(c: sa.Connection, items: Sequence[Settlement]) -> list[WriteBack | PortError]:
    return [_answered(_settle, c, item) for item in items]


def _answered(change: Callable[[sa.Connection, T], WriteBack], c: sa.Connection, item: T) -> WriteBack | PortError:
    """Refusals come before anything is changed, so the others of the batch need not suffer."""
    try:
        return change(c, item)
    except PortError as error:
        return error


def _replay(c: sa.Connection, item: Replay) -> WriteBack:
    row = _stopped(c, item.scope, item.command)
    records = write_back(c, item.scope, item.command).effects
    states = [record.state for record in records]
    if row.state == WriteBackState.DONE or (states and outcome_of(states) is WriteBackState.DONE):
        raise ConflictError(f"{item.command} is done: nothing is left to carry out")
    if row.state in UNFINISHED:
        raise ConflictError(f"{item.command} is {row.state}: it goes on by itself")
    mine = effects.c.command_id == item.command
    again = sa.update(effects).where(mine, effects.c.state == EffectState.REFUSED.value)
    c.execute(again.values(state=EffectState.PLANNED.value, reason=None))
    set_going(c, item.command, now_us(c))
    return write_back(c, item.scope, item.command)


_SETTLED = {
    SettleAs.DONE: {"state": EffectState.CONFIRMED.value, "reason": "settled by hand"},
    SettleAs.RESEND: {"state": EffectState.PLANNED.value, "reason": BY_HAND},
}


def _settle(c: sa.Connection, item: Settlement) -> WriteBack:
    row = _stopped(c, item.scope, item.command)
    this = sa.and_(effects.c.command_id == item.command, effects.c.n == item.n)
    state = c.scalar(sa.select(effects.c.state).where(this).with_for_update())
    if state is None:
        raise NotFoundError("effect", f"{item.command}/{item.n}")
    if state != EffectState.HELD:
        raise ConflictError(f"effect {item.n} of {item.command} is {state}, not held")
    if row.state == WriteBackState.RUNNING:
        raise ConflictError(f"{item.command} is running: settle effect {item.n} once it has stopped")
    c.execute(sa.update(effects).where(this).values(_SETTLED[item.settle_as]))
    if row.state != WriteBackState.WAITING:  # one that waits keeps its time: an ATS may have asked for silence
        set_going(c, item.command, now_us(c))
    return write_back(c, item.scope, item.command)


def _stopped(c: sa.Connection, scope: Scope, command: CommandId) -> AnyRow:
    mine = sa.and_(commands.c.id == command, within(scope))
    row = c.execute(sa.select(commands.c.id, commands.c.state).where(mine).with_for_update()).one_or_none()
    if row is None:
        raise NotFoundError("write-back", command)
    if erased_of(c, [command]):
        raise ConflictError(f"what {command} was to write has been erased")
    return row


def set_going(c: sa.Connection, command: str, now: int) -> None:
    """Waiting and due, as if it had just been accepted."""
    fresh = {"state": WriteBackState.WAITING.value, "due_at": now, "since": now, "crashes": 0, "reason": None}
    c.execute(sa.update(commands).where(commands.c.id == command).values(fresh))
