"""What belongs to the customer: stages, reasons for rejection, tags, Avionté's field definitions and activity types."""

from datetime import UTC, datetime
from typing import Any

import attrs

Row = dict[str, Any]

WEB_APPLICATION, PIPELINE, NOMINATION = 0, 1, 2
_SINCE = datetime(2026, 5, 4, 9, 30, 0, 250_000, tzinfo=UTC)


@attrs.frozen(kw_only=True)
class Named:
    """A record that has little more than a name."""

    number: int
    remote_id: str
    name: str
    changed: datetime = _SINCE
    deleted: datetime | None = None
    barred: bool = False


# The remote ids of the first two are the page's; the last ones are free text, as customers have them.
AVIONTE_STAGES = (
    Named(number=WEB_APPLICATION, remote_id="WEB_APPLICATION", name="Web Application", barred=True),
    Named(number=PIPELINE, remote_id="PIPELINE", name="Pipeline", barred=True),
    Named(number=NOMINATION, remote_id="NOMINATION", name="Nomination"),
    Named(number=3, remote_id="Pre-screen Interview Completed", name="Pre-screen Interview Completed"),
    Named(number=4, remote_id="AI Interview Completed", name="AI Interview Completed"),
    Named(number=5, remote_id="No Show", name="No Show"),
)
PLAIN_STAGES = (
    Named(number=0, remote_id="4001", name="Application Review"),
    Named(number=1, remote_id="4002", name="Phone Screen"),
    Named(number=2, remote_id="4003", name="Onsite Interview"),
    Named(number=3, remote_id="4004", name="Offer"),
)
REASONS = (
    Named(number=0, remote_id="6", name="Not a fit"),
    Named(number=1, remote_id="7", name="Position filled"),
    Named(number=2, remote_id="8", name="Withdrawn"),
    Named(number=3, remote_id="9", name="Old reason", deleted=datetime(2026, 8, 1, tzinfo=UTC)),
)
TAGS = (
    Named(number=0, remote_id="forklift", name="Forklift"),
    Named(number=1, remote_id="bilingual", name="Bilingual"),
)
ACTIVITY_TYPES = (
    {"typeId": -95, "name": "Daily SMS Summary", "show_in": 1},
    {"typeId": -88, "name": "Application Received Email", "show_in": 1},
    {"typeId": 31, "name": "Phone screen", "show_in": 1},
    {"typeId": 44, "name": "Old screening", "show_in": -2},
)


def _definitions(first: int) -> list[Row]:
    """Each kind of record has one field of each type, numbered alike, one of a type never heard of, and an old one."""
    rows: list[tuple[str, str, list[str] | None]] = [
        ("Shift preference", "Dropdown", ["Day", "Night"]),
        ("Pay expectation", "Number", None),
        ("Screening summary", "Text", None),
        ("Available from", "Date", None),
        ("Has a permit", "Boolean", None),
        ("Least pay", "Currency", None),
        ("Remarks", "LongText", None),
        ("Languages", "MultiSelect", ["English", "French", "Spanish"]),
        ("Recruiter's rating", "Hologram", None),
        ("Fax", "Text", None),
    ]
    return [
        {
            "id": first + at,
            "name": name,
            "type": kind,
            "isRequired": False,
            "isArchived": name == "Fax",
            "options": options,
        }
        for at, (name, kind, options) in enumerate(rows)
    ]


FIRST_FIELD = {"job": 501, "candidate": 601, "application": 701}


def definitions() -> dict[str, list[Row]]:
    """By kind of record; a copy that may be changed."""
    return {kind: _definitions(first) for kind, first in FIRST_FIELD.items()}


def values() -> dict[tuple[str, int], dict[int, Any]]:
    """The first job, candidate and application have values; one of the second job's is no option any more."""
    filled: dict[tuple[str, int], dict[int, Any]] = {
        (kind, 0): {first: "Night", first + 1: 21.5} for kind, first in FIRST_FIELD.items()
    }
    first = FIRST_FIELD["job"]
    return filled | {("job", 1): {first: "Weekend", first + 7: ["English"], first + 8: "***"}}
