"""Job orders: one shape by id, another in the recruiters' list, a third on the public board."""

import re
from datetime import datetime
from html import unescape

import msgspec

from entrypoints.sandbox.fields import INTEGER, Field
from entrypoints.sandbox.tempworks import records
from entrypoints.sandbox.tempworks.catalogue import (
    ACTIVE_STATUSES,
    BRANCHES,
    CUSTOMERS,
    JOB_ORDER_STATUSES,
    REPRESENTATIVE,
    REPRESENTATIVE_NAME,
    SALES_TEAM,
)
from entrypoints.sandbox.tempworks.lists import MAYBE, PAGED, paged
from entrypoints.sandbox.tempworks.manners import wrong
from entrypoints.sandbox.tempworks.state import JobOrder, Row, State
from entrypoints.sandbox.wire import Ask, Reply, Write
from entrypoints.sandbox.zones import shipped

JOB_ORDER = 5_997
# Rates have four digits behind the point, which no float would write.
UNPAID, PAID = msgspec.Raw(b"0.0000"), msgspec.Raw(b"24.0000")
SEARCH = (*PAGED, Field("isActive", MAYBE), Field("branchId", INTEGER))
BOARD = (*PAGED, Field("sortBy", INTEGER), Field("countryCode", INTEGER))
STATUS_FIELDS = (Field("jobOrderStatusId", INTEGER, required=True),)
# The board's times are those of the vendor's servers, not of the customer.
_SERVER_ZONE = "America/Los_Angeles"


def search(state: State, ask: Ask) -> Reply:
    active, branch = ask.query.get("isActive"), ask.query.get("branchId")
    found = [
        one for one in state.job_orders.values() if active in (None, one.is_active) and branch in (None, one.branch)
    ]
    return paged(state, ask, found, lambda one: _row(state, one))


def filled(state: State, one: JobOrder) -> int:
    return sum(1 for candidate in state.candidates_of_job.get(one.number, ()) if candidate.status == 8)


def _row(state: State, one: JobOrder) -> Row:
    return {
        "orderId": one.number,
        "customerId": one.customer,
        "customerName": CUSTOMERS[one.customer],
        "departmentName": "Primary",
        "jobTitle": "Default",
        "orderType": "TE",
        "payRate": UNPAID,
        "billRate": UNPAID,
        "startDate": None,
        "orderStatus": JOB_ORDER_STATUSES[one.status],
        "positionsRequired": 1,
        "positionsFilled": filled(state, one),
        "workSiteId": one.customer * 10,
        "worksite": f"{CUSTOMERS[one.customer]} plant",
        "isActive": one.is_active,
        "branchId": one.branch,
        "branchName": BRANCHES[one.branch],
        "serviceRepId": REPRESENTATIVE,
        "serviceRep": REPRESENTATIVE_NAME,
    }


def board(state: State, ask: Ask) -> Reply:
    found = [one for one in state.job_orders.values() if one.is_active]
    return paged(state, ask, found, _posted)


def _posted(one: JobOrder) -> Row:
    return {
        "orderId": one.number,
        "municipality": BRANCHES[one.branch],
        "region": "NC",
        "postalCode": "27701     ",
        "dateOrderTaken": _server_time(one.taken),
        "jobTitle": one.title,
        "jobDescription": unescape(re.sub(r"<[^>]*>", "", one.description or "")),
        "category": "Light Industrial",
        "orderType": "Temp",
        "skills": [""],
        "distance": 0,
        "jobBoardUrl": f"https://jobboard.example.test/acme/jobs/details/{one.number}",
    }


def _server_time(moment: datetime) -> str:
    return moment.astimezone(shipped(_SERVER_ZONE)).replace(tzinfo=None, second=0, microsecond=0).isoformat()


def get(state: State, ask: Ask) -> Reply:
    return Reply(body=detail(state, records.job_order(state, ask.params["id"])))


