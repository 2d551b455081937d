"""What is written: one request each, never one that does something else to a person, and refused before the wire."""

from collections.abc import Awaitable, Callable

import attrs
import pytest

from adapters.tempworks.files import ON_CANDIDATE
from adapters.tempworks.notes import NOT_LINKED
from domain.attachment import LARGEST_FILE, Attachment
from domain.custom_field import FieldUpdate
from domain.evidence import Absent, CannotTell, Found, Receipt
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId
from domain.job_application import Outcome, Standing
from entrypoints.sandbox.tempworks import TempWorksSandbox
from entrypoints.sandbox.tempworks.properties import ASSIGNMENT, EMPLOYEE, property_id
from ports.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    OutcomeUnknownError,
    StageBarredError,
)
from ports.gateway import Gateway, need
from tests.erecruit.rig import MARKER, Try
from tests.tempworks.rig import NOTE, PERSON, opened, refused

APPLICATION, JOB = ApplicationId("candidate:6018-703"), JobId("6000")
ASSIGNED, HALF = ApplicationId("assignment:2443"), ApplicationId("candidate:6000-1")
FILE = Attachment(filename="Rapport d'entrevue.pdf", media_type="application/pdf", content=b"%PDF-1.4 %%EOF")

Act = Callable[[Gateway, Try], Awaitable[Receipt]]
EFFECTS: dict[str, Act] = {
    "application_notes": lambda gateway, once: need(gateway.application_notes).add(APPLICATION, NOTE, once),
    "candidate_notes": lambda gateway, once: need(gateway.candidate_notes).add(PERSON, NOTE, once),
    "application_files": lambda gateway, once: need(gateway.application_files).add(APPLICATION, FILE, once),
    "candidate_files": lambda gateway, once: need(gateway.candidate_files).add(PERSON, FILE, once),
    "move": lambda gateway, once: need(gateway.stage_moves).move(APPLICATION, StageId("candidate:5"), once),
    "reject": lambda gateway, once: need(gateway.rejection).reject(APPLICATION, ReasonId("candidate:9"), once),
    "create": lambda gateway, once: need(gateway.application_intake).create(PERSON, JOB, once),
    "candidate_fields": lambda gateway, once: need(gateway.candidate_fields).update(PERSON, _update(EMPLOYEE), once),
    "application_fields": lambda gateway, once: need(gateway.application_fields).update(
        ASSIGNED, _update(ASSIGNMENT), once
    ),
}


def _update(kind: str, name: str = "Is screened", value: str = "true") -> FieldUpdate:
    return FieldUpdate(FieldId(property_id(kind, name)), value)


@pytest.mark.parametrize("name", EFFECTS)
async def test_an_effect_is_one_request_with_a_receipt(sandbox: TempWorksSandbox, gateway: Gateway, name: str) -> None:
    once = Try()

    receipt = await EFFECTS[name](gateway, once)

    (written,) = sandbox.writes
    assert once.begun == 1
    assert receipt.id == written["id"]


@pytest.mark.parametrize(
    "fault", ["done_reply_lost", "not_done_reply_lost", "done_then_500", "503_html", "html_200", "520", "521"]
)
@pytest.mark.parametrize("name", EFFECTS)
async def test_whatever_is_no_clear_answer_leaves_the_outcome_open(
    sandbox: TempWorksSandbox, gateway: Gateway, name: str, fault: str
) -> None:
    for route in ("POST /Employees", "POST /JobOrders", "PUT /"):
        sandbox.faults.arm(fault, route=route)
    once = Try()

    with pytest.raises(OutcomeUnknownError):
        await EFFECTS[name](gateway, once)

    assert once.begun == 1


@pytest.mark.parametrize("name", EFFECTS)
async def test_what_was_counted_out_is_sent_again(sandbox: TempWorksSandbox, gateway: Gateway, name: str) -> None:
    for route in ("POST /Employees", "POST /JobOrders", "PUT /"):
        sandbox.faults.arm("429_bare", route=route)

    await EFFECTS[name](gateway, Try())

    assert len(sandbox.writes) == 1


