"""The legacy host's workflow: statuses of submissions, moves between them, and rejection with a reason."""

from typing import Any

from entrypoints.sandbox.erecruit import records
from entrypoints.sandbox.erecruit.catalogue import REASONS, REJECTED, SUBMISSION_STATUSES
from entrypoints.sandbox.erecruit.manners import wrong
from entrypoints.sandbox.erecruit.state import Row, State
from entrypoints.sandbox.fields import INTEGER, NULLABLE_TEXT, Field
from entrypoints.sandbox.wire import Ask, Reply, Write

MOVE_FIELDS = (Field("StatusID", INTEGER, required=True), Field("Comment", NULLABLE_TEXT))
REJECT_FIELDS = (Field("DispositionReasonID", INTEGER, required=True), Field("Comment", NULLABLE_TEXT))


def submission_statuses(_state: State, _ask: Ask) -> Reply:
    return Reply(body=list(SUBMISSION_STATUSES.values()))


def disposition_reasons(_state: State, _ask: Ask) -> Reply:
    return Reply(body=list(REASONS.values()))


def move(state: State, ask: Ask) -> Reply:
    """A move to where it stands already changes nothing and is no effect."""
    row, status = records.submission(state, ask.params["id"]), ask.body["StatusID"]
    if status not in SUBMISSION_STATUSES:
        raise wrong("StatusID", f"Unknown status {status}.")
    if row["StatusID"] == status:
        return Reply(body=_shown(row))
    if status == REJECTED:
        raise wrong("StatusID", "A rejection needs a disposition reason.")
    return _enter(state, ask, row, status, "stage", status)


def reject(state: State, ask: Ask) -> Reply:
    row, reason = records.submission(state, ask.params["id"]), ask.body["DispositionReasonID"]
    if reason not in REASONS:
        raise wrong("DispositionReasonID", f"Unknown reason {reason}.")
    if not REASONS[reason]["IsActive"]:
        raise wrong("DispositionReasonID", f"Reason {reason} is not active.")
    return _enter(state, ask, row, REJECTED, "rejection", reason, DispositionReasonID=reason)


def _enter(state: State, ask: Ask, row: Row, status: int, kind: str, value: int, **more: Any) -> Reply:
    number = row["ID"]
    if SUBMISSION_STATUSES[row["StatusID"]]["IsTerminal"]:
        raise records.terminal(number)
    name = SUBMISSION_STATUSES[status]["Name"]
    entered = state.submissions.change(number, state.local(ask.now), StatusID=status, Status=name, **more)
    wrote = Write(
        kind=kind,
        target=("application", str(number)),
        id=str(number),
        content=str(value).encode(),
        text=ask.body.get("Comment"),
        value=str(value),
    )
    return Reply(body=_shown(entered, *more), wrote=wrote)


def _shown(row: Row, *more: str) -> Row:
    return {name: row[name] for name in ("ID", "StatusID", "Status", *more, "ModifiedOn")}
