"""One accepted request for each row of the route tables."""

from typing import Any

import aiohttp

from entrypoints.sandbox.routes import Media, Route
from entrypoints.sandbox.tempworks import api
from entrypoints.sandbox.tempworks.properties import EMPLOYEE, property_id
from entrypoints.sandbox.tempworks.server import CREDENTIALS
from entrypoints.sandbox.tempworks.state import State

ROUTES = (*api.API, *api.LOGIN, *api.WEBHOOKS)
EMPLOYEE_ID, JOB_ORDER_ID, CANDIDATE_ID, ASSIGNMENT_ID, DOCUMENT_ID = 43760, 5997, 700, 2443, 9001
EMPLOYEE_COLUMN, ACTIVATED, ACTIVE, LAST_NAME = (
    "1c587fca-b5b0-48dc-84a7-182469c0ee4f",
    "20a9a451-8f4b-4cbb-9519-eda06857b891",
    "f7daae6e-91c2-411e-9d94-2c6f17725eb4",
    "d14bf8a7-ba46-401d-8b7c-a264b117030a",
)
_IDS = {"JobOrders": JOB_ORDER_ID, "Assignments": ASSIGNMENT_ID, "users": 1080}


def searching(*rules: dict[str, Any], condition: int = 0, negated: bool = False, **more: Any) -> dict[str, Any]:
    """The body of an advanced search that returns the id of employees."""
    group = {"condition": condition, "not": negated, "rules": list(rules)}
    criteria = {"rootGroup": group, "returnColumnIds": more.pop("shown", [EMPLOYEE_COLUMN])}
    return {"searchCriteria": criteria, "ignoreCachedResults": True, "skip": 0, "take": 1000} | more


def rule(column: str, operator: int, *values: str) -> dict[str, Any]:
    return {"columnId": column, "operatorId": operator, "values": list(values) or None}


def _property(kind: str) -> dict[str, Any]:
    return {
        "propertyValues": [{"propertyDefinitionId": property_id(kind, "Remark"), "propertyValue": "Sharp."}],
    }


_BODIES: dict[str, dict[str, Any]] = {
    "POST /Employees": {"firstName": "Ada", "lastName": "Byron", "branchId": 7, "countryCode": 840},
    "POST /Employees/{id}/messages": {
        "actionId": 462,
        "message": "Screened.",
        "linkedEntities": [{"originTypeId": 8, "originId": JOB_ORDER_ID}],
        "linkedDocumentIds": [],
        "shouldLinkRelatedEntities": False,
        "shouldLinkOriginsOneByOne": False,
    },
    "POST /Employees/{id}/documents": {"documentTypeId": 21, "documentName": "Report.pdf"},
    "PUT /JobOrders/{id}/status": {"jobOrderStatusId": 3},
    "POST /JobOrders/{id}/candidates": {
        "employeeId": 43761,
        "candidateStatusId": 3,
        "comment": "from adapter",
        "approveRestrictions": False,
    },
    "PUT /JobOrders/{id}/candidates/{candidate}": {"candidateStatusId": 5, "comment": None},
    "PUT /Assignments/{id}/end": {"endDate": "2026-11-20T00:00:00", "assignmentStatusId": 1},
    "PUT /Employees/{id}/CustomData": _property(EMPLOYEE),
    "PUT /JobOrders/{id}/CustomData": _property("joborder"),
    "PUT /Assignments/{id}/CustomData": _property("assignment"),
    "POST /search/{origin}": searching(rule(ACTIVE, 20)),
    "POST /connect/token": {
        "grant_type": "tw_vendor_service_credentials",
        "client_id": CREDENTIALS["client_id"],
        "client_secret": CREDENTIALS["client_secret"],
        "acr_values": f"tenant:{CREDENTIALS['tenant']} pid:{CREDENTIALS['product_instance']}",
    },
    "POST /api/Subscriptions": {
        "topicName": "employee.updated",
        "callbackUrl": "http://127.0.0.1:9/hook",
        "callbackUrlIsSensitive": True,
        "httpMethod": "POST",
        "httpHeaderName": "X-Secret",
        "httpHeaderValue": "canary",
        "httpHeaderValueIsSensitive": True,
    },
}
_BASE64 = {"fileName": "cv.pdf", "fileType": "pdf", "documentTypeId": 7, "base64Content": "JVBERi0="}
_QUERIES = {
    "GET /Search/UniversalPhone": {"phone": "4165550100"},
    "GET /Search/UniversalEmail": {"emailAddress": "zoe.oneil@canary.example.test"},
    "GET /DataLists/ServiceReps": {"skip": "0", "take": "10"},
}


def path(route: Route[State]) -> str:
    parts = route.template.split("/")
    number = str(_IDS.get(parts[1], EMPLOYEE_ID))
    filled = route.template.replace("{id:int}", number).replace("{origin:int}", "1")
    filled = filled.replace("{document:int}", str(DOCUMENT_ID)).replace("{candidate:int}", str(CANDIDATE_ID))
    return filled.replace("{property}", property_id(EMPLOYEE, "Shift"))


def query(route: Route[State]) -> dict[str, str]:
    return _QUERIES.get(route.label, {})


def body(route: Route[State]) -> dict[str, Any]:
    return dict(_BASE64 if is_base64(route) else _BODIES[route.label])


def is_base64(route: Route[State]) -> bool:
    return any(field.name == "base64Content" for field in route.body)


def encoded(route: Route[State], given: dict[str, Any], *, file: object = b"%PDF-1.4 %%EOF") -> dict[str, Any]:
    """Arguments of a request that carries the body in the encoding that the route takes."""
    if route.media[0] is Media.JSON:
        return {"json": given}
    if route.media[0] is Media.FORM:
        return {"data": given}
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in given.items():
        form.add_field(name, str(value))
    if file is not None:
        form.add_field("file", file, filename="s.pdf", content_type="application/pdf")
    return {"data": form}


def request(route: Route[State]) -> dict[str, Any]:
    more = encoded(route, body(route)) if route.media else {}
    return {"params": query(route), **more}


def switched(route: Route[State], state: State) -> None:
    """Make the row exist, and answer, if that hangs on a switch or on what is there."""
    if is_base64(route):
        state.switches.upload_mode = "base64_json"
    if route.label == "GET /api/Subscriptions":
        state.subscriptions.append({"callbackUrlIsSensitive": False, "httpHeaderValueIsSensitive": False})