@pytest.mark.parametrize("application", [APPLICATION, ASSIGNED])
async def test_a_note_on_an_application_is_linked_to_its_order_or_assignment(
    sandbox: TempWorksSandbox, gateway: Gateway, application: ApplicationId
) -> None:
    receipt = await need(gateway.application_notes).add(application, NOTE, Try())

    (written,) = sandbox.writes
    assert written["target"] == {"type": "application", "id": application}
    assert written["text"] == f"Passed <b>all</b>\n\nref {MARKER}"
    assert receipt.warnings == ()


async def test_a_note_that_could_not_be_linked_stands_once_and_says_so(
    sandbox: TempWorksSandbox, gateway: Gateway
) -> None:
    sandbox.state.switches.unlinked_origins = True

    receipt = await need(gateway.application_notes).add(APPLICATION, NOTE, Try())

    (written,) = sandbox.writes
    assert (written["target"]["type"], receipt.id, receipt.warnings) == ("candidate", written["id"], (NOT_LINKED,))
    assert isinstance(await need(gateway.application_notes).find(APPLICATION, MARKER), Found)


async def test_a_file_for_an_application_says_where_it_is(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    receipt = await need(gateway.application_files).add(APPLICATION, FILE, Try())

    (written,) = sandbox.writes
    assert written["target"] == {"type": "candidate", "id": PERSON}
    assert receipt.warnings == (ON_CANDIDATE,)


async def test_a_file_of_one_byte_too_many_is_refused_before_the_wire(
    sandbox: TempWorksSandbox, gateway: Gateway
) -> None:
    large = attrs.evolve(FILE, content=b"%PDF" + bytes(LARGEST_FILE - 3))

    await refused(sandbox, need(gateway.candidate_files).add(PERSON, large, Try()), InvalidInputError, "bytes")
    assert sandbox.journal.requests == 0


@pytest.mark.parametrize("record", ["", "12a", "candidate:1", "candidate:1-2-3", "assignment:x", "order:5", "6018-703"])
async def test_an_application_id_that_cannot_be_any_is_refused_before_the_wire(
    sandbox: TempWorksSandbox, gateway: Gateway, record: str
) -> None:
    for act in (
        need(gateway.application_notes).add(record, NOTE, Try()),
        need(gateway.application_files).add(record, FILE, Try()),
        need(gateway.application_fields).update(record, _update(ASSIGNMENT), Try()),
        need(gateway.stage_moves).move(ApplicationId(record), StageId("candidate:5"), Try()),
        need(gateway.rejection).reject(ApplicationId(record), ReasonId("candidate:9"), Try()),
    ):
        await refused(sandbox, act, InvalidInputError, "application_id")
    assert sandbox.journal.requests == 0


async def test_an_application_of_another_order_is_not_found(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    with pytest.raises(NotFoundError) as error:
        await need(gateway.application_notes).add(HALF, NOTE, Try())
    assert (error.value.kind, error.value.record_id) == ("application", HALF)
    assert sandbox.writes == []


async def test_assignments_are_left_to_people(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    moves, rejection = need(gateway.stage_moves), need(gateway.rejection)
    ending = StageId("assignment:3")

    await refused(sandbox, moves.move(ASSIGNED, StageId("candidate:5"), Try()), ConflictError, "placement")
    await refused(sandbox, rejection.reject(ASSIGNED, ReasonId("candidate:9"), Try()), ConflictError, "placement")
    await refused(sandbox, moves.move(APPLICATION, ending, Try()), StageBarredError, "placement")
    assert {stage.id: stage.barred for stage in await need(gateway.stages).stages()}[ending]
    assert await moves.current(ASSIGNED) == Standing(
        stage=StageId("assignment:26"), outcome=Outcome.CLOSED, candidate=CandidateId("43770")
    )


async def test_a_status_that_does_not_refuse_is_no_reason(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    act = need(gateway.rejection).reject(APPLICATION, ReasonId("candidate:5"), Try())

    await refused(sandbox, act, InvalidInputError, "no reason")


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("Rank by system", "1", "read-only"),
        ("Old question", "x", "not in use"),
        ("Shift", "Dusk", "must be one of"),
        ("Languages", "Latin", "must be one of"),
        ("Years", "many", "must be a number"),
        ("Available from", "soon", "must be a date"),
        ("Screened at", "soon", "type of the field"),
        ("Outside id", "12", "type of the field"),
        ("Best hour", "noon", "type of the field"),
        ("Is screened", "perhaps", "true or false"),
        ("Shirt size", "", "clearing"),
    ],
)
async def test_what_custom_data_would_not_take_is_refused_before_the_wire(
    sandbox: TempWorksSandbox, gateway: Gateway, name: str, value: str, why: str
) -> None:
    act = need(gateway.candidate_fields).update(PERSON, _update(EMPLOYEE, name, value), Try())

    await refused(sandbox, act, InvalidInputError, why)


async def test_candidates_on_orders_have_no_custom_data(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    act = need(gateway.application_fields).update(APPLICATION, _update(ASSIGNMENT), Try())

    await refused(sandbox, act, InvalidInputError, "no custom data")


async def test_whoever_may_not_be_assigned_is_not_put_forward(sandbox: TempWorksSandbox, gateway: Gateway) -> None:
    sandbox.state.employees[int(PERSON)].do_not_assign = True

    act = need(gateway.application_intake).create(PERSON, JOB, Try())

    await refused(sandbox, act, InvalidInputError, "employeeId")


async def test_new_candidates_need_a_status_that_exists(sandbox: TempWorksSandbox) -> None:
    async with opened(sandbox.connection, assumed={"new_candidate_status": "Refused: Schedule"}) as gateway:
        act = need(gateway.application_intake).create(PERSON, JOB, Try())

        await refused(sandbox, act, InvalidInputError, "no status")


Look = Callable[[Gateway, str], Awaitable[Found | Absent | CannotTell]]
LOOKS: dict[str, tuple[str, str, Look]] = {
    "application_notes": (
        APPLICATION,
        HALF,
        lambda gateway, on: need(gateway.application_notes).find(on, MARKER),
    ),
    "candidate_notes": (PERSON, "1", lambda gateway, on: need(gateway.candidate_notes).find(on, MARKER)),
    "application_files": (
        APPLICATION,
        HALF,
        lambda gateway, on: need(gateway.application_files).find(on, MARKER),
    ),
    "candidate_files": (PERSON, "1", lambda gateway, on: need(gateway.candidate_files).find(on, MARKER)),
    "create": (PERSON, "1", lambda gateway, on: need(gateway.application_intake).find(CandidateId(on), JOB)),
}


@pytest.mark.parametrize("name", LOOKS)
async def test_a_look_tells_what_became_of_it_over_all_pages(sandbox: TempWorksSandbox, name: str) -> None:
    record, nowhere, look = LOOKS[name]
    async with opened(sandbox.connection, assumed={"page_size": "2"}) as gateway:
        for number in range(5):
            await need(gateway.candidate_notes).add(PERSON, NOTE, Try(f"{number:012}"))
            await need(gateway.candidate_files).add(PERSON, FILE, Try(f"{number:012}"))
        assert await look(gateway, record) == Absent()
        assert isinstance(await look(gateway, nowhere), CannotTell)
        for route in ("POST /Employees", "POST /JobOrders"):
            sandbox.faults.arm("done_reply_lost", route=route)
        with pytest.raises(OutcomeUnknownError):
            await EFFECTS[name](gateway, Try())

        found = await look(gateway, record)

    assert isinstance(found, Found)
    assert found.receipt.id == sandbox.writes[-1]["id"]
