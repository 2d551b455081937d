"""Finds what a path or a body names, or refuses as eRecruit does."""

from entrypoints.sandbox.erecruit.manners import invalid, message, missing
from entrypoints.sandbox.erecruit.state import About, Row, State
from entrypoints.sandbox.wire import Ask, Refusal, Reply

_ABOUT_TYPES = {
    "candidate": ("Candidate", "candidate"),
    "contact": ("Contact", "candidate"),
    "position": ("Position", "job"),
    "submission": ("Submission", "application"),
    "company": ("Company", "company"),
}


def listed(names: dict[int, str]) -> Reply:
    return Reply(body=[{"ID": number, "Name": name} for number, name in names.items()])


def about_kind(text: str) -> str:
    """The kind that an AboutType stands for, whatever its case."""
    if text.casefold() not in _ABOUT_TYPES:
        raise Refusal(invalid("path", {"aboutType": [f"The value '{text}' is not valid for AboutType."]}))
    return _ABOUT_TYPES[text.casefold()][1]


def about(state: State, text: str, number: int) -> About:
    """Candidates answer to `Contact` too; a contact of a client company is not a candidate."""
    kind = about_kind(text)
    if text.casefold() == "contact" and is_client(state.contacts.rows.get(number)):
        kind = "contact"
    found = About(kind=kind, number=number)
    if not exists(state, found):
        raise missing(_ABOUT_TYPES[text.casefold()][0], number)
    return found


def asked_about(state: State, ask: Ask) -> About:
    return about(state, ask.params["about"], ask.params["id"])


def exists(state: State, wanted: About) -> bool:
    row = state.contacts.rows.get(wanted.number)
    return {
        "candidate": row is not None and not is_client(row),
        "contact": is_client(row),
        "job": wanted.number in state.positions.rows,
        "application": wanted.number in state.submissions.rows,
        "company": wanted.number in state.companies,
    }[wanted.kind]


def is_client(row: Row | None) -> bool:
    return row is not None and row["AboutType"] == "Contact"


def candidate(state: State, number: int) -> Row:
    row = state.contacts.rows.get(number)
    if row is None or is_client(row):
        raise missing("Candidate", number)
    return row


def position(state: State, number: int) -> Row:
    return _row(state.positions.rows, "Position", number)


def submission(state: State, number: int) -> Row:
    return _row(state.submissions.rows, "Submission", number)


def company(state: State, number: int) -> Row:
    return _row(state.companies, "Company", number)


def contact(state: State, number: int) -> Row:
    return _row(state.contacts.rows, "Contact", number)


def _row(rows: dict[int, Row], what: str, number: int) -> Row:
    if number not in rows:
        raise missing(what, number)
    return rows[number]


def terminal(number: int) -> Refusal:
    return Refusal(message(409, f"Submission {number} is in a terminal status."))
