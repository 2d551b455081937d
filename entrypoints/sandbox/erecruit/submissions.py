"""Applications: recruiters see submissions, the web site sees candidate applications, and both are one record."""

from entrypoints.sandbox.erecruit import records
from entrypoints.sandbox.erecruit.catalogue import AD_SOURCES, APPLIED, SUBMISSION_STATUSES
from entrypoints.sandbox.erecruit.lists import chosen, paged
from entrypoints.sandbox.erecruit.manners import missing, wrong
from entrypoints.sandbox.erecruit.state import Row, State
from entrypoints.sandbox.fields import INTEGER, TEXT, Field
from entrypoints.sandbox.wire import Ask, Reply, Write

APPLICATION_FIELDS = (
    Field("CandidateID", INTEGER, required=True),
    Field("PositionID", INTEGER, required=True),
    Field("ApplicationSourceID", INTEGER, required=True),
    Field("ApplicationNote", TEXT),
)


def list_submissions(state: State, ask: Ask) -> Reply:
    rows = chosen(ask, state.submissions.ordered(), PositionIDs="PositionID", StatusIDs="StatusID")
    return paged(state, ask, rows, lambda row: row)


def get_submission(state: State, ask: Ask) -> Reply:
    return Reply(body=records.submission(state, ask.params["id"]))


def get_application(state: State, ask: Ask) -> Reply:
    number = ask.params["id"]
    if number not in state.submissions.rows:
        raise missing("CandidateApplication", number)
    return Reply(body=_application(state.submissions.rows[number]))


def applications_of(state: State, ask: Ask) -> Reply:
    number = records.candidate(state, ask.params["id"])["ID"]
    rows = [row for row in state.submissions.rows.values() if row["CandidateID"] == number]
    return Reply(body=[_application(row) for row in sorted(rows, key=lambda row: int(row["ID"]))])


def create_application(state: State, ask: Ask) -> Reply:
    """A second application of the same person for the same job is not refused."""
    person = records.candidate(state, ask.body["CandidateID"])["ID"]
    job = records.position(state, ask.body["PositionID"])["ID"]
    source = ask.body["ApplicationSourceID"]
    if source not in AD_SOURCES:
        raise wrong("ApplicationSourceID", f"Unknown source {source}.")
    note, now = ask.body.get("ApplicationNote"), state.local(ask.now)
    row = submission(state.submissions.next_id(), person, job, now) | {"AdSource": AD_SOURCES[source], "Note": note}
    state.submissions.put(row)
    content = f"{person} {job} {source} {note or ''}".encode()
    wrote = Write(
        kind="application",
        target=("candidate", str(person)),
        id=str(row["ID"]),
        content=content,
        text=note,
        value=str(job),
    )
    return Reply(status=201, body=_application(row), wrote=wrote)


def submission(number: int, person: int, job: int, now: str) -> Row:
    return {
        "ID": number,
        "CandidateID": person,
        "PositionID": job,
        "StatusID": APPLIED,
        "Status": SUBMISSION_STATUSES[APPLIED]["Name"],
        "DispositionReasonID": None,
        "AdSource": None,
        "Note": None,
        "CreatedOn": now,
        "ModifiedOn": now,
        "_links": [],
    }


def _application(row: Row) -> Row:
    names = ("ID", "CandidateID", "PositionID", "Status", "AdSource", "CreatedOn", "Note")
    return {name: row[name] for name in names}


def ad_sources(_state: State, ask: Ask) -> Reply:
    records.about_kind(ask.params["about"])
    rows = [{"ID": number, "Name": name, "RequiresAdditionalInfo": False} for number, name in AD_SOURCES.items()]
    return Reply(body=rows)


def ad_source_of(state: State, ask: Ask) -> Reply:
    """Other key names than in the list."""
    records.asked_about(state, ask)
    return Reply(body={"AdSourceID": 227, "SourceName": AD_SOURCES[227], "RequiredAdditionalInfo": None})
