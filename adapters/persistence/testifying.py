"""Testimony: what the ATS confirmed is true, whoever holds the command now and whatever was decided meanwhile."""

from collections.abc import Collection, Sequence

import attrs
import sqlalchemy as sa

from adapters.persistence.erasing import erased_of
from adapters.persistence.leases import advanced
from adapters.persistence.moments import now_us
from adapters.persistence.reviving import set_going
from adapters.persistence.tables import AnyRow, commands, effects
from adapters.persistence.telling import tell_of_write_backs
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


@attrs.frozen
class _Standing:
    """An effect before a testimony."""

    state: str
    attempt: int
    reason: str | None
    receipt: bytes | None


_CONFIRM = (
    sa.update(effects)
    .where(effects.c.command_id == sa.bindparam("of"), effects.c.n == sa.bindparam("number"))
    .values(state=EffectState.CONFIRMED.value, reason=sa.bindparam("why"), receipt=sa.bindparam("told"))
)


def testify(c: sa.Connection, items: Sequence[Testimony]) -> list[bool | PortError]:
    ids = {item.command for item in items}
    named = (commands.c[name] for name in ("id", "state", "crashes", "connection_id", "key", "kind"))
    query = sa.select(*named).where(commands.c.id.in_(ids))
    concerned = c.execute(query.order_by(commands.c.id).with_for_update()).all()
    standings = _standings(c, ids)
    outcomes: list[bool | PortError] = []
    for item in items:
        before = standings.get((item.command, item.n))
        if before is None:
            outcomes.append(NotFoundError("effect", f"{item.command}/{item.n}"))
            continue
        standings[item.command, item.n] = after = _confirmed(before, item)
        c.execute(_CONFIRM, {"of": item.command, "number": item.n, "why": after.reason, "told": after.receipt})
        outcomes.append(item.attempt < before.attempt)
    advanced(c, {row.id for row in concerned if row.crashes})
    gone = erased_of(c, ids)
    for row in concerned:
        _reconsider(c, row, erased=row.id in gone)
    return outcomes


def _standings(c: sa.Connection, ids: Collection[str]) -> dict[tuple[str, int], _Standing]:
    query = (
        sa.select(effects.c.command_id, effects.c.n)
        .add_columns(effects.c.state, effects.c.attempt, effects.c.reason, effects.c.receipt)
        .where(effects.c.command_id.in_(ids))
        .order_by(effects.c.command_id, effects.c.n)
        .with_for_update()
    )
    return {
        (row.command_id, row.n): _Standing(row.state, row.attempt, row.reason, row.receipt) for row in c.execute(query)
    }


def _confirmed(before: _Standing, item: Testimony) -> _Standing:
    reason = before.reason if (before.reason or "").startswith(_DOUBLED) else None
    receipt: bytes | None = item.receipt
    if item.attempt < before.attempt:
        reason = f"{_DOUBLED}: attempt {item.attempt} was confirmed after attempt {before.attempt} had begun"
        # The newer attempt's own receipt, where it came first, is the one that is kept.
        receipt = before.receipt if before.state == EffectState.CONFIRMED and before.receipt else item.receipt
    return attrs.evolve(before, state=EffectState.CONFIRMED.value, reason=reason, receipt=receipt)


def _reconsider(c: sa.Connection, command: AnyRow, *, erased: bool) -> None:
    """A command that stopped over the effect may have come to something else by this."""
    if command.state not in {WriteBackState.HELD, WriteBackState.REFUSED, WriteBackState.DEAD}:
        return
    states = c.scalars(sa.select(effects.c.state).where(effects.c.command_id == command.id)).all()
    outcome = outcome_of([EffectState(state) for state in states])
    if outcome is None and command.state != WriteBackState.DEAD and not erased:
        set_going(c, command.id, now_us(c))
    elif outcome is not None and outcome != command.state:
        now = now_us(c)
        changed = {"state": outcome.value, "reason": None, "finished_at": now}
        c.execute(sa.update(commands).where(commands.c.id == command.id).values(changed))
        tell_of_write_backs(c, [command], {command.id: outcome}, now)
