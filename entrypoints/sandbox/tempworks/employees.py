"""Employees, which are the candidates: padded texts, nulls, dates of year 1, and nowhere a date of last change."""

from typing import Any

from entrypoints.sandbox.fields import BOOLEAN, INTEGER, NULLABLE_TEXT, TEXT, Field
from entrypoints.sandbox.tempworks import records
from entrypoints.sandbox.tempworks.catalogue import (
    BRANCHES,
    EMPLOYEE_STATUSES,
    MESSAGE_ACTIONS,
    REPRESENTATIVE,
    REPRESENTATIVE_NAME,
)
from entrypoints.sandbox.tempworks.lists import MAYBE, PAGED, paged
from entrypoints.sandbox.tempworks.manners import wrong
from entrypoints.sandbox.tempworks.state import Employee, Row, State
from entrypoints.sandbox.wire import Ask, Reply, Write

EMPLOYEE = 43_760
GOVERNMENT_ID, BIRTH_PLACE, GENDER = "987-65-4329", "Canary-Birthplace-5f1c", "Canary-Gender-77aa"
NEVER = "0001-01-01T00:00:00"
SEARCH = (
    *PAGED,
    Field("isActive", MAYBE),
    Field("branchId", INTEGER),
    Field("orderBy", TEXT),
    Field("orderByAscending", BOOLEAN),
)
EMPLOYEE_FIELDS = (
    Field("firstName", TEXT, required=True),
    Field("lastName", TEXT, required=True),
    Field("governmentPersonalId", NULLABLE_TEXT),
    Field("bypassAddressValidationService", BOOLEAN),
    Field("street1", NULLABLE_TEXT),
    Field("street2", NULLABLE_TEXT),
    Field("municipality", NULLABLE_TEXT),
    Field("region", NULLABLE_TEXT),
    Field("branchId", INTEGER),
    Field("postalCode", NULLABLE_TEXT),
    Field("primaryEmailAddress", NULLABLE_TEXT),
    Field("primaryPhoneNumber", NULLABLE_TEXT),
    Field("primaryPhoneNumberCountryCallingCode", INTEGER),
    Field("cellPhoneNumber", NULLABLE_TEXT),
    Field("cellPhoneNumberCountryCallingCode", INTEGER),
    Field("countryCode", INTEGER),
    Field("howHeardOfId", INTEGER),
)
_SORTS = {
    "employeeid": lambda one: one.number,
    "firstname": lambda one: (one.first, one.number),
    "lastname": lambda one: (one.last, one.number),
}


def search(state: State, ask: Ask) -> Reply:
    active, branch = ask.query.get("isActive"), ask.query.get("branchId")
    found = [
        one for one in state.employees.values() if active in (None, one.is_active) and branch in (None, one.branch)
    ]
    key = ask.query.get("orderBy", "employeeId").casefold()
    if key not in _SORTS:
        raise wrong("orderBy", "There is no such column.")
    if key != "employeeid" or not ask.query.get("orderByAscending", True):
        found.sort(key=_SORTS[key], reverse=not ask.query.get("orderByAscending", True))
    return paged(state, ask, found, lambda one: _row(state, one))


def _row(state: State, one: Employee) -> Row:
    last = state.messages.get(one.number, ())
    return {
        "employeeId": one.number,
        "firstName": one.first,
        "lastName": one.last,
        "branch": BRANCHES[one.branch],
        "phoneNumber": one.phone,
        "isActive": one.is_active,
        "isAssigned": is_assigned(state, one),
        "lastMessage": MESSAGE_ACTIONS[last[-1].action]["action"] if last else None,
        "postalCode": _postal_code(one),
        "hasResumeOnFile": one.resume is not None,
        "cellPhoneNumber": one.cell,
        "emailAddress": one.email,
        "governmentPersonalId": GOVERNMENT_ID,
        "municipality": BRANCHES[one.branch],
        "serviceRep": REPRESENTATIVE_NAME,
    }


def is_assigned(state: State, one: Employee) -> bool:
    return any(assignment.end is None for assignment in state.assignments_of.get(one.number, ()))


def _postal_code(one: Employee) -> str | None:
    return None if one.number % 4 == 3 else "27701     "


def get(state: State, ask: Ask) -> Reply:
    return Reply(body=detail(state, records.employee(state, ask.params["id"])))


def detail(state: State, one: Employee) -> Row:
    return {
        "employeeId": one.number,
        "employeeGuid": f"00000000-0000-4000-8000-{one.number:012d}",
        "branchId": one.branch,
        "branch": BRANCHES[one.branch],
        "hierTypeId": 1,
        "hierType": "Staffing",
        "firstName": one.first,
        "middleName": one.middle,
        "lastName": one.last,
        "alias": None,
        "namePrefix": None,
        "nameSuffix": None,
        "governmentPersonalId": GOVERNMENT_ID,
        "isActive": one.is_active,
        "activationDate": state.minute(one.activated),
        "deactivationDate": state.minute(one.deactivated),
        "resumeDocumentId": one.resume,
        "resumeFileName": state.documents[one.resume].filename if one.resume else None,
        "isAssigned": is_assigned(state, one),
        "isI9OnFile": False,
        "i9ExpirationDate": None,
        "jobTitle": one.title,
        "note": None,
        "numericRating": 0,
        **_represented(),
        **_reached(one),
        "employeeStatusId": _status(one),
        "employeeStatus": EMPLOYEE_STATUSES[_status(one)],
        "governmentPersonalIdIsScrubbed": False,
        "birthday": "01/31" if one.number % 2 else None,
        "address": _address(one),
    }


