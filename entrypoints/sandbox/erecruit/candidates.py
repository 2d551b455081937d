"""Candidates, under either of their names, how to reach them, and the fuzzy look-up of duplicates."""

import re
import unicodedata

from entrypoints.sandbox.erecruit import records
from entrypoints.sandbox.erecruit.catalogue import COMMUNICATION_CATEGORIES
from entrypoints.sandbox.erecruit.lists import chosen, paged
from entrypoints.sandbox.erecruit.manners import invalid
from entrypoints.sandbox.erecruit.state import About, Row, State
from entrypoints.sandbox.fields import TEXT, TEXTS, Field
from entrypoints.sandbox.wire import Ask, Refusal, Reply

EMAIL, PHONE = 200, 100
DUPLICATE_FIELDS = (
    Field("First", TEXT),
    Field("Last", TEXT),
    Field("Middle", TEXT),
    Field("Emails", TEXTS),
    Field("Phones", TEXTS),
)


def list_contacts(state: State, ask: Ask) -> Reply:
    """Candidates and people of client companies, side by side."""
    return _list(state, ask, state.contacts.ordered())


def list_candidates(state: State, ask: Ask) -> Reply:
    return _list(state, ask, [row for row in state.contacts.ordered() if not records.is_client(row)])


def _list(state: State, ask: Ask, rows: list[Row]) -> Reply:
    def show(row: Row) -> Row:
        return {**row, "Communications": state.communications.get(_about(row), [])}

    inline = state.switches.communications_in_lists
    return paged(state, ask, chosen(ask, rows), show if inline else lambda row: row)


def _about(row: Row) -> About:
    return About(kind="contact" if records.is_client(row) else "candidate", number=row["ID"])


def get_contact(state: State, ask: Ask) -> Reply:
    return Reply(body=records.contact(state, ask.params["id"]))


def get_candidate(state: State, ask: Ask) -> Reply:
    return Reply(body=records.candidate(state, ask.params["id"]))


def communications(state: State, ask: Ask) -> Reply:
    return Reply(body=state.communications.get(records.asked_about(state, ask), []))


def communication_categories(_state: State, _ask: Ask) -> Reply:
    return records.listed(COMMUNICATION_CATEGORIES)


def duplicates(state: State, ask: Ask) -> Reply:
    """Near names and near addresses count: who wants certainty must look again."""
    given = {name: value for name, value in ask.body.items() if value}
    if len(given) != len(ask.body) or not given:
        raise Refusal(invalid("body", {"": ["Give at least one argument, and none that is empty."]}))
    rows = (row for row in state.contacts.ordered() if not records.is_client(row))
    return Reply(body=[row for row in rows if _resembles(state, row, given)])


def _resembles(state: State, row: Row, given: dict[str, object]) -> bool:
    reached = state.communications.get(_about(row), [])
    return (
        _same_name(row, given)
        or bool(_keys(reached, EMAIL) & {_local_part(text) for text in _texts(given, "Emails")})
        or bool(_keys(reached, PHONE) & {_digits(text) for text in _texts(given, "Phones")})
    )


def _same_name(row: Row, given: dict[str, object]) -> bool:
    names = [(str(given[name]), str(row[name] or "")) for name in ("First", "Last") if name in given]
    return bool(names) and all(_plain(wanted)[:3] == _plain(found)[:3] for wanted, found in names)


def _keys(reached: list[Row], kind: int) -> set[str]:
    reduce = _local_part if kind == EMAIL else _digits
    return {reduce(row["Value"]) for row in reached if row["TypeID"] == kind}


def _texts(given: dict[str, object], name: str) -> list[str]:
    texts = given.get(name, [])
    return texts if isinstance(texts, list) else []


def _plain(text: str) -> str:
    """Without accents, marks and case."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in bare if letter.isalnum())


def _local_part(email: str) -> str:
    return email.casefold().partition("@")[0]


def _digits(phone: str) -> str:
    """The last ten digits of the number proper, without an extension."""
    return re.sub(r"\D", "", re.split(r"(?i)\s*(?:x|ext)", phone)[0])[-10:]
