"""Notes on candidates: one request in one dialect, never tried in the other, and never to somebody else."""

import hashlib
from typing import Any

import attrs
import pytest

from domain.custom_field import FieldUpdate
from domain.evidence import CannotTell, EvidenceGrade
from domain.ids import FieldId
from domain.note import Note, bullets, heading, paragraph
from entrypoints.sandbox.kombo import KomboSandbox
from entrypoints.sandbox.kombo.recruiter import retire
from ports.errors import (
    AccessError,
    ConflictError,
    InvalidInputError,
    OutcomeUnknownError,
    PortError,
    ThrottledError,
    UnsupportedError,
)
from ports.gateway import Gateway, need
from tests.avionte.rig import candidate, office
from tests.builders import MARKER, an_attempt
from tests.clocks import FakeClock
from tests.kombo.rig import opened

NOTE = Note(blocks=(heading("Passed <4/5>"), paragraph("Six years & more.\nNights too."), bullets("Forklift", "Zoë")))
PERSON = candidate(2)
DIALECTS: dict[str, dict[str, Any]] = {"page": {}, "documented": {"dialect": "documented", "activity_type_id": "31"}}


async def test_a_note_of_the_pages_dialect_is_html_and_gives_its_id(sandbox: KomboSandbox, gateway: Gateway) -> None:
    notes = need(gateway.candidate_notes)

    receipt = await notes.add(PERSON, NOTE, an_attempt())

    (written,) = sandbox.writes
    assert (written["kind"], written["target"]) == ("note", {"type": "candidate", "id": PERSON})
    assert (receipt.id, receipt.sha256) == (written["id"], written["sha256"])
    assert written["text"] == notes.preview(NOTE, MARKER)
    assert "<strong>Passed &lt;4/5&gt;</strong>" in written["text"]
    assert written["text"].endswith(f"<p>ref {MARKER}</p>")
    assert receipt.sha256 == hashlib.sha256(written["text"].encode()).hexdigest()


async def test_what_kombo_warns_of_stands_on_the_receipt(sandbox: KomboSandbox, gateway: Gateway) -> None:
    sandbox.faults.arm("warnings", route="passthrough")
    noted = await need(gateway.candidate_notes).add(PERSON, NOTE, an_attempt())
    fields = need(gateway.candidate_fields)
    await fields.definitions()
    sandbox.faults.arm("warnings", route="PATCH")
    changed = await fields.update(PERSON, FieldUpdate(FieldId("603"), "x"), an_attempt())

    assert len(noted.warnings) == len(changed.warnings) == 1


async def test_a_note_is_plain_text_where_the_customer_wants_it(sandbox: KomboSandbox, clock: FakeClock) -> None:
    async with opened(sandbox.connection, clock=clock, note_format="plain") as gateway:
        await need(gateway.candidate_notes).add(PERSON, NOTE, an_attempt())

    assert sandbox.writes[0]["text"].startswith("Passed <4/5>\n\nSix years & more.\nNights too.\n\n- Forklift")


async def test_a_documented_note_is_a_talent_activity_with_its_time(sandbox: KomboSandbox, clock: FakeClock) -> None:
    async with opened(sandbox.connection, clock=clock, **DIALECTS["documented"]) as gateway:
        receipt = await need(gateway.candidate_notes).add(PERSON, NOTE, an_attempt())

    assert receipt.id == sandbox.writes[0]["id"]
    assert receipt.at is not None
    assert receipt.at.replace(microsecond=0) == clock.now().replace(microsecond=0)


@pytest.mark.parametrize("named", ["Daily SMS Summary", "daily sms summary", "-95"])
async def test_an_action_type_is_found_by_name_or_number(sandbox: KomboSandbox, clock: FakeClock, named: str) -> None:
    async with opened(sandbox.connection, clock=clock, **DIALECTS["documented"]) as gateway:
        await need(gateway.candidate_notes).add(PERSON, attrs.evolve(NOTE, action_type=named), an_attempt())

    assert len(sandbox.writes) == 1


@pytest.mark.parametrize("named", ["Fax", "1", "Daily"])
async def test_an_unknown_action_type_is_refused_before_anything_is_sent(
    sandbox: KomboSandbox, clock: FakeClock, named: str
) -> None:
    attempt = an_attempt()
    async with opened(sandbox.connection, clock=clock, **DIALECTS["documented"]) as gateway:
        with pytest.raises(InvalidInputError) as refused:
            await need(gateway.candidate_notes).add(PERSON, attrs.evolve(NOTE, action_type=named), attempt)

    assert (refused.value.field, attempt.begun, sandbox.writes) == ("action_type", [], [])


