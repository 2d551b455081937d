"""What an ATS says at an odd moment, or does not say at all: no more is held up by it than hangs on it."""

import attrs
import pytest

from domain.effect import EffectState
from domain.evidence import Receipt
from domain.note import Note
from domain.policy import FieldMapping, Policy, RecordType, Where
from domain.writeback import WriteBackState
from ports.attempt import Attempt
from ports.commands import Accepted
from ports.errors import (
    AccessError,
    ConflictError,
    OutcomeUnknownError,
    PortError,
    ThrottledError,
    UnsupportedError,
)
from ports.gateway import need
from ports.notes import Notes
from ports.scope import EVERYTHING
from tests import builders as b
from tests.memory_ats import Fate
from tests.memory_writes import MemoryNotes
from tests.office import CONNECTION, Office

ONLY_A_NOTE = Policy(report_on=Where.NONE, tag=False, screened_status=False)
NO_ROUTE = UnsupportedError("there is no such route (404)")
SALARY = FieldMapping(pointer="/score", on=RecordType.CANDIDATE, field=b.SALARY)


async def posted(office: Office, **changes: object) -> Accepted:
    return await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(**changes), (b.a_file(),))


@pytest.mark.parametrize("error", [NO_ROUTE, ConflictError("locked")], ids=["no_route", "locked"])
@pytest.mark.parametrize("operation", ["*.stages", "candidate_fields.definitions"])
async def test_a_list_that_cannot_be_had_holds_up_what_hangs_on_it_alone(
    office: Office, operation: str, error: PortError
) -> None:
    await office.set_policy(Policy(fields=(SALARY,)))
    office.ats.fail_next(error, on=operation, times=99)
    done = await office.work_until_finished(await posted(office))
    assert done.state is WriteBackState.DONE
    skipped = [one.effect.slot for one in done.effects if one.state is EffectState.SKIPPED]
    assert skipped == (["field:salary@candidate"] if "fields" in operation else [])


@pytest.mark.parametrize("operation", ["tagging.current", "stage_moves.current"])
async def test_a_look_that_is_not_offered_holds_up_nothing(office: Office, operation: str) -> None:
    office.ats.fail_next(NO_ROUTE, on=operation, times=99)
    done = await office.work_until_finished(await posted(office))
    assert done.state is WriteBackState.DONE
    assert sorted(one["kind"] for one in office.ats.writes) == ["file", "note", "stage", "tag"]


async def test_what_cannot_be_looked_for_is_held_for_a_person(office: Office) -> None:
    office.ats.fail_next(OutcomeUnknownError("the reply was lost"), fate=Fate.DONE, on="application_notes.add")
    office.ats.fail_next(NO_ROUTE, on="application_notes.find", times=99)
    held = await office.work_until_finished(await posted(office))
    assert held.state is WriteBackState.HELD
    assert [one.state for one in held.effects] == [EffectState.HELD, *[EffectState.CONFIRMED] * 3]


async def test_nobody_is_said_to_have_moved_what_could_not_be_read_before(office: Office) -> None:
    await office.set_policy(attrs.evolve(ONLY_A_NOTE, note_on=Where.NONE, screened_status=True))
    office.ats.fail_next(NO_ROUTE, on="stage_moves.current")
    office.ats.fail_next(OutcomeUnknownError("the reply was lost"), fate=Fate.NOT_DONE, on="stage_moves.move")
    (status,) = (await office.work_until_finished(await posted(office))).effects
    assert (status.state, "superseded" in (status.reason or "")) == (EffectState.HELD, False)


async def test_a_tag_that_is_not_there_is_sent_again_whatever_could_be_read_before(office: Office) -> None:
    await office.set_policy(attrs.evolve(ONLY_A_NOTE, note_on=Where.NONE, tag=True))
    office.ats.fail_next(NO_ROUTE, on="tagging.current")
    office.ats.fail_next(OutcomeUnknownError("the reply was lost"), fate=Fate.NOT_DONE, on="tagging.tag")
    done = await office.work_until_finished(await posted(office))
    assert (done.state, len(office.ats.writes)) == (WriteBackState.DONE, 1)


async def test_a_field_whose_value_could_not_be_read_is_not_taken_for_empty(office: Office) -> None:
    await office.set_policy(attrs.evolve(ONLY_A_NOTE, note_on=Where.NONE, fields=(SALARY,)))
    office.ats.state.values[b.ON_CANDIDATE] = {b.SALARY: "4000"}
    office.ats.fail_next(NO_ROUTE, on="candidate_fields.current")
    done = await office.work_until_finished(await posted(office))
    assert done.state is WriteBackState.DONE
    assert office.ats.state.values[b.ON_CANDIDATE][b.SALARY] == "82.5"


async def test_an_ats_that_asks_for_no_patience_at_all_is_not_asked_without_pause(office: Office) -> None:
    office.ats.fail_next(ThrottledError("too many requests", retry_after=0.0), on="application_notes.add", times=99)
    await posted(office)
    for _ in range(10):
        await office.work()
    assert office.ats.operations.count("application_notes.add") == 1


@attrs.frozen(kw_only=True)
class Revoked(MemoryNotes):
    """Refuses the credentials of a request that was under way while they were replaced."""

    office: Office

    async def add(self, record: str, note: Note, attempt: Attempt) -> Receipt:
        kept = await self.office.stores.connections.get(EVERYTHING, CONNECTION)
        if kept.revision == 1:
            changed = attrs.evolve(kept, revision=2)
            await self.office.stores.connections.change(EVERYTHING, changed, {"api_key": "another"})
            raise AccessError("the key was revoked")
        return await MemoryNotes.add(self, record, note, attempt)


async def test_a_refusal_of_replaced_credentials_does_not_park_the_new_ones(office: Office) -> None:
    gateway = office.connections.gateway
    notes: Notes = need(gateway.application_notes)
    assert isinstance(notes, MemoryNotes)
    revoked = Revoked(ats=notes.ats, on=notes.on, office=office)
    office.without(attrs.evolve(gateway, application_notes=revoked))
    accepted = await posted(office)
    await office.work()
    assert (await office.stores.connections.get(EVERYTHING, CONNECTION)).parked is None
    assert (await office.work_until_finished(accepted)).state is WriteBackState.DONE
