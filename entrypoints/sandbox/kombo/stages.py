"""Stages, reasons for rejection, moves between stages, and rejections."""

from datetime import datetime
from typing import Any

import attrs

from entrypoints.sandbox.fields import OBJECT, TEXT, Field
from entrypoints.sandbox.kombo import records
from entrypoints.sandbox.kombo.auth import integration, permit
from entrypoints.sandbox.kombo.catalogue import REASONS, Named
from entrypoints.sandbox.kombo.lists import Listing, by_ids, paged
from entrypoints.sandbox.kombo.manners import answered, refused, wrong
from entrypoints.sandbox.kombo.state import Integration, State, stamp
from entrypoints.sandbox.kombo.store import Store
from entrypoints.sandbox.wire import Ask, Reply, Write

Row = dict[str, Any]

MOVE_FIELDS = (Field("stage_id", TEXT, required=True), Field("remote_fields", OBJECT))
REJECT_FIELDS = (
    Field("rejection_reason_id", TEXT, required=True),
    Field("note", TEXT),
    Field("remote_fields", OBJECT),
)


def list_stages(state: State, ask: Ask) -> Reply:
    """Deprecated: the stages of a job stand in the job."""
    office = integration(state, ask)

    def shown(stage: Named) -> Row:
        more: Row = {"status": "ACTIVE", "custom_fields": {}, "remote_data": None}
        return named(office, "stage", stage) | more

    return _list(state, ask, office, "stage", office.stages, shown)


def list_reasons(state: State, ask: Ask) -> Reply:
    office = integration(state, ask)
    return _list(
        state, ask, office, "reason", REASONS, lambda one: named(office, "reason", one) | {"remote_data": None}
    )


def _list(state: State, ask: Ask, office: Integration, model: str, rows: tuple[Named, ...], show: Any) -> Reply:
    return list_named(state, ask, office, model, Store(begun_with=len(rows), make=rows.__getitem__), show)


def list_named(state: State, ask: Ask, office: Integration, model: str, store: Store[Named], show: Any) -> Reply:
    def changed(one: Named) -> datetime:
        return one.changed

    listing = Listing[Named](
        model=model,
        store=store,
        show=show,
        remote_id=lambda one: one.remote_id,
        changed=changed,
        numbers=by_ids(ask, office, model),
    )
    return paged(state, ask, listing)


def named(office: Integration, model: str, one: Named) -> Row:
    return {
        "id": office.ids.of(model, one.number),
        "remote_id": one.remote_id,
        "name": one.name,
        "changed_at": stamp(one.changed),
        "remote_deleted_at": stamp(one.deleted),
    }


def move(state: State, ask: Ask) -> Reply:
    """Where it truly goes stands in the journal, whatever the list will say of a pipeline."""
    permit(state, "stage")
    office = integration(state, ask)
    application = records.open_application(office, ask.params["application"])
    stage = records.stage(office, ask.body["stage_id"])
    if stage.barred:
        raise refused(400, "REMOTE.INPUT_INVALID", f"Applications cannot be moved to {stage.remote_id}.")
    records.keep_application(state, ask, office, attrs.evolve(application, stage=stage.number))
    return answered({}, _written(office, "stage", application.number, ask.body["stage_id"]))


def reject(state: State, ask: Ask) -> Reply:
    """A second rejection is taken like the first."""
    permit(state, "reject")
    office = integration(state, ask)
    application = records.application(office, ask.params["application"])
    reason = office.ids.number("reason", ask.body["rejection_reason_id"])
    if reason is None or reason >= len(REASONS) or REASONS[reason].deleted is not None:
        raise wrong("rejection_reason_id: there is no such reason.")
    if application.outcome == "HIRED":
        raise refused(400, "REMOTE.INPUT_INVALID", "The application has ended.")
    ended = attrs.evolve(application, outcome="DECLINED", reason=reason, rejected=ask.now)
    records.keep_application(state, ask, office, ended)
    wrote = _written(office, "rejection", application.number, ask.body["rejection_reason_id"], ask.body.get("note"))
    return answered({}, wrote)


def _written(office: Integration, kind: str, number: int, value: str, text: str | None = None) -> Write:
    target = ("application", office.ids.of("application", number))
    return Write(kind=kind, target=target, id=target[1], content=value.encode(), text=text, value=value)
