"""Every call that is made. The server does not tell upper case from lower case in paths; we write them as we saw them.

Who says so: "D" are the vendor's developer pages, "N" recorded responses, "W" and "E" clients at work, as the contract
names them.
"""

from types import NoneType
from typing import Any, TypeVar

from msgspec import Raw

from adapters.rest.endpoint import Endpoint, Wire, of_records
from adapters.tempworks import wire

T = TypeVar("T")

FILES = "files"
CLIENTS, RECORDED = "clients W and E", "recorded responses N"
USUAL, SLOW = 60.0, 360.0
"""Seconds: what settings may change, and what a client at work allows an advanced search."""


def _sourced(
    name: str,
    method: str,
    path: str,
    reply: type[T],
    source: str = CLIENTS,
    *,
    repeatable: bool = True,
    timeout: float = USUAL,
) -> Endpoint[T]:
    return Endpoint(
        name=name,
        method=method,
        path=path,
        reply=reply,
        repeatable=repeatable,
        wire=Wire.SOURCED,
        source=source,
        timeout=timeout,
    )


def _assumed(name: str, method: str, path: str, reply: type[T], source: str = "assumed") -> Endpoint[T]:
    return Endpoint(
        name=name,
        method=method,
        path=path,
        reply=reply,
        repeatable=method == "GET",
        wire=Wire.ASSUMED,
        source=source,
    )


# Candidates
LIST_EMPLOYEES = of_records(_sourced("list_employees", "GET", "/Search/Employees", wire.Listing))
EMPLOYEE = of_records(_sourced("employee", "GET", "/Employees/{candidate_id}", Raw))
FIND_PHONE = _sourced("find_phone", "GET", "/Search/UniversalPhone", wire.Universal, "client W")
FIND_EMAIL = _sourced("find_email", "GET", "/Search/UniversalEmail", wire.Universal, "client W")
COLUMNS = _sourced("columns", "GET", "/search/{origin}/columns", wire.Listing)
SEARCH = of_records(_sourced("search", "POST", "/search/{origin}", wire.Listing, "D and client W", timeout=SLOW))

# Jobs
LIST_JOB_ORDERS = of_records(_sourced("list_job_orders", "GET", "/Search/JobOrders", wire.Listing))
JOB_ORDER = of_records(_sourced("job_order", "GET", "/JobOrders/{job_id}", Raw, RECORDED))
WORKSITE = _sourced("worksite", "GET", "/JobOrders/{job_id}/Worksite", wire.Worksite, "client E")
BOARD = _sourced("board", "GET", "/Search/Jobs", wire.Listing, RECORDED)

# Applications: assignments, and candidates on orders
LIST_ASSIGNMENTS = of_records(_sourced("list_assignments", "GET", "/Search/Assignments", wire.Listing))
ORDER_CANDIDATES = of_records(_assumed("order_candidates", "GET", "/JobOrders/{job_id}/candidates", wire.Listing))
CANDIDACIES = of_records(_assumed("candidacies", "GET", "/Employees/{candidate_id}/candidacies", wire.Listing))
ADD_CANDIDATE = _assumed(
    "add_candidate", "POST", "/JobOrders/{job_id}/candidates", wire.CandidateAdded, "D names the feature, path assumed"
)
SET_STATUS = _assumed("set_status", "PUT", "/JobOrders/{job_id}/candidates/{application_id}", NoneType)
CANDIDATE_STATUSES = _assumed("candidate_statuses", "GET", "/DataLists/candidateStatuses", wire.Listing)
ASSIGNMENT_STATUSES = _assumed("assignment_statuses", "GET", "/DataLists/assignmentStatuses", wire.Listing)

# Notes and files
ACTIONS = _sourced("actions", "GET", "/DataLists/messageActions", wire.Listing, "client W")
ADD_MESSAGE = _sourced(
    "add_message", "POST", "/Employees/{candidate_id}/messages", wire.MessageAdded, "clients W and R", repeatable=False
)
MESSAGES = _sourced("messages", "GET", "/Employees/{candidate_id}/messages", wire.Listing, "client E")
DOCUMENTS = _sourced("documents", "GET", "/Employees/{candidate_id}/documents", wire.Listing, "client E")
UPLOAD = _assumed("upload", "POST", "/Employees/{candidate_id}/documents", wire.DocumentAdded)
DOWNLOAD = _assumed("download", "GET", "/Employees/{candidate_id}/documents/{document_id}/file", bytes)
FILE_ELSEWHERE: Endpoint[bytes] = Endpoint(
    name="file_elsewhere",
    method="GET",
    path="",
    reply=bytes,
    repeatable=True,
    wire=Wire.ASSUMED,
    source="D lists redirects, that downloads have them is assumed",
    host=FILES,
)
"""Under the address that a download leads to, so without a path of its own."""

# Custom data
CANDIDATE_DATA = _sourced("candidate_data", "GET", "/Employees/{candidate_id}/CustomData", wire.Listing, "client W")
JOB_DATA = _sourced("job_data", "GET", "/JobOrders/{job_id}/CustomData", wire.Listing, "client W")
APPLICATION_DATA = _sourced(
    "application_data", "GET", "/Assignments/{application_id}/CustomData", wire.Listing, "client W"
)
SET_CANDIDATE_DATA = _assumed("set_candidate_data", "PUT", "/Employees/{candidate_id}/CustomData", NoneType)
SET_JOB_DATA = _assumed("set_job_data", "PUT", "/JobOrders/{job_id}/CustomData", NoneType)
SET_APPLICATION_DATA = _assumed("set_application_data", "PUT", "/Assignments/{application_id}/CustomData", NoneType)
OPTIONS = _assumed("options", "GET", "/DataLists/customData/{field_id}", wire.Listing)

# Whether we are let in
BRANCHES = _sourced("branches", "GET", "/Branches", wire.Listing)

ENDPOINTS: tuple[Endpoint[Any], ...] = tuple(row for row in list(globals().values()) if isinstance(row, Endpoint))
"""All of them, in the order above."""
