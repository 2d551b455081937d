"""Notes: HTML kept exactly as it was sent, one note on one or several records."""

from typing import Any

from entrypoints.sandbox.erecruit import records
from entrypoints.sandbox.erecruit.catalogue import NOTE_ACTIONS
from entrypoints.sandbox.erecruit.manners import wrong
from entrypoints.sandbox.erecruit.state import About, Note, State
from entrypoints.sandbox.fields import INTEGER, TEXT, Field, Kind
from entrypoints.sandbox.wire import Ask, Reply, Write

_RECORD_TYPES = {"Submission", "Candidate", "Contact", "Position", "Company"}


def _records(value: object) -> list[tuple[str, int]]:
    if not isinstance(value, list):
        raise ValueError(value)  # noqa: TRY004 - every kind refuses in the same way
    return [_record(item) for item in value]


def _record(item: Any) -> tuple[str, int]:
    if not isinstance(item, dict) or set(item) != {"Type", "ID"}:
        raise ValueError(item)
    return TEXT.from_json(item["Type"]), INTEGER.from_json(item["ID"])


def _not_text(value: str) -> Any:
    raise ValueError(value)


NOTE_FIELDS = (
    Field("Records", Kind("a list of records, each with Type and ID", _records, _not_text), required=True),
    Field("NoteBody", TEXT, required=True),
    Field("NoteActionID", INTEGER, required=True),
)


def add_note(state: State, ask: Ask) -> Reply:
    text, action = ask.body["NoteBody"], ask.body["NoteActionID"]
    if action not in NOTE_ACTIONS:
        raise wrong("NoteActionID", f"Unknown note action {action}.")
    if not text:
        raise wrong("NoteBody", "The NoteBody field is required.")
    about = _about(state, ask.body["Records"])
    number, now = len(state.notes) + 331_200, state.local(ask.now)
    row = {"ID": number, "NoteActionID": action, "NoteBody": text, "CreatedOn": now}
    shown = [{"Type": kind, "ID": at} for kind, at in ask.body["Records"]]
    state.notes[number] = Note(about=about, row=row | {"Records": shown})
    targets = tuple(one.target for one in about)
    wrote = Write(kind="note", target=targets[0], id=str(number), content=text.encode(), text=text, records=targets)
    return Reply(status=201, body={"ID": number, "NoteActionID": action, "CreatedOn": now}, wrote=wrote)


def _about(state: State, given: list[tuple[str, int]]) -> tuple[About, ...]:
    if not given:
        raise wrong("Records", "The Records field is required.")
    unknown = [kind for kind, _ in given if kind not in _RECORD_TYPES]
    if unknown:
        raise wrong("Records", f"Unknown record type {unknown[0]}.")
    return tuple(records.about(state, kind, number) for kind, number in given)


def notes_of(state: State, ask: Ask) -> Reply:
    wanted = records.asked_about(state, ask)
    return Reply(body=[note.row for note in state.notes.values() if wanted in note.about])
