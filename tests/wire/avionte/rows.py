"""For each endpoint what makes the adapter call it: once for a success and once for a refusal."""

from collections.abc import Mapping
from typing import Any

import attrs

from domain.custom_field import FieldUpdate
from domain.ids import FieldId
from domain.note import Note, bullets, heading, paragraph
from entrypoints.sandbox.kombo import KomboSandbox
from ports.errors import AccessError, InvalidInputError, NotFoundError, UnsupportedError
from ports.gateway import Gateway, need
from tests.avionte.rig import application, candidate, forget, job
from tests.erecruit.rig import Try
from tests.wire.case import Act, Case, Prepare, Result, forbidden, nothing

# Somebody who is no canary, their application and the job that it is for.
NUMBER = 9
PERSON, APPLICATION, JOB = candidate(NUMBER), application(NUMBER), job(0)
NOTE = Note(
    blocks=(heading("Passed <4/5>"), paragraph("Six years & more.\nNights too."), bullets("Forklift", "Zoë's CV"))
)
DOCUMENTED: Mapping[str, Any] = {"dialect": "documented", "activity_type_id": "31"}
AN_OLD_TYPE: Mapping[str, Any] = {"dialect": "documented", "activity_type_id": "44"}


def gone(kind: str, number: int) -> Prepare:
    return lambda sandbox: forget(sandbox, kind, number)


def without_page(sandbox: KomboSandbox) -> None:
    sandbox.state.switches.page_dialect = False


def lacks(*parts: str) -> Result:
    return lambda found: found.missing == parts


def row(
    name: str,
    act: Act,
    seen: Result,
    refused: Result,
    prepare: Prepare,
    settings: Mapping[str, Any] | None = None,
    refusing: Mapping[str, Any] | None = None,
) -> tuple[Case, Case]:
    """The same act, with something in its way the second time."""
    given = settings or {}
    return (
        Case(name=f"{name}.success", act=act, result=seen, settings=given),
        Case(name=f"{name}.refusal", act=act, result=refused, prepare=prepare, settings=refusing or given),
    )


def detail(gateway: Gateway) -> Any:
    return need(gateway.job_detail).detail(JOB)


def person(gateway: Gateway) -> Any:
    return need(gateway.candidate_lookup).detail(PERSON)


def batch(gateway: Gateway) -> Any:
    return need(gateway.job_detail_feed).batch(limit=3)


def note(action_type: str | None = None) -> Act:
    sent = attrs.evolve(NOTE, action_type=action_type)
    return lambda gateway: need(gateway.candidate_notes).add(PERSON, sent, Try())


def fields(kind: str, record: str, first: int, number: int) -> tuple[Case, ...]:
    def port(gateway: Gateway) -> Any:
        return getattr(gateway, f"{kind}_fields")

    def update(gateway: Gateway) -> Any:
        return port(gateway).update(record, FieldUpdate(FieldId(str(first + 1)), "24.50"), Try())

    values = row(
        f"{kind}_values",
        lambda gateway: port(gateway).current(record),
        lambda told: told == (),
        NotFoundError,
        gone(kind, number),
    )
    return (
        *row(
            f"{kind}_fields",
            lambda gateway: port(gateway).definitions(),
            lambda told: len(told) == 9,
            UnsupportedError,
            without_page,
        ),
        *(() if kind == "job" else values),
        *row(
            f"set_{kind}_field",
            update,
            lambda receipt: receipt.id == str(first + 1),
            AccessError,
            forbidden("PATCH"),
        ),
    )


CASES: tuple[Case, ...] = (
    *row("jobs_by_ids", batch, lambda page: len(page.jobs) == 3, AccessError, forbidden("multi-query")),
    *row("job", detail, lacks(), lacks("fields", "company", "address"), gone("job", 0)),
    *row("talent", person, lacks(), lacks("talent", "fields"), gone("candidate", NUMBER)),
    *row(
        "activity_types",
        note("Phone screen"),
        lambda receipt: receipt.id is not None,
        AccessError,
        forbidden("activity-types"),
        {"dialect": "documented"},
    ),
    *row(
        "add_activity",
        note(),
        lambda receipt: receipt.id is not None and receipt.at is not None,
        InvalidInputError,
        nothing,
        DOCUMENTED,
        AN_OLD_TYPE,
    ),
    *row("add_candidate_note", note(), lambda receipt: receipt.id is not None, UnsupportedError, without_page),
    *fields("job", job(4), 501, 4),
    *fields("candidate", PERSON, 601, NUMBER),
    *fields("application", APPLICATION, 701, NUMBER),
)
