"""What people do in the ATS beside us, and what an administrator does to Avionté's fields."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from entrypoints.sandbox.fields import FLAG, INTEGER, TEXT, TEXTS, Field, object_of, one_of
from entrypoints.sandbox.kombo import records
from entrypoints.sandbox.kombo.state import Application, Candidate, Integration, State, seen_from
from entrypoints.sandbox.kombo.store import Store

_EDIT = object_of(
    Field("edit", one_of("change", "delete", "retire", "move"), required=True),
    Field("type", one_of("job", "candidate", "application"), required=True),
    Field("id", TEXT, required=True),
    Field("stage_id", TEXT),
    Field("integration", TEXT),
)
_DEFINITION = object_of(
    Field("type", one_of("job", "candidate", "application"), required=True),
    Field("id", INTEGER, required=True),
    Field("removed", FLAG),
    Field("kind", TEXT),
    Field("options", TEXTS),
)


def edit(state: State, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Takes Kombo's ids; seen in the lists when the copy is. Raises ValueError on what it does not take."""
    read = _EDIT.from_json(dict(given))
    office = office_of(state, read.get("integration"))
    seen = seen_from(state, now)
    if read["edit"] == "retire":
        return {"id": retire(office, read["id"], now, seen)}
    store = _store(office, read["type"])
    number = office.ids.number(read["type"], read["id"])
    record: Any = None if number is None else store.now(number)
    if record is None:
        raise ValueError("there is no such record")
    changed = attrs.evolve(record, changed=now, **_changes(office, read, now))
    store.put(changed.number, changed, seen)
    return {"id": read["id"]}


def _store(office: Integration, kind: str) -> Store[Any]:
    stores: dict[str, Store[Any]] = {
        "job": office.jobs,
        "candidate": office.candidates,
        "application": office.applications,
    }
    return stores[kind]


def _changes(office: Integration, read: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    match read["edit"]:
        case "delete":
            return {"deleted": now}
        case "move":
            return {"stage": records.stage(office, read.get("stage_id", "")).number}
        case _:
            return {"title": "Edited by a recruiter"} if read["type"] != "application" else {}


def office_of(state: State, integration: str | None = None) -> Integration:
    """Avionté's, unless another is named."""
    wanted = integration or next(iter(state.integrations))
    if wanted not in state.integrations:
        raise ValueError("there is no such integration")
    return state.integrations[wanted]


def retire(office: Integration, candidate_id: str, now: datetime, seen: datetime) -> str:
    """Merge the candidate into a new one with the same address: the old id is dead, the applications go along."""
    number = office.ids.number("candidate", candidate_id)
    old = None if number is None else office.candidates.now(number)
    if old is None:
        raise ValueError("there is no such candidate")

    def survivor(number: int) -> Candidate:
        return attrs.evolve(old, number=number, changed=now, nested=now)

    new = office.candidates.add(survivor, seen)
    office.candidates.put(old.number, attrs.evolve(old, deleted=now, changed=now), seen)
    for application in records.applications_of(office, old.number):
        _take_along(office, application, new.number, now, seen)
    return office.ids.of("candidate", new.number)


def _take_along(office: Integration, application: Application, person: int, now: datetime, seen: datetime) -> None:
    def moved(number: int) -> Application:
        return attrs.evolve(application, number=number, candidate=person, changed=now)

    office.applications.add(moved, seen)
    office.applications.put(application.number, attrs.evolve(application, deleted=now, changed=now), seen)


def redefine(state: State, given: Mapping[str, Any]) -> dict[str, Any]:
    """Remove a field's definition, or give it another type or other options."""
    read = _DEFINITION.from_json(dict(given))
    fields = office_of(state).fields[read["type"]]
    field = next((one for one in fields if one["id"] == read["id"]), None)
    if field is None:
        raise ValueError("there is no such field")
    if read.get("removed"):
        fields.remove(field)
        return {"removed": read["id"]}
    field |= {name: read[key] for key, name in (("kind", "type"), ("options", "options")) if key in read}
    return dict(field)
