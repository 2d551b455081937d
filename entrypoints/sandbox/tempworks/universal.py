"""Who has this phone number, or this e-mail address: in an envelope of its own."""

from entrypoints.sandbox.fields import Field, Kind
from entrypoints.sandbox.tempworks.employees import universal_rows
from entrypoints.sandbox.tempworks.state import Row, State
from entrypoints.sandbox.wire import Ask, Reply


def _digits(text: str) -> str:
    if not text.isdecimal() or not text.isascii():
        raise ValueError(text)
    return text


def _email(text: str) -> str:
    if "@" not in text or " " in text:
        raise ValueError(text)
    return text.casefold()


def _never(value: object) -> str:
    raise ValueError(value)


PHONE = (Field("phone", Kind("digits", _never, _digits), required=True),)
EMAIL = (Field("emailAddress", Kind("an e-mail address", _never, _email), required=True),)


def by_phone(state: State, ask: Ask) -> Reply:
    """With the country code or without; many people may share a number."""
    wanted = ask.query["phone"]
    return _answer(
        state,
        [
            universal_rows(one, state, phoneType="Phone")
            for one in state.employees.values()
            if any(number and wanted in (number, f"{one.calling_code}{number}") for number in (one.phone, one.cell))
        ],
    )


def by_email(state: State, ask: Ask) -> Reply:
    wanted = ask.query["emailAddress"]
    people = state.employees.values()
    return _answer(
        state, [universal_rows(one, state) for one in people if one.email and one.email.casefold() == wanted]
    )


def _answer(state: State, rows: list[Row]) -> Reply:
    found = [] if state.switches.sees_no_branch else rows
    return Reply(
        body={
            "employees": {"results": {"result": found}},
            "customers": {"results": {"result": []}},
            "contacts": {"results": {"result": []}},
        }
    )
