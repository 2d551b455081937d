"""TempWorks, as the harness must know it."""

from collections.abc import Iterator

from adapters.rendering import as_text
from domain.effect import EffectKind
from domain.note import Note, reference_line
from domain.policy import RecordType
from entrypoints.sandbox import tempworks
from entrypoints.sandbox.tempworks import TempWorksSandbox
from entrypoints.sandbox.tempworks.catalogue import REFUSED, WEB_CANDIDATE
from entrypoints.sandbox.tempworks.fixtures import filled
from entrypoints.sandbox.tempworks.noted import on_order
from entrypoints.sandbox.tempworks.properties import EMPLOYEE, property_id
from ports.gateway import Provider
from tests.chaos.ats import RECORDS, Ats, Person

_INTERVIEW = 6
_STATUS = ("PUT /JobOrders/*/candidates/*", "GET /JobOrders/*/candidates")


def _bare(note: str) -> str:
    text, line, _ = note.rpartition(f"\n\n{reference_line('')}")
    return text if line else note


def _rendered(note: Note) -> str:
    return _bare(as_text(note, "0" * 12))


def _forget(sandbox: TempWorksSandbox, record: str) -> None:
    """A candidacy can be deleted; a person whose branch is taken from us is gone for us, with all of theirs."""
    state = sandbox.state
    for one in list(state.candidates.values()):
        if record in {on_order(one)[1], str(one.employee)}:
            del state.candidates[one.number]
            state.candidates_of_job[one.job].remove(one)
            state.candidates_of_employee[one.employee].remove(one)
    if record.isdecimal():
        state.employees.pop(int(record), None)


def _people() -> Iterator[Person]:
    """Those who may be moved, with an open order that they are no candidate on."""
    state = filled(RECORDS, "America/New_York", {}, {})
    open_ones = [job.number for job in state.job_orders.values() if job.is_active]
    for one in state.candidates.values():
        applied = [other.job for other in state.candidates_of_employee[one.employee]]
        if one.status == WEB_CANDIDATE and len(applied) == 1 and state.employees[one.employee].is_active:
            further = next(job for job in open_ones[one.number % 7 :] if job not in applied)
            yield Person(candidate_id=str(one.employee), application_id=on_order(one)[1], job=str(further))


TEMPWORKS = Ats(
    provider=Provider.TEMPWORKS,
    kinds=(
        EffectKind.NOTE,
        EffectKind.FILE,
        EffectKind.FIELD,
        EffectKind.STAGE,
        EffectKind.REJECTION,
        EffectKind.APPLICATION,
    ),
    start=lambda: tempworks.running(records=RECORDS, rate_limit=None),
    people=tuple(_people()),
    routes={
        "note": ("POST /Employees/*/messages", "GET /Employees/*/messages"),
        "file": ("POST /Employees/*/documents", "GET /Employees/*/documents"),
        "field": ("PUT /Employees/*/CustomData", "GET /Employees/*/CustomData"),
        "stage": _STATUS,
        "rejection": _STATUS,
        "application": ("POST /JobOrders/*/candidates", "GET /JobOrders/*/candidates"),
    },
    without=frozenset({"401"}),
    stage=f"candidate:{_INTERVIEW}",
    reason=f"candidate:{REFUSED}",
    score_field=property_id(EMPLOYEE, "Score"),
    score_on=RecordType.CANDIDATE,
    summary_field=property_id(EMPLOYEE, "Remark"),
    number_field=property_id(EMPLOYEE, "Years"),
    files_on_candidate=True,
    rendered=_rendered,
    bare=_bare,
    forget=_forget,
)
