"""Avionté's jobs with everything that Kombo does not show, oddities included."""

from datetime import datetime
from typing import Any

from entrypoints.sandbox.kombo import records
from entrypoints.sandbox.kombo.custom_details import details, job
from entrypoints.sandbox.kombo.inner import Call, InnerRefusal, Said, number_of
from entrypoints.sandbox.kombo.state import Integration, Job

Row = dict[str, Any]

_USER, _USER_NAME = 4_200_017, "user@staffing.example.test"


def get_job(call: Call) -> Said:
    return Said(data=shown(call.office, job(call)))


def multi_query(call: Call) -> Said:
    """Bare ids, at most a hundred; unknown ones are left out, the order is Avionté's, and one may come twice."""
    _limit(call)
    ids = call.data
    if not isinstance(ids, list) or not all(isinstance(one, int) and not isinstance(one, bool) for one in ids):
        raise InnerRefusal(400, "The body must be an array of job ids.")
    if len(ids) > call.state.switches.multi_query_most:
        raise InnerRefusal(400, f"No more than {call.state.switches.multi_query_most} ids.")
    found = [call.office.jobs.now(one - records.JOB) for one in sorted(set(ids), reverse=True)]
    jobs = [shown(call.office, one) for one in found if one is not None and one.deleted is None]
    return Said(data=[*jobs, jobs[0]] if len(jobs) > 2 else jobs)


def _limit(call: Call) -> None:
    """Counted for all callers together; nothing says when to come again."""
    excess = call.state.multi_query.take(call.ask.now)
    if excess is not None:
        raise InnerRefusal(429, "Too many requests.")


def job_ids(call: Call) -> Said:
    """Pages by number, the first one is 1."""
    page, size = number_of(call.params["page"], "page"), number_of(call.params["size"], "pageSize")
    if page < 1 or not 1 <= size <= 500:
        raise InnerRefusal(400, "page starts at 1 and pageSize ends at 500.")
    first = (page - 1) * size
    numbers = range(first, min(first + size, call.office.jobs.size))
    found = [call.office.jobs.now(number) for number in numbers]
    return Said(data=[records.JOB + one.number for one in found if one is not None and one.deleted is None])


def shown(office: Integration, found: Job) -> Row:
    number = records.JOB + found.number
    return {
        "id": number,
        "positions": 1 + found.number % 4,
        "startDate": "2026-11-02T00:00:00",
        "endDate": None,
        "payRates": {"regular": 18.5, "overtime": 27.75, "doubletime": 37.0},
        "billRates": {"regular": 26.0, "overtime": 39.0, "doubletime": 52.0},
        "title": found.title,
        "costCenter": None,
        "employeeType": "Temporary",
        "link": f"https://example.myavionte.com/app/#/job/{number}",
        "statusId": 1,
        "status": found.status.capitalize(),
        "posted": found.status == "OPEN",
        "createdDate": _local(found.changed),
        "description": found.description,
        "customJobDetails": details(office, "job", found.number),
        "lastUpdatedDate": _local(found.changed) if found.number % 2 else None,
        "latestActivityDate": "2024-05-14T14:54:43.4290887Z" if found.number % 2 else None,
        "latestActivityName": "Job saved" if found.number % 2 else None,
        "notes": f"<b>Job Description</b>: {found.title}",
        **_place(),
        **_people(),
        **_times(),
        **_money(),
        **_billing(),
    }


def _local(moment: datetime) -> str:
    """Without zone."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds")


def _place() -> Row:
    return {
        "companyId": 300,
        "companyName": "Example Logistics",
        "branchId": 40,
        "frontOfficeId": 6,
        "addressId": 77,
        "worksiteAddress": {
            "street1": "100 Example Street",
            "street2": None,
            "city": "Springfield",
            "state_Province": "IL",
            "postalCode": "62701",
            "country": "US",
            "county": None,
            "geoCode": None,
            "schoolDistrictCode": None,
        },
        "worksiteaddressId": 77,
        "worksiteAddressId": 77,
        "division": None,
        "department": None,
        "poId": 0,
        "positionCategoryId": None,
    }


def _people() -> Row:
    return {
        "contactId": 88,
        "representativeUsers": [_USER],
        "enteredByUserId": _USER,
        "enteredByUser": _USER_NAME,
        "salesRepUserId": _USER,
        "salesRepUser": _USER_NAME,
        "ownerUserId": _USER,
        "isArchived": False,
        "placed": 0,
        "offer": False,
        "pickList": False,
        "postJobToMobileApp": False,
        "origin": None,
        "bundled": True,
    }


def _times() -> Row:
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return {
        "hasNoEndDate": True,
        "startTimeLocal": "",
        "endTimeLocal": "",
        "shiftScheduleDays": {day: True if at < 2 else None for at, day in enumerate(days)},
        "startOfWeek": "Monday",
        "weekDuration": "MondayToSunday",
        "shiftName": None,
        "scheduleLengthWeeks": 0,
        "scheduleShifts": [],
        "estimatedHours": 40,
        "orderType": "Contract",
        "orderTypeId": 4,
    }


def _money() -> Row:
    return {
        "workersCompensationClassCode": "IL9999",
        "workerCompCode": {
            "id": 1,
            "wcCode": "9999",
            "wcDescription": "Warehouse",
            "wcState": "IL",
            "wcCountry": "United States of America",
            "wccodeID": 0,
        },
        "workerCompCodeId": 1,
        "oT_Type": 2,
        "payPeriod": "Weekly",
        "overtimeRuleID": 1,
        "overtimeType": "PaidAndBilledOT",
        "rateType": 0,
        "targetBillRate": 26.0,
        "targetPayRate": 18.5,
        "expenseType": "PaidAndBilled",
        "useCustomOTRates": False,
        "overtimeBillRate": 0.0,
        "overtimePayRate": 0.0,
        "doubletimeBillRate": 0.0,
        "markupPercentage": 40.5,
        "placementFee": 0.0,
        "placementPercentage": 0.0,
        "maxBillRate": 0.0,
        "minBillRate": 0.0,
        "maxPayRate": 0.0,
        "minPayRate": 0.0,
    }


def _billing() -> Row:
    empty = ("Name", "Address1", "Address2", "City", "State", "Zip", "Email", "Phone")
    return {"billingManagerId": 0, "billingTerm": "DueUponReceipt", **dict.fromkeys(f"billing{part}" for part in empty)}
