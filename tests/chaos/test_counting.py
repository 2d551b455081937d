"""The count tells what is lost, doubled and held, whatever the product says of it."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from domain.effect import Effect, EffectKind, EffectState
from domain.ids import CommandId, ConnectionId
from domain.writeback import EffectRecord, WriteBackState
from ports.commands import CommandKind, WriteBack
from tests.chaos.ats import MARKS
from tests.chaos.counting import Count, count
from tests.chaos.erecruit import ERECRUIT
from tests.chaos.wishes import Expected, Wish, Wishing

PERSON = ERECRUIT.people[0]
WISHING = Wishing(ERECRUIT, random.Random(1))
NOTE = WISHING.single(EffectKind.NOTE, PERSON, "token")
TAGGING = WISHING.single(EffectKind.TAG, PERSON, "token")


def counted(
    writes: Sequence[Mapping[str, Any]], wishes: Sequence[tuple[Wish, WriteBack | None]], *, hidden: bool
) -> Count:
    return count(ERECRUIT, writes, wishes, hidden=lambda _: hidden)


def a_write(one: Expected, ref: str = "0123456789ab") -> dict[str, Any]:
    """As the sandbox shows it."""
    kind, record, number, content = one.counted_as
    shown = {"kind": kind, "target": {"type": record, "id": number}, "id": one.field or "1", "sha256": content}
    return shown | {"text": f"{content}<p>ref {ref}</p>", "value": content.partition("=")[2] or content}


def shown(
    wish: Wish,
    state: EffectState = EffectState.CONFIRMED,
    *,
    became: WriteBackState = WriteBackState.DONE,
    reason: str | None = None,
) -> WriteBack:
    records = tuple(
        EffectRecord(
            n=n,
            effect=Effect(slot=str(n), kind=one.kind, target=one.target, field=None),
            state=state,
            marker="0123456789ab",
            reason=reason,
        )
        for n, one in enumerate(wish.expected, start=1)
    )
    return WriteBack(
        id=CommandId("wb_1"),
        connection=ConnectionId(MARKS),
        kind=CommandKind.WRITE,
        key=wish.key,
        state=became,
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
        reason=reason,
        effects=records,
    )


def test_what_stands_once_and_is_confirmed_is_good() -> None:
    found = counted([a_write(NOTE.expected[0])], [(NOTE, shown(NOTE))], hidden=False)

    assert (found.effects, found.lost, found.doubled, found.held) == (1, 0, 0, False)


def test_the_same_note_with_another_reference_is_doubled() -> None:
    writes = [a_write(NOTE.expected[0], ref) for ref in ("0123456789ab", "ba9876543210")]

    assert counted(writes, [(NOTE, shown(NOTE))], hidden=False).doubled == 1


def test_a_tag_that_two_asked_for_stands_once() -> None:
    other = attrs.evolve(TAGGING, key="another")
    wishes = [(TAGGING, shown(TAGGING)), (other, shown(other))]

    assert counted([a_write(TAGGING.expected[0])], wishes, hidden=False).lost == 0
    assert counted([a_write(TAGGING.expected[0])] * 2, wishes, hidden=False).doubled == 1


def test_what_nobody_asked_for_is_doubled() -> None:
    assert counted([a_write(TAGGING.expected[0])], [], hidden=False).doubled == 1


def test_what_is_confirmed_and_does_not_stand_is_lost_in_any_run() -> None:
    for hidden in (True, False):
        assert counted([], [(NOTE, shown(NOTE))], hidden=hidden).lost == 1


@pytest.mark.parametrize("state", [EffectState.HELD, EffectState.REFUSED])
def test_what_is_honestly_reported_is_lost_only_where_nothing_hid_it(state: EffectState) -> None:
    wishes = [(NOTE, shown(NOTE, state, became=WriteBackState.HELD, reason="forbidden"))]

    assert counted([], wishes, hidden=True).lost == 0
    assert counted([], wishes, hidden=False).lost == 1
    assert counted([], [(NOTE, shown(NOTE, state, became=WriteBackState.HELD))], hidden=True).lost == 1


def test_what_stands_and_was_refused_is_a_lost_report() -> None:
    wishes = [(NOTE, shown(NOTE, EffectState.REFUSED, became=WriteBackState.REFUSED, reason="no"))]

    assert counted([a_write(NOTE.expected[0])], wishes, hidden=True).lost == 1


def test_what_comes_to_no_end_is_lost() -> None:
    waiting = shown(NOTE, EffectState.UNKNOWN, became=WriteBackState.WAITING)

    assert counted([a_write(NOTE.expected[0])], [(NOTE, waiting)], hidden=True).lost == 1
    assert counted([], [(NOTE, None)], hidden=False).lost == 1


def test_a_result_expects_each_of_its_effects() -> None:
    wish = WISHING.call_result(MARKS, PERSON, "token", "passed")

    assert [str(one.kind) for one in wish.expected] == ["note", "file", "field", "field", "tag", "status"]
    assert wish.expected[4].content == ERECRUIT.tag
    assert "ref" not in ERECRUIT.bare(wish.expected[0].content + "<p>ref 0123456789ab</p>")[-20:]
