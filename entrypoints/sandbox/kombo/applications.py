"""Applications as Kombo shows them, and new ones: always by the person's data, never by a candidate's id."""

from collections.abc import Mapping
from typing import Any

import attrs

from entrypoints.sandbox.fields import OBJECT, TEXT, Field, list_of, matching, object_of
from entrypoints.sandbox.kombo import attachments, candidates, jobs, records
from entrypoints.sandbox.kombo.auth import integration, permit
from entrypoints.sandbox.kombo.catalogue import Named
from entrypoints.sandbox.kombo.lists import IDS, MOMENT, PAGED, Listing, among, by_ids, paged
from entrypoints.sandbox.kombo.manners import answered, refused
from entrypoints.sandbox.kombo.state import Application, Candidate, Integration, Job, State, seen_from, stamp
from entrypoints.sandbox.kombo.store import truly
from entrypoints.sandbox.wire import Ask, Reply, Write

Row = dict[str, Any]

APPLICATION_QUERY = (
    *PAGED,
    Field("outcomes", among("PENDING", "HIRED", "DECLINED")),
    Field("job_ids", IDS),
    Field("job_remote_ids", IDS),
    Field("current_stage_ids", IDS),
    Field("remote_created_after", MOMENT),
)
_PLACE = object_of(
    Field("country", matching("two capital letters", "[A-Z]{2}"), required=True),
    Field("city", TEXT),
    Field("state", TEXT),
    Field("street_1", TEXT),
    Field("zip_code", TEXT),
)
_PERSON = object_of(
    Field("first_name", TEXT, required=True),
    Field("last_name", TEXT, required=True),
    Field("email_address", matching("an e-mail address", r"[^@\s]+@[^@\s]+\.[^@\s]+"), required=True),
    Field("phone_number", TEXT),
    Field("company", TEXT),
    Field("title", TEXT),
    Field("location", _PLACE),
)
CREATE_PERSON_FIELDS = (
    Field("candidate", _PERSON, required=True),
    Field("application", object_of(Field("job_id", TEXT, required=True), Field("stage_id", TEXT)), required=True),
    Field("attachments", list_of(attachments.FILE)),
    Field("remote_fields", OBJECT),
)
CREATE_FIELDS = (
    Field("candidate", _PERSON, required=True),
    Field("stage_id", TEXT),
    Field("attachments", list_of(attachments.FILE)),
    Field("remote_fields", OBJECT),
)


def list_applications(state: State, ask: Ask) -> Reply:
    office = integration(state, ask)

    def changed(application: Application) -> Any:
        candidate = office.candidates.seen(application.candidate, ask.now)
        return max(application.changed, candidate.changed) if candidate else application.changed

    listing = Listing[Application](
        model="application",
        store=office.applications,
        show=lambda application: shown(office, application, ask) | {"interviews": [], "offers": []},
        remote_id=records.application_remote_id,
        changed=changed,
        tests={
            "outcomes": lambda application, wanted: application.outcome in wanted,
            "job_ids": lambda application, ids: office.ids.of("job", application.job) in ids,
            "job_remote_ids": lambda application, ids: records.job_remote_id(application.job) in ids,
            "current_stage_ids": lambda application, ids: _stage_id(office, application) in ids,
            "remote_created_after": lambda application, after: application.created >= after,
        },
        numbers=by_ids(ask, office, "application"),
        touch=lambda application, now: attrs.evolve(application, changed=now),
    )
    return paged(state, ask, listing)


def _stage_id(office: Integration, application: Application) -> str:
    return office.ids.of("stage", office.shown_stage(application).number)


def shown(office: Integration, application: Application, ask: Ask) -> Row:
    candidate = office.candidates.seen(application.candidate, ask.now)
    job = office.jobs.seen(application.job, ask.now)
    stage = office.shown_stage(application)
    return {
        **_own(office, application),
        "candidate": candidate and candidates.brief(office, candidate),
        "current_stage": candidates.stage_brief(office, stage) | {"status": "ACTIVE", "custom_fields": {}},
        "job": job and jobs.brief(office, job),
    }