def _status(one: Employee) -> str:
    return "A" if one.is_active else "I"


def _represented() -> Row:
    return {
        "serviceRepId": REPRESENTATIVE,
        "serviceRep": REPRESENTATIVE_NAME,
        "serviceRepChatName": None,
        "serviceRepEmail": None,
        "createdByServiceRepId": REPRESENTATIVE,
        "createdByServiceRep": REPRESENTATIVE_NAME,
        "companyId": None,
        "company": None,
        "companyIsVendor": None,
        "alternateEmployeeId": None,
        "employerId": 1,
        "employer": "Acme Staffing",
        "driverLicenseNumber": None,
        "driverLicenseState": None,
        "driverLicenseClass": None,
        "driverLicenseExpire": NEVER,
    }


def _reached(one: Employee) -> Row:
    phone, email = one.phone is not None, one.email is not None
    return {
        "primaryPhoneNumberContactMethodId": one.number * 10 if phone else None,
        "primaryPhoneNumber": one.phone,
        "primaryPhoneNumberContactMethodTypeId": 5 if phone else None,
        "primaryPhoneNumberContactMethodType": "Phone" if phone else None,
        "primaryPhoneNumberCountryCallingCode": one.calling_code,
        "primaryEmailAddressContactMethodId": one.number * 10 + 1 if email else None,
        "primaryEmailAddress": one.email,
        "primaryEmailAddressContactMethodTypeId": 8 if email else None,
        "primaryEmailAddressContactMethodType": "Email" if email else None,
    }


def _address(one: Employee) -> Row | None:
    if one.number % 7 == 6:
        return None
    return {
        "attentionTo": None,
        "street1": one.street,
        "street2": None,
        "municipality": f"{BRANCHES[one.branch]}   ",
        "region": "NC   ",
        "postalCode": _postal_code(one),
        "country": "United States of America",
        "countryCode": 840,
        "location": None,
        "dateAddressStandardized": None,
    }


def status(state: State, ask: Ask) -> Reply:
    one = records.employee(state, ask.params["id"])
    unset = (
        "employmentCategoryId",
        "employmentCategory",
        "orientationGivenDate",
        "anniversaryDate",
        "interviewDate",
        "interviewedBySrIdent",
        "interviewedBy",
        "wotcEligibilityStatusId",
        "wotcEligibilityStatus",
    )
    row = {
        "washedStatusId": 1,
        "washedStatus": "Familiar",
        "isWashed": False,
        "employeeStatusId": _status(one),
        "employeeStatus": EMPLOYEE_STATUSES[_status(one)],
        "orderTypeId": 5,
        "orderType": "Temp",
        "isFaceVerificationOnboardingRequired": False,
    }
    return Reply(body=row | dict.fromkeys(unset))


def eeo(state: State, ask: Ask) -> Reply:
    """Nobody who screens people may have this."""
    one = records.employee(state, ask.params["id"])
    row = {
        "employeeId": one.number,
        "birthPlace": BIRTH_PLACE,
        "dateEntered": state.minute(one.activated),
        "dateOfBirth": "1901-02-03T00:00:00",
        "gender": GENDER,
        "genderId": 2,
        "i9DateVerified": None,
        "isCitizen": True,
        "isDisabled": True,
        "isEVerified": False,
        "nationality": None,
        "nationalityId": None,
        "veteranStatus": None,
        "veteranStatusId": None,
    }
    return Reply(body=row)


def create(state: State, ask: Ask) -> Reply:
    body, now = ask.body, ask.now
    if not body["firstName"].strip() or not body["lastName"].strip():
        raise wrong("firstName", "Both names are required.")
    if body.get("branchId", 7) not in BRANCHES:
        raise wrong("branchId", "There is no such branch.")
    one = Employee(
        number=records.next_id(state.employees, EMPLOYEE),
        first=body["firstName"],
        last=body["lastName"],
        middle=None,
        title=None,
        email=body.get("primaryEmailAddress"),
        phone=body.get("primaryPhoneNumber"),
        cell=body.get("cellPhoneNumber"),
        calling_code=body.get("primaryPhoneNumberCountryCallingCode", 1),
        street=body.get("street1") or "",
        branch=body.get("branchId", 7),
        activated=now,
        status_changed=now,
        modified=now,
    )
    state.employees[one.number] = one
    state.announce("employee.created", detail(state, one), now)
    record = str(one.number)
    content = f"{one.first} {one.last}".encode()
    wrote = Write(kind="candidate", target=("candidate", record), id=record, content=content)
    return Reply(status=201, body={"employeeId": one.number}, wrote=wrote)


def universal_rows(one: Employee, state: State, **more: Any) -> Row:
    """As the search across everything shows somebody: the id is a text here."""
    last = state.messages.get(one.number, ())
    return {
        "employeeId": str(one.number),
        "lastName": one.last,
        "firstName": one.first,
        "branchName": BRANCHES[one.branch],
        "phoneNumber": f"+{one.calling_code}{one.phone}" if one.phone else None,
        **more,
        "isAssigned": is_assigned(state, one),
        "isActive": one.is_active,
        "lastMsg": MESSAGE_ACTIONS[last[-1].action]["action"] if last else None,
        "lastDate": state.minute(last[-1].at) if last else None,
        "postalCode": None,
        "eCurrentAssignment": None,
    }
