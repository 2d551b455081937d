"""Kinds of messages: those that may do something to a person are never used, nor those that nobody knows."""

import attrs
import pytest

from entrypoints.sandbox.tempworks import TempWorksSandbox
from entrypoints.sandbox.tempworks.catalogue import MESSAGE_ACTIONS, PHONE_SCREEN
from ports.errors import InvalidInputError
from ports.gateway import Gateway, need
from tests.clocks import FakeClock
from tests.erecruit.rig import MARKER, NOON, Try
from tests.tempworks.rig import NOTE, PERSON, opened, refused

HARMLESS = {100, PHONE_SCREEN}


@pytest.mark.parametrize("action", sorted(set(MESSAGE_ACTIONS) - HARMLESS))
@pytest.mark.parametrize("chosen_by", ["setting", "note"])
async def test_an_action_that_may_do_something_to_a_person_is_never_used(
    sandbox: TempWorksSandbox, action: int, chosen_by: str
) -> None:
    setting = str(action) if chosen_by == "setting" else str(PHONE_SCREEN)
    note = attrs.evolve(NOTE, action_type=None if chosen_by == "setting" else str(action))
    async with opened(sandbox.connection, message_action_id=setting) as gateway:
        adding = need(gateway.candidate_notes).add(PERSON, note, Try())

        await refused(sandbox, adding, InvalidInputError, f"message action {action}")

    assert sandbox.state.employees[int(PERSON)].is_active
    assert not sandbox.state.employees[int(PERSON)].do_not_assign


@pytest.mark.parametrize(
    "flag", ["isDeact", "isReact", "isDoNotAssign", "isAvailability", "isEmployeeRelevant", "canWrite"]
)
async def test_an_action_of_which_something_is_not_said_is_not_used(
    sandbox: TempWorksSandbox, gateway: Gateway, flag: str
) -> None:
    row = MESSAGE_ACTIONS[PHONE_SCREEN]
    before = row[flag]
    row[flag] = None
    try:
        adding = need(gateway.candidate_notes).add(PERSON, NOTE, Try())
        await refused(sandbox, adding, InvalidInputError, flag)
    finally:
        row[flag] = before


async def test_an_action_that_becomes_harmful_is_noticed_within_a_minute(sandbox: TempWorksSandbox) -> None:
    clock, row = FakeClock(NOON), MESSAGE_ACTIONS[PHONE_SCREEN]
    async with opened(sandbox.connection, clock=clock) as gateway:
        await need(gateway.candidate_notes).add(PERSON, NOTE, Try())
        row["isDeact"] = True
        try:
            clock.advance(61)
            with pytest.raises(InvalidInputError, match="isDeact"):
                await need(gateway.candidate_notes).add(PERSON, NOTE, Try())
        finally:
            row["isDeact"] = False

    assert len(sandbox.writes) == 1
    assert sandbox.state.employees[int(PERSON)].is_active


@pytest.mark.parametrize("action", ["999", "Phone Screen", "-1"])
async def test_an_unknown_action_is_refused(sandbox: TempWorksSandbox, gateway: Gateway, action: str) -> None:
    adding = need(gateway.candidate_notes).add(PERSON, attrs.evolve(NOTE, action_type=action), Try())

    await refused(sandbox, adding, InvalidInputError, "action")


async def test_without_an_action_no_note_is_written_nor_shown(sandbox: TempWorksSandbox) -> None:
    async with opened(sandbox.connection, message_action_id=None) as gateway:
        notes = need(gateway.candidate_notes)
        with pytest.raises(InvalidInputError, match="no message_action_id"):
            notes.preview(NOTE, MARKER)

        await refused(sandbox, notes.add(PERSON, NOTE, Try()), InvalidInputError, "no message_action_id")
    assert sandbox.journal.requests == 0