def _own(office: Integration, application: Application) -> Row:
    return {
        **candidates.application_own(office, application),
        "current_stage_id": _stage_id(office, application),
        "job_id": office.ids.of("job", application.job),
        "candidate_id": office.ids.of("candidate", application.candidate),
        "custom_fields": {},
        "integration_fields": [],
        "remote_deleted_at": stamp(application.deleted),
        "remote_data": None,
        "screening_question_answers": [],
    }


def create_application(state: State, ask: Ask) -> Reply:
    office = integration(state, ask)
    made, wrote = _create(state, ask, office, ask.params["job"], ask.body.get("stage_id"))
    return answered(shown_when_made(office, made), wrote)


def create_candidate(state: State, ask: Ask) -> Reply:
    """The older way to the same: it answers with the person."""
    office = integration(state, ask)
    given = ask.body["application"]
    made, wrote = _create(state, ask, office, given["job_id"], given.get("stage_id"))
    candidate = truly(office.candidates, made.candidate)
    return answered(candidates.shown(office, candidate, [made], ask), wrote)


def _create(
    state: State, ask: Ask, office: Integration, job_id: str, stage_id: str | None
) -> tuple[Application, Write]:
    permit(state, "application")
    job = records.job(office, job_id)
    if job.status != "OPEN":
        raise refused(400, "ATS.JOB_CLOSED", "The job is not open.")
    stage = records.stage(office, stage_id) if stage_id is not None else office.stages[0]
    files = [attachments.read(given) for given in ask.body.get("attachments", ())]
    candidate = _person(state, ask, office, job)
    made = _apply(state, ask, office, candidate, job, stage)
    for given in files:
        attachments.keep(office, candidate.number, None, given, ask.now)
    target = ("candidate", office.ids.of("candidate", candidate.number))
    wrote = Write(
        kind="application",
        target=target,
        id=office.ids.of("application", made.number),
        content=f"{target[1]} {office.ids.of('job', job.number)}".encode(),
        value=office.ids.of("job", job.number),
    )
    return made, wrote


def _person(state: State, ask: Ask, office: Integration, job: Job) -> Candidate:
    """The person who is known by that address, or a new one."""
    given = ask.body["candidate"]
    known = candidates.by_email(office, given["email_address"]) if state.switches.matches_email else None
    if known is not None:
        applied = [one for one in records.applications_of(office, known.number) if one.job == job.number]
        if not [one for one in applied if one.deleted is None]:
            return known
        if state.switches.refuses_existing:
            raise refused(400, "ATS.APPLICATION_ALREADY_EXISTS", "This person has applied for this job already.")
    return _new_person(state, ask, office, given)


def _new_person(state: State, ask: Ask, office: Integration, given: Mapping[str, Any]) -> Candidate:
    phone = given.get("phone_number")
    usual = dict.fromkeys(("city", "country", "raw", "state", "street_1", "street_2", "zip_code"))

    def make(number: int) -> Candidate:
        return Candidate(
            number=number,
            first=given["first_name"],
            last=given["last_name"],
            title=given.get("title"),
            emails=((given["email_address"], None),),
            phones=((phone, None),) if phone else (),
            location=usual | given["location"] if "location" in given else None,
            changed=ask.now,
            nested=ask.now,
        )

    return office.candidates.add(make, seen_from(state, ask.now, ask.seen_after))


def _apply(state: State, ask: Ask, office: Integration, candidate: Candidate, job: Job, stage: Named) -> Application:
    def make(number: int) -> Application:
        return Application(
            number=number,
            candidate=candidate.number,
            job=job.number,
            stage=stage.number,
            began=stage.number,
            created=ask.now,
            changed=ask.now,
        )

    return office.applications.add(make, seen_from(state, ask.now, ask.seen_after))


def shown_when_made(office: Integration, made: Application) -> Row:
    return {
        **_own(office, made),
        "current_stage": candidates.stage_brief(office, office.shown_stage(made)),
        "job": jobs.brief(office, truly(office.jobs, made.job)),
        "candidate": candidates.own(office, truly(office.candidates, made.candidate)),
    }