async def test_without_any_action_type_nothing_is_guessed(sandbox: KomboSandbox, clock: FakeClock) -> None:
    attempt = an_attempt()
    async with opened(sandbox.connection, clock=clock, dialect="documented") as gateway:
        with pytest.raises(InvalidInputError, match="activity_type_id"):
            await need(gateway.candidate_notes).add(PERSON, NOTE, attempt)

    assert (attempt.begun, sandbox.writes) == ([], [])


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("fault", "error", "stands"),
    [
        ("inner_500", OutcomeUnknownError, False),
        ("done_then_inner_500", OutcomeUnknownError, True),
        ("done_then_504", OutcomeUnknownError, True),
        ("done_reply_lost", OutcomeUnknownError, True),
        ("done_then_500", OutcomeUnknownError, True),
        ("503_html", OutcomeUnknownError, False),
        ("reset", OutcomeUnknownError, False),
        ("unknown_code", OutcomeUnknownError, False),
    ],
)
async def test_a_note_without_a_clear_answer_is_in_doubt_and_not_sent_again(
    sandbox: KomboSandbox, clock: FakeClock, dialect: str, fault: str, error: type[PortError], stands: bool
) -> None:
    attempt = an_attempt()
    async with opened(sandbox.connection, clock=clock, **DIALECTS[dialect]) as gateway:
        sandbox.faults.arm(fault, route="/note" if dialect == "page" else "/activity")
        with pytest.raises(error):
            await need(gateway.candidate_notes).add(PERSON, NOTE, attempt)

    assert len(attempt.begun) == 1
    assert [one["kind"] for one in sandbox.writes] == ["note"] * stands


async def test_what_avionte_or_kombo_counts_out_is_sent_again(sandbox: KomboSandbox, gateway: Gateway) -> None:
    attempt = an_attempt()
    sandbox.faults.arm("inner_429", route="/note")
    sandbox.faults.arm("429", route="/note")

    await need(gateway.candidate_notes).add(PERSON, NOTE, attempt)

    assert (len(attempt.begun), len(sandbox.writes)) == (3, 1)


async def test_who_is_counted_out_for_good_has_surely_done_nothing(sandbox: KomboSandbox, gateway: Gateway) -> None:
    sandbox.faults.arm("inner_429", times=9, route="/note")

    with pytest.raises(ThrottledError):
        await need(gateway.candidate_notes).add(PERSON, NOTE, an_attempt())

    assert sandbox.writes == []


@pytest.mark.parametrize("errors", ["object", "string", "html", "absent"])
async def test_a_tenant_without_the_pages_path_is_told_so_and_no_other_path_is_tried(
    sandbox: KomboSandbox, gateway: Gateway, errors: str
) -> None:
    sandbox.state.switches.page_dialect = False
    sandbox.state.switches.inner_errors = errors
    attempt = an_attempt()

    with pytest.raises(UnsupportedError, match="does not offer POST /candidate/"):
        await need(gateway.candidate_notes).add(PERSON, NOTE, attempt)

    assert (len(attempt.begun), sandbox.writes) == (1, [])


async def test_whether_a_note_stands_cannot_be_told(gateway: Gateway) -> None:
    notes = need(gateway.candidate_notes)
    await notes.add(PERSON, NOTE, an_attempt())

    assert notes.evidence is EvidenceGrade.NONE
    assert isinstance(await notes.find(PERSON, MARKER), CannotTell)


async def test_of_a_merged_candidate_it_is_said_who_bears_their_name_now_and_nothing_is_written(
    sandbox: KomboSandbox, gateway: Gateway, clock: FakeClock
) -> None:
    survivor = retire(office(sandbox), PERSON, clock.now(), clock.now())
    attempt = an_attempt()

    with pytest.raises(ConflictError) as refused:
        await need(gateway.candidate_notes).add(PERSON, NOTE, attempt)

    assert (attempt.begun, sandbox.writes) == ([], [])
    assert f"candidate {PERSON} was merged or removed" in refused.value.message
    assert f"candidate {survivor} bears the same name and e-mail address" in refused.value.message


async def test_a_merged_candidate_whom_kombo_still_shows_is_not_found_there_and_nobody_is_written_to(
    sandbox: KomboSandbox, gateway: Gateway, clock: FakeClock
) -> None:
    """The copy lags behind Avionté: there the request itself meets the dead id."""
    later = clock.now().replace(year=clock.now().year + 1)
    retire(office(sandbox), PERSON, clock.now(), later)
    attempt = an_attempt()

    with pytest.raises(ConflictError, match="no other candidates bear"):
        await need(gateway.candidate_notes).add(PERSON, NOTE, attempt)

    assert (len(attempt.begun), sandbox.writes) == (1, [])


async def test_of_a_candidate_who_is_gone_with_a_name_borne_by_two_no_one_is_named(
    sandbox: KomboSandbox, gateway: Gateway, clock: FakeClock
) -> None:
    first = retire(office(sandbox), PERSON, clock.now(), clock.now())
    people = office(sandbox).candidates
    number = office(sandbox).ids.number("candidate", first)
    assert number is not None
    one = people.now(number)
    assert one is not None
    people.add(lambda fresh: attrs.evolve(one, number=fresh), clock.now())

    with pytest.raises(ConflictError, match="2 other candidates bear"):
        await need(gateway.candidate_notes).add(PERSON, NOTE, an_attempt())


@pytest.mark.parametrize("credentials", [{"api_key": "wrong"}, {"integration_id": "avionte:nobody"}])
async def test_a_wrong_key_or_integration_is_the_administrators_move(
    sandbox: KomboSandbox, clock: FakeClock, credentials: dict[str, str]
) -> None:
    shown = {**sandbox.credentials, **credentials}
    async with opened(sandbox.connection, clock=clock, credentials=shown) as gateway:
        with pytest.raises(AccessError):
            await need(gateway.candidate_notes).add(PERSON, NOTE, an_attempt())

    assert sandbox.writes == []
