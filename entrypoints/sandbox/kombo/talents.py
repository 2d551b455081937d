"""Avionté's talents: the whole person, down to what nobody should keep; and what is noted on them."""

from typing import Any

from entrypoints.sandbox.fields import INTEGER, TEXT, Field, matching
from entrypoints.sandbox.kombo import notes, records
from entrypoints.sandbox.kombo.catalogue import ACTIVITY_TYPES
from entrypoints.sandbox.kombo.custom_details import details, talent
from entrypoints.sandbox.kombo.inner import Call, InnerRefusal, Said, body_of
from entrypoints.sandbox.kombo.state import Candidate, Note

Row = dict[str, Any]

SENSITIVE = {
    "taxIdNumber": "canary-tax-id-900-55-0199",
    "birthday": "1901-02-03T00:00:00",
    "race": "canary-race-unstated",
    "disability": "canary-disability-unstated",
}
_MOMENT = matching("a date, or a date and time", r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,7})?Z?)?")
_EMPTY = (
    "pageNumber",
    "emailAddress2",
    "gender",
    "hireDate",
    "mailingAddress",
    "payrollAddress",
    "filingStatus",
    "federalAllowances",
    "stateAllowances",
    "additionalFederalWithholding",
    "i9ValidatedDate",
    "latestActivityDate",
    "latestActivityName",
    "placementStatus",
    "w2Consent",
    "electronic1095CConsent",
    "referredBy",
    "latestWork",
    "lastContacted",
    "flag",
    "originRecordId",
    "electronic1099Consent",
    "rehireDate",
    "terminationDate",
    "employmentTypeId",
    "employmentType",
    "employmentTypeName",
)


def get_talent(call: Call) -> Said:
    found = talent(call)
    with_resume = call.query.get("includeResume", "False").casefold() == "true"
    return Said(data=_talent(found) | {"talentResume": "A resume as text." if with_resume else None})


def get_candidate(call: Call) -> Said:
    found = talent(call)
    return Said(data=_talent(found) | {"customDetails": details(call.office, "candidate", found.number)})


def _talent(found: Candidate) -> Row:
    phones = [number for number, _ in found.phones]
    number = records.CANDIDATE + found.number
    return {
        **dict.fromkeys(_EMPTY),
        **SENSITIVE,
        "id": number,
        "firstName": found.first,
        "middleName": None,
        "lastName": found.last,
        "homePhone": phones[1] if len(phones) > 1 else None,
        "workPhone": None,
        "mobilePhone": phones[0] if phones else None,
        "emailAddress": found.emails[0][0] if found.emails else None,
        "residentAddress": _address(),
        "addresses": [_address()],
        "status": "Active",
        "statusId": 12,
        "frontOfficeId": 6,
        "link": f"https://example.myavionte.com/app/#/applicant/{number}",
        "veteranStatus": None,
        "emailOptOut": False,
        "isArchived": False,
        "representativeUser": 4_200_017,
        "representativeUserEmail": "user@staffing.example.test",
        "availabilityDate": "2026-11-30T00:00:00",
        "officeName": "Springfield",
        "officeDivision": None,
        "enteredByUserId": 4_200_017,
        "enteredByUser": "user@staffing.example.test",
        "createdDate": "2024-05-14T14:54:43.4290887Z",
        "lastUpdatedDate": "2026-11-01T08:15:00",
        "origin": "WebSite",
        "textConsent": "OptIn",
    }


def _address() -> Row:
    return {
        "street1": "100 Example Street",
        "street2": None,
        "city": "Springfield",
        "state_Province": "IL",
        "postalCode": "62701",
        "country": "US",
        "county": None,
        "geoCode": None,
        "schoolDistrictCode": None,
    }


def activity_types(_call: Call) -> Said:
    return Said(data=[dict(kind) for kind in ACTIVITY_TYPES])


def add_activity(call: Call) -> Said:
    """Gives an id back; no call lists what was written."""
    found = talent(call)
    given = body_of(
        call,
        Field("typeId", INTEGER, required=True),
        Field("talentId", INTEGER),
        Field("notes", TEXT),
        Field("name", TEXT),
        Field("show_in", INTEGER),
        Field("activityDate", _MOMENT),
        Field("userId", INTEGER),
    )
    kind = next((one for one in ACTIVITY_TYPES if one["typeId"] == given["typeId"] and one["show_in"] != -2), None)
    if kind is None:
        raise InnerRefusal(400, "There is no such activity type.")
    if given.get("talentId", records.CANDIDATE + found.number) != records.CANDIDATE + found.number:
        raise InnerRefusal(400, "talentId must be the one of the path.")
    note = _noted(call, found, given.get("notes", ""))
    body = {
        "activityDate": call.ask.now.strftime("%Y-%m-%dT%H:%M:%S.4290887Z"),
        "talentId": records.CANDIDATE + found.number,
        "id": note.remote_id,
        "notes": note.content,
        "userId": given.get("userId", 4_200_017),
        **kind,
    }
    return Said(data=body, wrote=(notes.written(call.office, note),))


def add_note(call: Call) -> Said:
    found = talent(call)
    given = body_of(call, Field("note", TEXT, required=True), Field("noteType", TEXT), Field("activityDate", _MOMENT))
    if not given["note"]:
        raise InnerRefusal(400, "note must not be empty.")
    note = _noted(call, found, given["note"])
    return Said(status=201, data={"id": note.remote_id}, wrote=(notes.written(call.office, note),))


def _noted(call: Call, found: Candidate, text: str) -> Note:
    return notes.keep(call.state, call.ask, call.office, found.number, None, text)
