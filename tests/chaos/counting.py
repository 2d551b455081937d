"""The count: what stands in the sandbox, against what was sent and what the product says came of it.

- *Doubled*: an effect that stands more often than it was asked for, or was never asked for. Effects are told apart by
  kind, target and content; of a note the reference line is left out, so that a second sending of it is the same note.
- *Lost*: an effect that stands more rarely than asked for and is not honestly reported. In a run whose fault hid the
  evidence, held, refused with a reason, given up with a reason and waiting behind something held are honest. In any
  other run nothing is: there each effect must stand, and the ledger must have it as confirmed.
  What stands and is reported as anything but confirmed (or held, where the evidence was hidden) is a lost report and
  counted here too, and so is all of a write-back that did not come to an end.
- *Held*: a run in which an effect was held. Each must be one whose fault hid the evidence; where the ATS shows only a
  copy that lags, or nothing, every fault hides the evidence of such an effect.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from domain.effect import EffectState
from domain.policy import RecordType
from domain.writeback import UNFINISHED, EffectRecord, WriteBackState
from ports.commands import WriteBack
from tests.chaos.ats import Ats
from tests.chaos.wishes import APPENDED, Expected, Wish

Standing = tuple[str, str, str, str]


@attrs.frozen(kw_only=True)
class Count:
    """What one run came to. `faults` says of each effect that was lost or doubled which one it is."""

    effects: int
    lost: int
    doubled: int
    held: bool
    faults: tuple[str, ...]


def count(
    ats: Ats,
    writes: Sequence[Mapping[str, Any]],
    wishes: Sequence[tuple[Wish, WriteBack | None]],
    *,
    hidden: Callable[[Expected], bool],
) -> Count:
    """`wishes` come with what the product shows of them, None if it shows nothing.

    `hidden`: whether something hid the evidence of an effect.
    """
    stands = Counter(_standing(ats, write) for write in writes)
    asked = _asked([wish for wish, _ in wishes])
    twice = {one: number - asked[one] for one, number in stands.items() if number > asked[one]}
    lost = [
        f"lost: {fault}"
        for wish, shown in wishes
        for one in wish.expected
        if (fault := _fault(one, stands[one.counted_as] >= asked[one.counted_as], shown, hidden=hidden(one)))
    ]
    doubled = [f"doubled: {_named(one)}, {number} too many" for one, number in twice.items()]
    records = [record for _, shown in wishes if shown for record in shown.effects]
    return Count(
        effects=sum(stands.values()),
        lost=len(lost),
        doubled=sum(twice.values()),
        held=any(record.state is EffectState.HELD for record in records),
        faults=(*lost, *doubled),
    )


def _standing(ats: Ats, write: Mapping[str, Any]) -> Standing:
    kind, target = str(write["kind"]), write["target"]
    match kind:
        case "note":
            content = ats.bare(write["text"])
        case "file":
            content = write["sha256"]
        case "field":
            content = f"{write['id']}={write['value']}"
        case _:
            content = write["value"]
    return kind, target["type"], target["id"], content


def _asked(wishes: Sequence[Wish]) -> Counter[Standing]:
    asked: Counter[Standing] = Counter()
    for wish in wishes:
        for one in wish.expected:
            counted = one.counted_as
            asked[counted] = asked[counted] + 1 if counted[0] in APPENDED else 1
    return asked


def _fault(one: Expected, stands: bool, shown: WriteBack | None, *, hidden: bool) -> str | None:
    """Why the effect counts as lost; None if it does not."""
    name = f"{one.kind} on {one.target.type} {one.target.id}"
    if shown is None or shown.state in UNFINISHED:
        return f"{name}: its write-back came to no end ({'not there' if shown is None else _told(shown)})"
    record = _record(one, shown)
    if record is None:
        given_up = hidden and shown.state is WriteBackState.DEAD and shown.reason
        return None if given_up else f"{name}: not among the effects of its write-back ({_told(shown)})"
    if record.state is EffectState.CONFIRMED:
        return None if stands else f"{name}: confirmed, and does not stand"
    if hidden and (_is_honest(record, shown) if not stands else record.state is EffectState.HELD):
        return None
    return f"{name}: {'stands' if stands else 'does not stand'} and is {record.state} ({record.reason}); {_told(shown)}"


def _is_honest(record: EffectRecord, shown: WriteBack) -> bool:
    match record.state:
        case EffectState.HELD | EffectState.REFUSED | EffectState.UNKNOWN:
            return bool(record.reason)
        case EffectState.PLANNED:
            return shown.state in {WriteBackState.HELD, WriteBackState.DEAD} and bool(shown.reason)
        case _:
            return False


def _record(one: Expected, shown: WriteBack) -> EffectRecord | None:
    return next(
        (
            record
            for record in shown.effects
            if (record.effect.kind, record.effect.target, record.effect.field) == (one.kind, one.target, one.field)
        ),
        None,
    )


def _told(shown: WriteBack) -> str:
    return f"{shown.id} is {shown.state}: {shown.reason}"


def _named(one: Standing) -> str:
    kind, record, number, content = one
    shown = f" = {content}" if kind not in APPENDED else ""
    return f"{kind} on {RecordType(record)} {number}{shown}"
