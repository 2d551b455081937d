"""Lists that belong to the customer: statuses, reasons, field definitions, types of attachments, tags, sources."""

from typing import Any

Row = dict[str, Any]

POSITION_STATUSES = {1: "Draft", 2: "On Hold", 3: "Open", 4: "Filled", 5: "Closed"}
POSITION_TYPES = {1: "Contract", 2: "Direct Hire", 3: "Temp to Perm"}
CONTACT_STATUSES = {1: "Active", 2: "Inactive"}
COMMUNICATION_CATEGORIES = {1: "Personal", 2: "Mobile", 3: "Work"}
AD_SOURCES = {227: "Indeed", 228: "Phone Screen", 229: "Referral"}
TAGS = {65880: "Phone Screened", 65881: "Do Not Call"}
NOTE_ACTIONS = frozenset({100, 200, 496})
ATTACHMENT_TYPES = {
    1: ("Resumé", (6, 90)),
    1000: ("Other", (1, 4, 5, 6, 7, 17, 90)),
    1010: ("Candidate Bio", (6,)),
    1075: ("Scorecard", (4,)),
}
# The vendor's numbers of what things hang on; that a submission counts as a match is assumed.
ABOUT_NUMBERS = {"company": 1, "job": 4, "application": 5, "candidate": 6, "contact": 6}


def _status(number: int, name: str, order: int, *, rejected: bool = False, terminal: bool = False) -> Row:
    return {"ID": number, "Name": name, "SortOrder": order, "IsRejected": rejected, "IsTerminal": terminal}


APPLIED, PLACED, REJECTED = 90, 150, 190
SUBMISSION_STATUSES = {
    row["ID"]: row
    for row in (
        _status(APPLIED, "Applied", 10),
        _status(101, "Phone Screened", 20),
        _status(110, "Interview", 30),
        _status(120, "Submitted to Client", 40),
        _status(PLACED, "Placed", 80, terminal=True),
        _status(REJECTED, "Rejected", 90, rejected=True, terminal=True),
    )
}
REASONS = {
    14: {"ID": 14, "Name": "Not qualified", "IsActive": True},
    15: {"ID": 15, "Name": "Position filled", "IsActive": True},
    16: {"ID": 16, "Name": "Old reason", "IsActive": False},
}


def _field(about: str, number: int, name: str, kind: str, *, values: list[str] | None = None) -> Row:
    return {
        "ID": number,
        "Name": name,
        "AppliesTo": about,
        "FieldType": kind,
        "PossibleValues": values,
        "RemoteListUrl": None,
        "DefaultValue": values[0] if values else None,
        "IsRequired": False,
    }


def _fields(about: str, first: int, yes_no: str, choice: str, choices: list[str]) -> dict[int, Row]:
    """Each kind of record has one field of each type, numbered alike."""
    rows = (
        _field(about, first, yes_no, "Boolean"),
        _field(about, first + 1, choice, "List", values=choices),
        _field(about, first + 2, "Screening score", "Integer"),
        _field(about, first + 3, "Desired rate", "Number"),
        _field(about, first + 4, "Screening summary", "Text"),
    )
    return {row["ID"]: row for row in rows}


CUSTOM_FIELDS = {
    "candidate": _fields("Candidate", 41, "Self Identified?", "Shift", ["Day", "Night"]),
    "job": _fields("Position", 51, "Screening on?", "Language", ["English", "Français"]),
    "application": _fields("Submission", 61, "Reached?", "Verdict", ["Passed", "Failed", "Review"]),
    "contact": {},
    "company": {},
}
