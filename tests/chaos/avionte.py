"""Avionté over Kombo, as the harness must know it."""

from typing import TypeVar

import attrs

from adapters.rendering import as_html
from domain.effect import EffectKind
from domain.note import Note, reference_line
from domain.policy import RecordType
from entrypoints.sandbox import kombo, people
from entrypoints.sandbox.kombo import KomboSandbox
from entrypoints.sandbox.kombo.catalogue import FIRST_FIELD
from entrypoints.sandbox.kombo.fixtures import AVIONTE as INTEGRATION
from entrypoints.sandbox.kombo.fixtures import HIRED, REJECTED
from entrypoints.sandbox.kombo.ids import Ids
from entrypoints.sandbox.kombo.store import Store
from ports.gateway import Provider
from tests.chaos.ats import RECORDS, Ats, Person
from tests.chaos.servers import CLOCK

R = TypeVar("R")

_OFFICE = ":".join(INTEGRATION)
_IDS = Ids(_OFFICE)
_NUMBER, _TEXT = 1, 2  # places of a number field and of a text field in each kind of record's list
_FURTHER = 4  # a stage in which nobody stands in the beginning


def _bare(note: str) -> str:
    text, line, _ = note.rpartition(f"<p>{reference_line('')}")
    return text if line else note


def _rendered(note: Note) -> str:
    return _bare(as_html(note, "0" * 12))


def _forget(sandbox: KomboSandbox, record: str) -> None:
    office = sandbox.state.integrations[_OFFICE]
    _delete(office.applications, "application", record)
    _delete(office.candidates, "candidate", record)


def _delete(store: Store[R], model: str, record: str) -> None:
    number = _IDS.number(model, record)
    known = None if number is None else store.now(number)
    if number is not None and known is not None:
        now = CLOCK.now()
        gone: R = attrs.evolve(known, deleted=now)  # type: ignore[misc]  # a TypeVar cannot say: an attrs class
        store.put(number, gone, now)


def _person(number: int) -> Person:
    jobs = (at % RECORDS for at in range(number * 7 + 3, number * 7 + RECORDS))
    return Person(
        candidate_id=_IDS.of("candidate", number),
        application_id=_IDS.of("application", number),
        job=_IDS.of("job", next(at for at in jobs if people.job(at, RECORDS).open)),
    )


def _is_fit(number: int) -> bool:
    """Applications are made by e-mail address, and those of who was rejected or hired are over."""
    known = people.person(number, RECORDS)
    return bool(known.emails) and number != REJECTED and number % 11 != HIRED


AVIONTE = Ats(
    provider=Provider.AVIONTE,
    kinds=(
        EffectKind.NOTE,
        EffectKind.FILE,
        EffectKind.FIELD,
        EffectKind.TAG,
        EffectKind.STAGE,
        EffectKind.REJECTION,
        EffectKind.APPLICATION,
    ),
    start=lambda: kombo.running(records=RECORDS, rate_limit=None),
    people=tuple(_person(number) for number in range(2, RECORDS) if _is_fit(number)),
    routes={
        "note": ("POST *note*", "GET /v1/ats/notes"),
        "file": ("POST /v1/ats/*/attachments", "GET /v1/ats/*/attachments"),
        "field": ("* PATCH /*", "* GET /*/{id}"),
        "tag": ("POST /v1/ats/candidates/*/tags", "GET /v1/ats/candidates"),
        "stage": ("PUT /v1/ats/applications/*/stage", "GET /v1/ats/applications"),
        "rejection": ("POST /v1/ats/applications/*/reject", "GET /v1/ats/applications"),
        "application": ("POST /v1/ats/jobs/*/applications", "GET /v1/ats/candidates"),
    },
    without=frozenset({"401"}),
    weak=frozenset(
        {
            (EffectKind.NOTE, RecordType.APPLICATION),
            (EffectKind.NOTE, RecordType.CANDIDATE),
            (EffectKind.TAG, RecordType.CANDIDATE),
            (EffectKind.STAGE, RecordType.APPLICATION),
            (EffectKind.REJECTION, RecordType.APPLICATION),
            (EffectKind.APPLICATION, RecordType.CANDIDATE),
        }
    ),
    stage=_IDS.of("stage", _FURTHER),
    reason=_IDS.of("reason", 1),
    score_field=str(FIRST_FIELD["application"] + _NUMBER),
    summary_field=str(FIRST_FIELD["candidate"] + _TEXT),
    number_field=str(FIRST_FIELD["candidate"] + _NUMBER),
    rendered=_rendered,
    bare=_bare,
    forget=_forget,
    tag="Screened",
    settings={"tag": "Screened"},
)
