"""Puts the sandbox's people, jobs and applications into eRecruit's own words."""

from datetime import datetime, timedelta

from entrypoints.sandbox import people
from entrypoints.sandbox.erecruit.attachments import keep
from entrypoints.sandbox.erecruit.candidates import EMAIL, PHONE
from entrypoints.sandbox.erecruit.catalogue import (
    AD_SOURCES,
    PLACED,
    POSITION_STATUSES,
    POSITION_TYPES,
    REJECTED,
    SUBMISSION_STATUSES,
)
from entrypoints.sandbox.erecruit.positions import OWNERS
from entrypoints.sandbox.erecruit.state import About, Row, State, local
from entrypoints.sandbox.erecruit.submissions import submission

CANDIDATE, CLIENT, POSITION, SUBMISSION, COMPANY = 5_145_605, 55_120, 90_210, 700_123, 4_410
_RESUME, _OTHER = 1, 1000
_CLIENTS = (("Marie-Ève", "Gagnon"), ("Raj", "Patel"), ("Sinéad", "O'Connor"))
_COMPANIES = ("Acme Ltd", "Boulangerie Léa inc.", "Smith & Sons")
# Half past two on the night when clocks went from two to three: a time that never was.
_GAP = "2026-03-08T02:30:00"


def filled(records: int, zone: str, credentials: dict[str, str]) -> State:
    state = State(zone=zone, credentials=credentials)
    for at, name in enumerate(_COMPANIES):
        number = COMPANY + at
        state.companies[number] = {"ID": number, "Name": name, "HomePage": f"https://company{at}.example.test"}
    for at, (first, last) in enumerate(_CLIENTS):
        state.contacts.put(_client(at, first, last))
    for job in people.jobs(records):
        state.positions.put(_position(job, zone))
    for person in people.people(records):
        _add_person(state, person)
    for application in people.applications(records):
        state.submissions.put(_submission(application, zone))
    _add_values(state)
    return state


def _text(moment: datetime, zone: str) -> str:
    """Some columns are finer than a microsecond: their texts have a seventh digit."""
    text = local(moment, zone)
    return f"{text}4" if len(text.partition(".")[2]) == 6 else text


def _client(at: int, first: str, last: str) -> Row:
    return {
        "ID": CLIENT + at,
        "AboutType": "Contact",
        "First": first,
        "Middle": None,
        "Last": last,
        "Title": "HR Manager",
        "CompanyID": COMPANY + at,
        "StatusID": 1,
        "DefaultAddressID": None,
        "RoleID": 2,
        "TypeID": 1,
        "CreatedOn": "2025-02-03T10:00:00",
        "ModifiedOn": f"2026-06-15T09:3{at}:00.5",
        "_links": [],
    }


def _position(job: people.Job, zone: str) -> Row:
    number = job.number
    status = 3 if job.open else 5 if number % 7 == 5 else 2
    company, owner = number % len(_COMPANIES), list(OWNERS)[number % 2]
    posted = _GAP if number == 2 else _text(job.changed - timedelta(days=3), zone)
    return {
        "ID": POSITION + number,
        "Title": job.title,
        "PositionType": POSITION_TYPES[number % 3 + 1],
        "StatusID": status,
        "Status": POSITION_STATUSES[status],
        "FolderGroup": _folder_group(),
        "CompanyID": COMPANY + company,
        "CompanyName": _COMPANIES[company],
        "ContactID": CLIENT + company,
        "Department": {"ID": 7, "Name": "Toronto", "ParentID": 1},
        "DatePosted": posted,
        "DateLastOpened": posted,
        "CreatedOn": _text(job.changed - timedelta(days=4), zone),
        "ModifiedOn": _text(job.changed, zone),
        "HourlyMin": 24.0 if number % 2 else None,
        "HourlyMax": 28.5 if number % 2 else None,
        "AnnualMin": None if number % 2 else 52_000.0,
        "AnnualMax": None if number % 2 else 61_000.0,
        "YearsExperience": "2-4",
        "RecruiterName": " ".join(OWNERS[owner]),
        "WebPositionTitle": job.title,
        "WebDescription": job.description,
        "PrimaryOwnerID": owner,
        "PrimaryAddress": _address(number),
        "_links": [],
    }


