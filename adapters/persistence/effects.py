"""Rows of effects, and the records that they stand for."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias

import sqlalchemy as sa

from adapters.persistence.many import Many
from adapters.persistence.moments import now_us
from adapters.persistence.serial import decode, encode, plain, without_nul
from adapters.persistence.tables import AnyRow, effects
from domain.effect import Effect, EffectKind, EffectState, Target, effect_key, marker_of
from domain.evidence import Receipt
from domain.ids import CommandId, ConnectionId
from domain.policy import RecordType
from domain.writeback import EffectRecord
from ports.errors import InvalidInputError

Values: TypeAlias = dict[str, Any]


def values_of(command: CommandId, connection: ConnectionId, key: str, plan: Iterable[Effect]) -> tuple[Values, ...]:
    """A row for each effect of a plan, numbered from 1. Raises InvalidInputError if two have the same slot."""
    plan = tuple(plan)
    slot, count = Counter(effect.slot for effect in plan).most_common(1)[0] if plan else ("", 0)
    if count > 1:
        raise InvalidInputError(f"the plan has {count} effects in the slot {slot}", field="slot")
    return tuple(
        {"command_id": command, "n": n, "connection_id": connection}
        | _values(effect_key(connection, key, slot), effect)
        for n, effect in enumerate(plan, start=1)
        for slot in (plain(effect.slot, "slot"),)
    )


def _values(key: str, effect: Effect) -> Values:
    return {
        "slot": effect.slot,
        "key": key,
        "marker": marker_of(key),
        "kind": effect.kind.value,
        "target_type": effect.target.type.value,
        "target_id": plain(effect.target.id, "target"),
        "payload": encode(effect),
        "state": effect.state.value,
        "reason": without_nul(effect.reason),
        "attempt": 0,
    }


_COLUMNS = {
    name: type(effects.c[name].type)
    for name in (
        *("command_id", "n", "connection_id", "slot", "key", "marker", "kind", "target_type", "target_id"),
        *("payload", "state", "reason", "attempt"),
    )
}
_INSERT = Many(_COLUMNS, lambda given: sa.insert(effects).from_select(list(_COLUMNS), sa.select(*given.c)))
_OF_COMMANDS = (
    sa.select(effects)
    .where(effects.c.command_id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(effects.c.command_id, effects.c.n)
)


def insert_effects(c: sa.Connection, rows: Sequence[Values]) -> None:
    values = itemgetter(*_COLUMNS)
    _INSERT.run(c, [values(row) for row in rows])


def effects_of(c: sa.Connection, commands: Collection[str]) -> Mapping[str, tuple[EffectRecord, ...]]:
    """The effects of each command, in order; of one without a plan, none."""
    rows = c.execute(_OF_COMMANDS, {"ids": list(commands)}).all() if commands else ()
    now = now_us(c)
    found: defaultdict[str, list[EffectRecord]] = defaultdict(list)
    for row in rows:
        found[row.command_id].append(_record(row, now))
    return defaultdict(tuple, {command: tuple(records) for command, records in found.items()})


def _record(row: AnyRow, now: int) -> EffectRecord:
    return EffectRecord(
        n=row.n,
        effect=_effect(row),
        state=EffectState(row.state),
        marker=row.marker,
        attempt=row.attempt,
        receipt=None if row.receipt is None else decode(row.receipt, Receipt),
        reason=row.reason,
        flight_left=None if row.flight_ends is None else (row.flight_ends - now) / 1_000_000,
    )


def _effect(row: AnyRow) -> Effect:
    """As it was planned; of an erased one, only where it stood."""
    if row.payload is not None:
        return decode(row.payload, Effect)
    return Effect(slot=row.slot, kind=EffectKind(row.kind), target=Target(RecordType(row.target_type), ""))
