"""Avionté's custom fields of jobs, candidates and applications. All of these shapes are assumed."""

import json
import re
from typing import Any

from entrypoints.sandbox.fields import ANYTHING, INTEGER, Field, list_of, object_of
from entrypoints.sandbox.kombo import records
from entrypoints.sandbox.kombo.inner import ABSENT, Call, InnerRefusal, Said, body_of, number_of
from entrypoints.sandbox.kombo.state import Application, Candidate, Integration, Job
from entrypoints.sandbox.wire import Write

Row = dict[str, Any]

_DETAIL = object_of(Field("definitionId", INTEGER, required=True), Field("value", ANYTHING, required=True))
_DAY = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z?)?")


def job_definitions(call: Call) -> Said:
    return Said(data=call.office.fields["job"])


def candidate_definitions(call: Call) -> Said:
    return Said(data=call.office.fields["candidate"])


def application_definitions(call: Call) -> Said:
    return Said(data=call.office.fields["application"])


def details(office: Integration, kind: str, number: int) -> list[Row]:
    """A field without a value is not there; one whose definition is gone has lost its name."""
    names = {field["id"]: field["name"] for field in office.fields[kind]}
    held = office.values.get((kind, number), {})
    return [{"definitionId": field, "name": names.get(field), "value": value} for field, value in sorted(held.items())]


def job(call: Call) -> Job:
    found = call.office.jobs.now(number_of(call.params["id"], "jobId") - records.JOB)
    if found is None or found.deleted is not None:
        raise InnerRefusal(404, "The job was not found.")
    return found


def talent(call: Call) -> Candidate:
    """One that was merged into another is not found any more."""
    found = call.office.candidates.now(number_of(call.params["id"], "talentId") - records.CANDIDATE)
    if found is None or found.deleted is not None:
        raise InnerRefusal(404, "The talent was not found.")
    return found


def application(call: Call) -> Application:
    """By Kombo's composite, for there is no other id that every application has."""
    person, _, wanted = call.params["id"].partition(":")
    if not (person.isdecimal() and wanted.isdecimal()):
        raise InnerRefusal(404, "The application was not found.")
    applied = records.applications_of(call.office, int(person) - records.CANDIDATE)
    for one in applied:
        if one.deleted is None and records.job_remote_id(one.job) == wanted:
            return one
    raise InnerRefusal(404, "The application was not found.")


def get_application(call: Call) -> Said:
    return Said(data=_application(call.office, application(call)))


def _application(office: Integration, found: Application) -> Row:
    return {
        "id": records.application_remote_id(found),
        "talentId": records.CANDIDATE + found.candidate,
        "jobId": records.JOB + found.job,
        "customDetails": details(office, "application", found.number),
    }


def patch_job(call: Call) -> Said:
    number = job(call).number
    wrote = _set(call, "job", number)
    return _answer(call, {"id": records.JOB + number, "customJobDetails": details(call.office, "job", number)}, wrote)


def patch_candidate(call: Call) -> Said:
    number = talent(call).number
    wrote = _set(call, "candidate", number)
    body = {"id": records.CANDIDATE + number, "customDetails": details(call.office, "candidate", number)}
    return _answer(call, body, wrote)


def patch_application(call: Call) -> Said:
    found = application(call)
    wrote = _set(call, "application", found.number)
    return _answer(call, _application(call.office, found), wrote)


def _answer(call: Call, body: Row, wrote: tuple[Write, ...]) -> Said:
    if call.state.switches.empty_success:
        return Said(status=204, data=ABSENT, wrote=wrote)
    return Said(data=body, wrote=wrote)


def _set(call: Call, kind: str, number: int) -> tuple[Write, ...]:
    """All of them or none; null clears."""
    given = body_of(call, Field("customDetails", list_of(_DETAIL), required=True))["customDetails"]
    fields = {field["id"]: field for field in call.office.fields[kind]}
    for one in given:
        _refuse(fields.get(one["definitionId"]), one["value"])
    held = call.office.values.setdefault((kind, number), {})
    for one in given:
        held[one["definitionId"]] = one["value"]
        if one["value"] is None:
            del held[one["definitionId"]]
    target = (kind, call.office.ids.of(kind, number))
    return tuple(_written(target, fields[one["definitionId"]], one["value"]) for one in given)


def _written(target: tuple[str, str], field: Row, value: Any) -> Write:
    """Texts as they are, everything else as JSON."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Write(
        kind="field", target=target, id=str(field["id"]), content=text.encode(), name=field["name"], value=text
    )


def _refuse(field: Row | None, value: Any) -> None:
    if field is None or field["isArchived"]:
        raise InnerRefusal(400, "There is no such custom detail.")
    if value is not None and not fits(field, value):
        raise InnerRefusal(400, f"The value is not possible for {field['name']}.")


def fits(field: Row, value: Any) -> bool:
    match field["type"]:
        case "Dropdown":
            return value in field["options"]
        case "MultiSelect":
            return isinstance(value, list) and all(item in field["options"] for item in value)
        case "Number" | "Currency":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Boolean":
            return isinstance(value, bool)
        case "Date":
            return isinstance(value, str) and _DAY.fullmatch(value) is not None
        case _:
            return isinstance(value, str)