def _folder_group() -> Row:
    return {
        "ID": 12,
        "Name": "ON-Finance",
        "CategoryID": 2,
        "CategoryName": "Finance",
        "SubCategoryID": 21,
        "SubCategoryName": "Payroll",
    }


def _address(number: int) -> Row:
    return {
        "AddressLine1": f"{number + 1} King St W",
        "AddressLine2": None,
        "City": "Toronto" if number % 4 else "Montréal",
        "Region": "GTA" if number % 4 else None,
        "State": "Ontario" if number % 4 else "Québec",
        "PostalCode": "M5H 1A1",
        "Latitude": 43.64,
        "Longitude": -79.37,
    }


def _add_person(state: State, person: people.Person) -> None:
    about = About(kind="candidate", number=CANDIDATE + person.number)
    state.contacts.put(_candidate(person, state.zone))
    first = person.number * 10
    state.communications[about] = [
        _communication(first + at, kind, one)
        for at, (kind, one) in enumerate(
            [*((EMAIL, email) for email in person.emails), *((PHONE, phone) for phone in person.phones)], start=1
        )
    ]
    if person.number % 3 == 0:
        _add_resumes(state, about, person)


def _candidate(person: people.Person, zone: str) -> Row:
    number = person.number
    return {
        "ID": CANDIDATE + number,
        "AboutType": "Candidate",
        "First": person.first,
        "Middle": person.middle,
        "Last": person.last,
        "NickName": None,
        "Title": person.title,
        "CurrentEmployer": "Acme Ltd" if number % 4 == 1 else None,
        "IsLookingForContract": True,
        "IsLookingForContractToPerm": number % 2 == 0,
        "IsLookingForPerm": False,
        "StatusID": 1,
        "ContractorTypeID": None,
        "RatingID": None,
        "AdSource": AD_SOURCES[227],
        "DefaultAddressID": 88_012 + number,
        "UserID": None,
        "CreatedOn": _GAP if number == 2 else _text(person.changed - timedelta(days=2), zone),
        "ModifiedOn": _text(person.changed, zone),
        "_links": [],
    }


def _communication(number: int, kind: int, one: people.Contactable) -> Row:
    category = 1 if kind == EMAIL else 2
    return {"ID": number, "TypeID": kind, "CategoryID": category, "Value": one.value, "IsPrimary": one.primary}


def _add_resumes(state: State, about: About, person: people.Person) -> None:
    """The first person's is there in two versions, and beside it stands a file that is no resume."""
    added, name = _text(person.changed, state.zone), f"{person.first} {person.last} CV.pdf"
    versions = 2 if person.number == 0 else 1
    for version in range(1, versions + 1):
        keep(state, about, name, _RESUME, people.pdf(f"{person.first} {person.last}, version {version}"), added)
    if person.number == 0:
        keep(state, about, "reference.txt", _OTHER, b"A reference, not a resume.", added)


def _submission(application: people.Application, zone: str) -> Row:
    number = application.number
    status = _status(number)
    row = submission(
        SUBMISSION + number,
        CANDIDATE + application.person,
        POSITION + application.job,
        _text(application.changed, zone),
    )
    more = {
        "StatusID": status,
        "Status": SUBMISSION_STATUSES[status]["Name"],
        "AdSource": AD_SOURCES[227 + number % 3],
        "DispositionReasonID": 14 if status == REJECTED else None,
        "CreatedOn": _text(application.changed - timedelta(hours=1), zone),
    }
    return row | more


def _status(number: int) -> int:
    if number == 2:
        return REJECTED
    if number % 11 == 10:
        return PLACED
    return 120 if number % 5 == 3 else 90


def _add_values(state: State) -> None:
    """The first of each kind has values in some of its fields, the others in none."""
    first = (
        ("candidate", CANDIDATE, 42, "Night"),
        ("job", POSITION, 52, "Français"),
        ("application", SUBMISSION, 63, "3"),
    )
    for kind, number, field, value in first:
        state.values[About(kind=kind, number=number)] = {field: value}
