"""What a worker writes of effects: the plan, that a request begins, its judgement, and what the ATS confirmed."""

from collections.abc import Mapping, Sequence

import attrs
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from adapters.persistence.connections import present
from adapters.persistence.effects import Values, effects_of, insert_effects
from adapters.persistence.erasing import erase, erased_since
from adapters.persistence.leases import Lease, advanced, holding, lost
from adapters.persistence.many import Many
from adapters.persistence.moments import span
from adapters.persistence.tables import RUNNING, WAITING, AnyRow, commands, effects
from domain.effect import SETTLED, EffectState
from domain.ids import CandidateId, CommandId, ConnectionId
from domain.policy import RecordType
from domain.writeback import EffectRecord
from ports.errors import ConflictError, LeaseLostError, NotFoundError, PortError


@attrs.frozen
class Planning:
    """A plan, as rows."""

    lease: Lease
    connection: ConnectionId
    subject: str
    rows: tuple[Values, ...]


@attrs.frozen
class Beginning:
    """A request that leaves now and takes at most so many seconds."""

    lease: Lease
    n: int
    seconds: float


@attrs.frozen
class Decision:
    """A worker's judgement of an effect."""

    lease: Lease
    n: int
    state: EffectState
    reason: str | None
    receipt: bytes | None


def plan(c: sa.Connection, items: Sequence[Planning]) -> list[tuple[EffectRecord, ...] | PortError]:
    present(c, {item.connection for item in items})
    held, _ = holding(c, [item.lease for item in items])
    return [_plan(c, item) if item.lease in held else lost(item.lease) for item in items]


def _plan(c: sa.Connection, item: Planning) -> tuple[EffectRecord, ...] | PortError:
    command = item.lease.command
    row = c.execute(sa.select(commands.c.planned, commands.c.subject).where(commands.c.id == command)).one()
    if not row.planned:
        if row.subject != item.subject:
            if _is_of_somebody_erased(c, item):
                erase(c, item.connection, commands.c.id == command, "the person was erased")
                return LeaseLostError(f"{command} is given up: the person was erased")
            if not _renamed(c, command, item.subject):
                return ConflictError("another write-back of the same subject is running")
            if _comes_later(c, item):
                return ConflictError("an earlier write-back of the same subject is not finished")
        insert_effects(c, item.rows)
        c.execute(sa.update(commands).where(commands.c.id == command).values(planned=True))
    return effects_of(c, [command])[command]


def _is_of_somebody_erased(c: sa.Connection, item: Planning) -> bool:
    """Whom it concerns is known only now, so erasing them could not find it."""
    kind, _, candidate = item.subject.partition(":")
    if kind != RecordType.CANDIDATE:
        return False
    return erased_since(c, item.lease.command, item.connection, CandidateId(candidate))


def _renamed(c: sa.Connection, command: CommandId, subject: str) -> bool:
    try:
        with c.begin_nested():
            c.execute(sa.update(commands).where(commands.c.id == command).values(subject=subject))
    except IntegrityError:
        return False
    return True


def _comes_later(c: sa.Connection, item: Planning) -> bool:
    """It keeps the subject that it was just given, so a claim lets the earlier ones go first from now on."""
    earlier = sa.and_(commands.c.connection_id == item.connection, commands.c.subject == item.subject)
    unfinished = sa.and_(commands.c.state.in_([WAITING, RUNNING]), commands.c.id < item.lease.command)
    return c.execute(sa.select(commands.c.id).where(earlier, unfinished).limit(1)).first() is not None


_BEGIN = Many(
    {"command": sa.Text, "number": sa.Integer, "next_attempt": sa.Integer, "until": sa.BigInteger},
    lambda given: (
        sa.update(effects)
        .where(effects.c.command_id == given.c.command, effects.c.n == given.c.number)
        .values(state=EffectState.SENDING.value, attempt=given.c.next_attempt, flight_ends=given.c.until)
    ),
)
_DECIDE = Many(
    {"command": sa.Text, "number": sa.Integer, "to": sa.Text, "why": sa.Text, "told": sa.LargeBinary},
    lambda given: (
        sa.update(effects)
        .where(effects.c.command_id == given.c.command, effects.c.n == given.c.number)
        .values(state=given.c.to, reason=given.c.why, receipt=sa.func.coalesce(given.c.told, effects.c.receipt))
    ),
)


def begin(c: sa.Connection, items: Sequence[Beginning]) -> list[int | PortError]:
    held, now = holding(c, [item.lease for item in items])
    found = _found(c, held)
    attempts = {key: row.attempt for key, row in found.items()}
    outcomes: list[int | PortError] = []
    begun: dict[tuple[str, int], tuple[object, ...]] = {}
    for item in items:
        outcome = _standing(item, held, found)
        if isinstance(outcome, sa.Row):
            attempts[_key(item)] = attempt = attempts[_key(item)] + 1
            begun[_key(item)] = (*_key(item), attempt, now + span(item.seconds))
            outcomes.append(attempt)
        else:
            outcomes.append(outcome)
    _BEGIN.run(c, list(begun.values()))
    return outcomes


def decide(c: sa.Connection, items: Sequence[Decision]) -> list[PortError | None]:
    held, _ = holding(c, [item.lease for item in items])
    found = _found(c, held)
    outcomes = [_standing(item, held, found) for item in items]
    decided = {
        _key(item): (*_key(item), item.state.value, item.reason, item.receipt)
        for item, outcome in zip(items, outcomes, strict=True)
        # What is confirmed already was testified: that receipt says more than a look does.
        if isinstance(outcome, sa.Row) and outcome.state != EffectState.CONFIRMED
    }
    _DECIDE.run(c, list(decided.values()))
    advanced(c, {item.lease.command for item in items if item.state in SETTLED and _key(item) in decided})
    return [None if isinstance(outcome, sa.Row) else outcome for outcome in outcomes]


def _key(item: Beginning | Decision) -> tuple[str, int]:
    return item.lease.command, item.n


_FOUND = (
    sa.select(effects.c.command_id, effects.c.n, effects.c.state, effects.c.attempt)
    .where(effects.c.command_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(effects.c.command_id, effects.c.n)
    .with_for_update()
)


def _found(c: sa.Connection, held: frozenset[Lease]) -> Mapping[tuple[str, int], AnyRow]:
    """The effects of the commands held, locked against testimony that comes at this moment."""
    if not held:
        return {}
    return {(row.command_id, row.n): row for row in c.execute(_FOUND, {"ids": [lease.command for lease in held]})}


def _standing(
    item: Beginning | Decision, held: frozenset[Lease], found: Mapping[tuple[str, int], AnyRow]
) -> AnyRow | PortError:
    """The effect as it is, if this worker may change it."""
    if item.lease not in held:
        return lost(item.lease)
    row = found.get((item.lease.command, item.n))
    if row is None:
        return NotFoundError("effect", f"{item.lease.command}/{item.n}")
    if not _open_to(item, EffectState(row.state)):
        # Another worker's reply came in, or a person spoke: what this one means to do rests on an old picture.
        return LeaseLostError(f"effect {item.n} of {item.lease.command} is {row.state} meanwhile")
    return row


def _open_to(item: Beginning | Decision, state: EffectState) -> bool:
    """What is planned is sent (and once more, after a refusal for now); what is confirmed stays so."""
    if isinstance(item, Beginning):
        return state in {EffectState.PLANNED, EffectState.SENDING}
    return state is not EffectState.CONFIRMED or item.state is EffectState.CONFIRMED
