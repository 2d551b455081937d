"""Puts the sandbox's people, jobs and applications into Kombo's words, each when somebody looks at it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from entrypoints.sandbox import people
from entrypoints.sandbox.kombo import catalogue
from entrypoints.sandbox.kombo.catalogue import NOMINATION, PIPELINE, WEB_APPLICATION, Named
from entrypoints.sandbox.kombo.state import Application, Candidate, File, Integration, Job, Note, State
from entrypoints.sandbox.kombo.store import Store
from entrypoints.sandbox.limits import Counted, RateLimit

AVIONTE, PLAIN = ("avionte", "HWUTwvyx2wLoSUHphiWVrp28"), ("greenhouse", "8fCfUVxDGMfYkbBBxUhaUTkn")
REJECTED, HIRED = 2, 10
"""Numbers of applications: the one that was declined, and the first of those whose person was hired."""
_BEGAN = (WEB_APPLICATION, PIPELINE, NOMINATION)


def filled(count: int, credentials: dict[str, str], limit: RateLimit | None) -> State:
    offices = [
        _integration(*AVIONTE, count, catalogue.AVIONTE_STAGES),
        _integration(*PLAIN, count, catalogue.PLAIN_STAGES),
    ]
    return State(
        credentials=credentials,
        integrations={office.id: office for office in offices},
        multi_query=Counted(limit),
    )


def _integration(tool: str, code: str, count: int, stages: tuple[Named, ...]) -> Integration:
    def store(make: Callable[[int, int], Any], begun_with: int = count) -> Store[Any]:
        return Store(begun_with=begun_with, make=partial(_made, make, count))

    return Integration(
        tool=tool,
        code=code,
        stages=stages,
        jobs=store(job),
        candidates=store(candidate),
        applications=store(application),
        notes=store(note, min(1, count)),
        tags=Store(begun_with=len(catalogue.TAGS), make=catalogue.TAGS.__getitem__),
        files_of=partial(files, count),
    )


def _made(make: Callable[[int, int], Any], count: int, number: int) -> Any:
    return make(number, count)


def job(number: int, count: int) -> Job:
    known = people.job(number, count)
    closed = "CLOSED" if number % 7 == 5 else "DRAFT"
    return Job(
        number=number,
        title=known.title,
        description=known.description,
        status="OPEN" if known.open else closed,
        changed=known.changed,
        nested=known.changed,
    )


def candidate(number: int, count: int) -> Candidate:
    person = people.person(number, count)
    return Candidate(
        number=number,
        first=person.first,
        last=f"{person.middle} {person.last}" if person.middle else person.last,
        title=person.title,
        emails=tuple((one.value, "PRIMARY" if one.primary else None) for one in person.emails),
        phones=tuple((one.value, "MOBILE" if one.primary else "HOME") for one in person.phones),
        tags=(0,) if number % 10 == 0 else (),
        location=_location() if number % 4 else None,
        created=person.changed - timedelta(days=2),
        changed=person.changed,
        nested=person.changed,
    )


def _location() -> dict[str, Any]:
    usual = dict.fromkeys(("city", "country", "raw", "state", "street_1", "street_2", "zip_code"))
    return usual | {"city": "Springfield", "country": "US", "state": "IL"}


def application(number: int, count: int) -> Application:
    known = people.application(number, count)
    outcome = "DECLINED" if number == REJECTED else "HIRED" if number % 11 == HIRED else "PENDING"
    return Application(
        number=number,
        candidate=known.person,
        job=known.job,
        stage=_BEGAN[number % 3],
        began=_BEGAN[number % 3],
        outcome=outcome,
        reason=0 if outcome == "DECLINED" else None,
        rejected=known.changed if outcome == "DECLINED" else None,
        created=known.changed - timedelta(hours=1),
        changed=known.changed,
    )


def note(number: int, count: int) -> Note:
    changed = people.moment(number, count)
    return Note(
        number=number,
        remote_id=990_001_234 + number,
        candidate=number,
        application=number,
        content="<p>Call back</p>",
        changed=changed,
    )


def files(count: int, person: int) -> list[File]:
    """Every third person has a resume; the first one's is there in two versions, beside a file that is no resume."""
    if person % 3 or not 0 <= person < count:
        return []
    versions = 2 if person == 0 else 1
    resumes = [_resume(person, count, version) for version in range(1, versions + 1)]
    return [*resumes, _reference(person)] if person == 0 else resumes


def _resume(person: int, count: int, version: int) -> File:
    known = people.person(person, count)
    return File(
        number=person * 10 + version,
        candidate=person,
        application=None,
        name=f"{known.first} {known.last} CV.pdf",
        kind="CV",
        media="application/pdf",
        content=people.pdf(f"{known.first} {known.last}, version {version}"),
        created=known.changed + timedelta(days=version),
    )


def _reference(person: int) -> File:
    return File(
        number=person * 10,
        candidate=person,
        application=None,
        name="reference.txt",
        kind="OTHER",
        media="text/plain",
        content=b"A reference, not a resume.",
        created=None,
    )
