"""Testimony: what the ATS confirmed is true, whoever holds the command now and whatever was decided meanwhile."""

from collections.abc import Sequence
from typing import Any

import attrs
import sqlalchemy as sa

from adapters.persistence.moments import now_us
from adapters.persistence.reviving import set_going
from adapters.persistence.tables import AnyRow, commands, effects
from domain.effect import EffectState
from domain.ids import CommandId
from domain.writeback import WriteBackState, outcome_of
from ports.errors import NotFoundError, PortError

_DOUBLED = "doubled"


@attrs.frozen
class Testimony:
    """The ATS's receipt for an attempt."""

    command: CommandId
    n: int
    attempt: int
    receipt: bytes


def testify(c: sa.Connection, items: Sequence[Testimony]) -> list[PortError | None]:
    commands_of = sorted({item.command for item in items})
    query = sa.select(commands.c.id, commands.c.state, commands.c.body.is_(None).label("erased"))
    locked = query.where(commands.c.id.in_(commands_of)).order_by(commands.c.id).with_for_update()
    rows = c.execute(locked).all()
    outcomes = [_testify(c, item) for item in items]
    for row in rows:
        _reconsider(c, row)
    return outcomes


def _testify(c: sa.Connection, item: Testimony) -> PortError | None:
    this = sa.and_(effects.c.command_id == item.command, effects.c.n == item.n)
    query = sa.select(effects.c.state, effects.c.attempt, effects.c.reason, effects.c.receipt).where(this)
    row = c.execute(query.with_for_update()).one_or_none()
    if row is None:
        return NotFoundError("effect", f"{item.command}/{item.n}")
    c.execute(sa.update(effects).where(this).values(_confirmed(row, item)))
    return None


def _confirmed(row: AnyRow, item: Testimony) -> dict[str, Any]:
    reason = row.reason if (row.reason or "").startswith(_DOUBLED) else None
    receipt = item.receipt
    if item.attempt < row.attempt:
        reason = f"{_DOUBLED}: attempt {item.attempt} was confirmed after attempt {row.attempt} had begun"
        # The newer attempt's own receipt, where it came first, is the one that is kept.
        receipt = row.receipt if row.state == EffectState.CONFIRMED and row.receipt else item.receipt
    return {"state": EffectState.CONFIRMED.value, "reason": reason, "receipt": receipt}


def _reconsider(c: sa.Connection, command: AnyRow) -> None:
    """A command that stopped over the effect may have come to something else by this."""
    if command.state not in {WriteBackState.HELD, WriteBackState.REFUSED}:
        return
    states = c.scalars(sa.select(effects.c.state).where(effects.c.command_id == command.id)).all()
    outcome = outcome_of([EffectState(state) for state in states])
    if outcome is None and not command.erased:
        set_going(c, command.id, now_us(c))
    elif outcome is not None and outcome != command.state:
        c.execute(sa.update(commands).where(commands.c.id == command.id).values(state=outcome.value, reason=None))
