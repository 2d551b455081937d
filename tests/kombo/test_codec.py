"""Between Kombo's records and ours."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from adapters.kombo import codec, wire
from domain.custom_field import FieldValue
from domain.ids import FieldId, ReasonId
from domain.job import JobStatus, Party
from domain.job_application import DispositionReason, Outcome
from ports.errors import MalformedReplyError
from tests.kombo.rig import a_candidate, a_job, an_application

REASONS = (
    DispositionReason(id=ReasonId("r1"), name="Not a fit"),
    DispositionReason(id=ReasonId("r2"), name="Twice"),
    DispositionReason(id=ReasonId("r3"), name="Twice", active=False),
)


def read(shape: type[Any], value: object) -> Any:
    return codec.decoded(shape, msgspec.json.encode(value))


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 11, 20, 9, tzinfo=UTC), "2026-11-20T09:00:00.000Z"),
        (datetime(2026, 11, 20, 9, 0, 0, 1_999, tzinfo=UTC), "2026-11-20T09:00:00.001Z"),
        (datetime(2026, 11, 20, 9, tzinfo=timezone(timedelta(hours=2))), "2026-11-20T07:00:00.000Z"),
    ],
)
def test_times_go_out_in_the_one_form_that_kombo_takes(instant: datetime, text: str) -> None:
    assert codec.moment_text(instant) == text


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("OPEN", JobStatus.OPEN),
        ("CLOSED", JobStatus.CLOSED),
        ("ARCHIVED", JobStatus.CLOSED),
        ("DRAFT", JobStatus.DRAFT),
        ("PAUSED", JobStatus.UNKNOWN),
        (None, JobStatus.UNKNOWN),
    ],
)
def test_a_status_that_we_do_not_know_is_kept_as_it_came(word: str | None, status: JobStatus) -> None:
    job = codec.job(read(wire.Job, a_job(status=word)))

    assert (job.status, job.status_text) == (status, word)


def test_a_description_loses_what_is_dangerous() -> None:
    assert codec.job(read(wire.Job, a_job())).description == "<p>Days</p>"


LOCATION = {"city": "Springfield", "country": "US", "state": "IL", "street_1": "1 Main St", "zip_code": "62701"}


@pytest.mark.parametrize(
    ("location", "short", "whole"),
    [
        (LOCATION, "Springfield, IL", "1 Main St, Springfield, IL, 62701, US"),
        ({"raw": "Downtown"}, "Downtown", "Downtown"),
        ({}, None, None),
        (None, None, None),
    ],
)
def test_a_place_is_one_line(location: object, short: str | None, whole: str | None) -> None:
    row = read(wire.Job, a_job(location=location))

    assert (codec.job(row).location, codec.job_detail(row).address) == (short, whole)


def test_details_hold_what_kombo_tells_of_a_job() -> None:
    team = [
        {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.test", "hiring_team_roles": ["RECRUITER"]},
        {"first_name": None, "last_name": None, "email": None},
        {"last_name": "Poe", "job_roles": [{"remote_label": "Sponsor", "unified_type": None}]},
        {"email": "who@example.test"},
    ]
    fields = {"shift": "Night", "pay": 18.50, "union": True, "floor": None, "more": ["a"]}

    detail = codec.job_detail(read(wire.Job, a_job(hiring_team=team, custom_fields=fields)))

    assert detail.parties == (
        Party(name="Ann Lee", role="recruiter", email="ann@example.test"),
        Party(name="Poe", role="Sponsor"),
        Party(name="who@example.test", role="member", email="who@example.test"),
    )
    assert [one.value for one in detail.fields] == ["Night", "18.5", "true", None, '["a"]']
    assert detail.fields[0] == FieldValue(field=FieldId("shift"), name="shift", value="Night")
    assert detail.missing == ()


def test_the_primary_address_comes_first_and_none_twice() -> None:
    addresses = [
        {"email_address": "b@example.test", "type": None},
        {"email_address": None, "type": "PRIMARY"},
        {"email_address": " a@example.test ", "type": "PRIMARY"},
        {"email_address": "b@example.test", "type": "WORK"},
    ]
    person = codec.candidate(read(wire.Candidate, a_candidate(email_addresses=addresses, phone_numbers=None)))

    assert person.emails == ("a@example.test", "b@example.test")
    assert person.phones == ()


def test_a_person_may_have_lost_their_name() -> None:
    person = codec.candidate(read(wire.Candidate, a_candidate(first_name=None, last_name=None)))

    assert (person.first_name, person.last_name) == ("", "")


@pytest.mark.parametrize(
    ("outcome", "reason", "seen", "value"),
    [
        ("PENDING", None, Outcome.OPEN, "stage:stage1"),
        (None, None, Outcome.OPEN, "stage:stage1"),
        ("HIRED", None, Outcome.CLOSED, "stage:stage1"),
        ("DECLINED", "Not a fit", Outcome.REJECTED, "rejected:r1"),
        ("DECLINED", None, Outcome.REJECTED, "rejected:"),
        # Of two reasons with one name nobody can tell which it was.
        ("DECLINED", "Twice", Outcome.REJECTED, "rejected:"),
        ("DECLINED", "Gone", Outcome.REJECTED, "rejected:"),
        # What is left of a rejection that was taken back.
        ("PENDING", "Not a fit", Outcome.OPEN, "stage:stage1"),
    ],
)
def test_where_an_application_stands(outcome: str | None, reason: str | None, seen: Outcome, value: str) -> None:
    row = read(wire.Application, an_application(outcome=outcome, rejection_reason_name=reason))

    standing = codec.standing(row, REASONS)

    assert (standing.outcome, standing.value, standing.candidate) == (seen, value, "cand1")


@pytest.mark.parametrize(
    ("shape", "value", "path"),
    [
        (wire.Application, an_application(outcome="PAUSED"), "$.outcome"),
        (wire.Attachment, {"id": "a", "type": "PHOTO", "data_url": "x", "file_name": "y"}, "$.type"),
        (wire.Attachment, {"id": "a", "type": None, "data_url": "x", "file_name": "y"}, "$.type"),
        (wire.Job, a_job(stages=[{"id": "s", "remote_id": 5, "name": "x"}]), "$.stages[0].remote_id"),
        (wire.Job, a_job(changed_at=5), "$.changed_at"),
        (wire.Candidate, {"id": "x"}, "$.remote_id"),
        (wire.Page, {"status": "success", "data": {"results": []}}, "$.data.next"),
        (wire.Done, {"status": "error", "data": {}}, "$.status"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_place(shape: type[Any], value: object, path: str) -> None:
    with pytest.raises(MalformedReplyError) as error:
        read(shape, value)

    assert error.value.path == path


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ((), ()),
        (("The note was shortened.",), ("The note was shortened.",)),
        (("a\nb\x00c", None, " "), ("a b c",)),
        (("x" * 500,), ("x" * 200,)),
    ],
)
def test_warnings_are_kept_printable_and_cut(given: tuple[str | None, ...], shown: tuple[str, ...]) -> None:
    assert codec.receipt(b"", [wire.Warned(text) for text in given]).warnings == shown


def test_a_time_that_cannot_be_read_is_no_reason_to_lose_a_receipt() -> None:
    assert codec.sighted("note1", "yesterday").at is None
    assert codec.sighted("note1", "2026-11-20T10:00:00.000Z").at == datetime(2026, 11, 20, 10, tzinfo=UTC)
