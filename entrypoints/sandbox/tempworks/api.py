"""The tables of routes; `source` names the public source of a row by its letter, or says that it is assumed."""

from collections.abc import Callable
from typing import Any

from entrypoints.sandbox.fields import Field
from entrypoints.sandbox.routes import Media, Route
from entrypoints.sandbox.tempworks import (
    advanced,
    assignments,
    auth,
    candidates,
    custom_data,
    data_lists,
    documents,
    employees,
    job_orders,
    messages,
    subscriptions,
    universal,
)
from entrypoints.sandbox.tempworks.manners import TokenManners
from entrypoints.sandbox.tempworks.state import State
from entrypoints.sandbox.wire import Ask, Reply

ASSUMED = "assumed"
_CLIENTS, _RECORDED, _D_ADV = "sourced (client) W, E", "sourced (recorded) N", "sourced D-adv, W"

_Handler = Callable[[State, Ask], Reply]
_Fields = tuple[Field, ...]


def _get(path: str, handler: _Handler, source: str, query: _Fields = (), **more: Any) -> Route[State]:
    return Route(method="GET", template=f"/{path}", handler=handler, source=source, query=query, **more)


def _list(path: str, handler: _Handler, source: str, query: _Fields, **more: Any) -> Route[State]:
    return _get(path, handler, source, query, rows=True, pages=True, **more)


def _table(path: str, handler: _Handler, source: str, query: _Fields = ()) -> Route[State]:
    return _get(path, handler, source, query, rows=True)


def _write(method: str, path: str, handler: _Handler, source: str, body: _Fields, **more: Any) -> Route[State]:
    given: dict[str, Any] = {"media": (Media.JSON,), "effect": True} | more
    return Route(method=method, template=f"/{path}", handler=handler, source=source, body=body, **given)


_EMPLOYEES = [
    _list("Search/Employees", employees.search, _CLIENTS, employees.SEARCH),
    _table("Search/UniversalPhone", universal.by_phone, "sourced (client) W", universal.PHONE),
    _table("Search/UniversalEmail", universal.by_email, "sourced (client) W", universal.EMAIL),
    _write("POST", "Employees", employees.create, "sourced (client) W", employees.EMPLOYEE_FIELDS),
    _get("Employees/{id:int}", employees.get, _CLIENTS),
    _get("Employees/{id:int}/status", employees.status, "sourced (client) W"),
    _get("Employees/{id:int}/eeo", employees.eeo, _CLIENTS),
    _list("Employees/{id:int}/assignments", assignments.of_employee, "sourced (client) W", assignments.OF_EMPLOYEE),
    _list("Employees/{id:int}/candidacies", candidates.of_employee, ASSUMED, candidates.LISTED),
    _list("Employees/{id:int}/messages", messages.messages_of, "sourced (client) E", messages.LISTED),
    _write("POST", "Employees/{id:int}/messages", messages.post, "sourced (client) W, R", messages.MESSAGE_FIELDS),
    _list("Employees/{id:int}/documents", documents.documents_of, "sourced (client) E", documents.LISTED),
    _write(
        "POST",
        "Employees/{id:int}/documents",
        documents.upload,
        ASSUMED,
        documents.UPLOAD_FIELDS,
        media=(Media.MULTIPART,),
        exists=documents.takes_multipart,
    ),
    _write(
        "POST",
        "Employees/{id:int}/documents",
        documents.upload_base64,
        ASSUMED,
        documents.BASE64_FIELDS,
        exists=documents.takes_base64,
    ),
    _get("Employees/{id:int}/documents/{document:int}/file", documents.download, ASSUMED),
]
_JOB_ORDERS = [
    _list("Search/JobOrders", job_orders.search, _CLIENTS, job_orders.SEARCH),
    _list("Search/Jobs", job_orders.board, _RECORDED, job_orders.BOARD),
    _get("JobOrders/{id:int}", job_orders.get, _RECORDED),
    _get("JobOrders/{id:int}/Worksite", job_orders.worksite, "sourced (client) E"),
    _write("PUT", "JobOrders/{id:int}/status", job_orders.set_status, ASSUMED, job_orders.STATUS_FIELDS),
    _list("JobOrders/{id:int}/candidates", candidates.of_job, ASSUMED, candidates.LISTED),
    _write("POST", "JobOrders/{id:int}/candidates", candidates.create, ASSUMED, candidates.CREATE_FIELDS),
    _list("JobOrders/{id:int}/candidates/log", candidates.log, ASSUMED, candidates.LISTED),
    _write("PUT", "JobOrders/{id:int}/candidates/{candidate:int}", candidates.move, ASSUMED, candidates.MOVE_FIELDS),
]
_ASSIGNMENTS = [
    _list("Search/Assignments", assignments.search, _CLIENTS, assignments.SEARCH),
    _write("PUT", "Assignments/{id:int}/end", assignments.end, ASSUMED, assignments.END_FIELDS),
]
_CUSTOM_DATA = [
    route
    for kind in ("Employees", "JobOrders", "Assignments")
    for route in (
        _table(f"{kind}/{{id:int}}/CustomData", custom_data.values_of, "sourced (client) W"),
        _write("PUT", f"{kind}/{{id:int}}/CustomData", custom_data.set_values, ASSUMED, custom_data.VALUE_FIELDS),
    )
]
_SEARCHES = [
    _table("search/{origin:int}/columns", advanced.columns, _CLIENTS),
    _write(
        "POST",
        "search/{origin:int}",
        advanced.search,
        _D_ADV,
        advanced.SEARCH_FIELDS,
        effect=False,
        pages=True,
        rows=True,
    ),
]
_LISTS = [
    _table("Branches", data_lists.branches, "sourced (client) W", data_lists.BRANCH_QUERY),
    _table("DataLists/branches", data_lists.branch_names, "sourced (client) W", data_lists.LISTED),
    _table("DataLists/ServiceReps", data_lists.representatives, "sourced (client) W", data_lists.REPRESENTATIVES),
    _get("users/{id:int}", data_lists.user, "sourced (client) W"),
    _table("DataLists/messageActions", data_lists.message_actions, "sourced (client) W", data_lists.LISTED),
    _table("DataLists/documentTypes", data_lists.document_types, ASSUMED, data_lists.LISTED),
    _table("DataLists/candidateStatuses", data_lists.candidate_statuses, ASSUMED, data_lists.LISTED),
    _table("DataLists/jobOrderStatuses", data_lists.job_order_statuses, ASSUMED, data_lists.LISTED),
    _table("DataLists/assignmentStatuses", data_lists.assignment_statuses, ASSUMED, data_lists.LISTED),
    _table("DataLists/employeeStatuses", data_lists.employee_statuses, ASSUMED, data_lists.LISTED),
    _table("DataLists/customData/{property}", custom_data.options, ASSUMED),
]

API = (*_EMPLOYEES, *_JOB_ORDERS, *_ASSIGNMENTS, *_CUSTOM_DATA, *_SEARCHES, *_LISTS)
LOGIN = (
    Route[State](
        method="POST",
        template="/connect/token",
        handler=auth.take_token,
        source="sourced D-auth, W",
        media=(Media.FORM,),
        body=auth.TOKEN_FIELDS,
        login=True,
        manners=TokenManners(),
    ),
)
WEBHOOKS = (
    _table("api/Subscriptions", subscriptions.subscriptions, "sourced (client) W"),
    _write(
        "POST", "api/Subscriptions", subscriptions.subscribe, "sourced (client) W", subscriptions.SUBSCRIPTION_FIELDS
    ),
)
