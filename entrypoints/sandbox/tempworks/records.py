"""Finds what a path or a body names, or refuses as TempWorks does."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from entrypoints.sandbox.tempworks.manners import forbidden, missing
from entrypoints.sandbox.tempworks.state import (
    Assignment,
    Employee,
    JobOrder,
    OrderCandidate,
    State,
)
from entrypoints.sandbox.wire import Refusal

T = TypeVar("T")


def employee(state: State, number: int) -> Employee:
    return _one(state, state.employees, number)


def job_order(state: State, number: int) -> JobOrder:
    return _one(state, state.job_orders, number)


def assignment(state: State, number: int) -> Assignment:
    return _one(state, state.assignments, number)


def order_candidate(state: State, job: int, number: int) -> OrderCandidate:
    found = _one(state, state.candidates, number)
    if found.job != job_order(state, job).number:
        raise missing()
    return found


def of_kind(state: State, kind: str, number: int) -> Employee | JobOrder | Assignment:
    match kind:
        case "employee":
            return employee(state, number)
        case "joborder":
            return job_order(state, number)
        case _:
            return assignment(state, number)


def _one(state: State, table: Mapping[int, T], number: int) -> T:
    if state.switches.sees_no_branch:
        raise Refusal(forbidden("The service representative has no right to this record."))
    if number not in table:
        raise missing()
    return table[number]


def next_id(table: Iterable[int], first: int) -> int:
    return max(table, default=first - 1) + 1