def detail(state: State, one: JobOrder) -> Row:
    return {
        "localizedJobOrderDetails": [],
        "jobOrderId": one.number,
        "branchId": one.branch,
        "branch": BRANCHES[one.branch],
        "jobOrderTypeId": 5,
        "jobOrderType": "Temp",
        "jobTitleId": 1,
        "jobTitle": "Default",
        "jobDescription": None,
        "payRate": PAID if one.number % 2 else UNPAID,
        "billRate": UNPAID,
        "jobOrderStatusId": one.status,
        "jobOrderStatus": JOB_ORDER_STATUSES[one.status],
        "isActive": one.is_active,
        "positionsRequired": 1,
        "positionsFilled": filled(state, one),
        "customerId": one.customer,
        "customerName": CUSTOMERS[one.customer],
        "departmentName": "Primary",
        "jobOrderDurationId": 33,
        "jobOrderDuration": "Indef",
        "dateOrderTaken": state.minute(one.taken),
        "startDate": None,
        **_supervised(),
        **_public(one),
    }


def _supervised() -> Row:
    names = ("ContactId", "FirstName", "LastName", "OfficePhoneCountryCallingCode", "OfficePhone", "EmailAddress")
    return {
        **{f"supervisor{name}": None for name in names},
        "doNotAutoClose": False,
        "usesTimeClock": False,
        "usesPeopleNet": False,
        "notes": None,
        "alternateJobOrderId": None,
        "dressCode": None,
        "safetyNotes": None,
        "directions": None,
        "serviceRepId": REPRESENTATIVE,
        "serviceRep": REPRESENTATIVE_NAME,
        "salesTeamId": SALES_TEAM[0],
        "salesTeam": SALES_TEAM[1],
    }


def _public(one: JobOrder) -> Row:
    style = 'style="font-size:12pt"'
    return {
        "publicJobTitle": one.title,
        "publicJobDescription": one.description and one.description.replace("<p>", f"<p {style}>"),
        "publicPostingDate": one.taken.replace(microsecond=0).isoformat(),
        "doNotPostPublicly": False,
        "publicJobDescriptionContentType": None,
        "publicEducationSummary": None,
        "publicExperienceSummary": "None Required",
        "showPayRate": False,
        "showWorksiteAddress": False,
        "isDirectHireJobOrder": False,
        "remoteWorkStatusId": None,
        "remoteWorkStatus": None,
    }


def worksite(state: State, ask: Ask) -> Reply:
    one = records.job_order(state, ask.params["id"])
    address = {
        "attentionTo": None,
        "street1": "12 Mill Rd",
        "street2": None,
        "municipality": BRANCHES[one.branch],
        "region": "NC   ",
        "postalCode": "27701     ",
        "country": "United States of America",
        "countryCode": 840,
        "location": None,
        "dateAddressStandardized": None,
    }
    row = {
        "worksiteId": one.customer * 10,
        "worksiteName": f"{CUSTOMERS[one.customer]} plant",
        "isActive": True,
        "customerId": one.customer,
        "customerName": CUSTOMERS[one.customer],
        "departmentName": "Primary",
        "address": address,
        "directions": None,
        "dressCode": None,
        "timeClockTimeZoneId": None,
        "timeClockTimeZone": None,
        "isDaylightSavingsTimeObserved": None,
        "isPublicTransportationAccessible": None,
    }
    return Reply(body=row)


def set_status(state: State, ask: Ask) -> Reply:
    one, status = records.job_order(state, ask.params["id"]), ask.body["jobOrderStatusId"]
    if status not in JOB_ORDER_STATUSES:
        raise wrong("jobOrderStatusId", "There is no such status.")
    if one.status == status:
        return Reply(status=204)
    one.status, one.is_active, one.modified = status, status in ACTIVE_STATUSES, ask.now
    state.announce("joborder.updated", {"jobOrderId": one.number, "jobOrderStatusId": status}, ask.now)
    number, value = str(one.number), str(status)
    return Reply(
        status=204, wrote=Write(kind="status", target=("job", number), id=number, content=value.encode(), value=value)
    )
