"""Jobs and what stands round them: client company, client contact, owners, address."""

from entrypoints.sandbox.erecruit import records
from entrypoints.sandbox.erecruit.catalogue import CONTACT_STATUSES, POSITION_STATUSES, POSITION_TYPES
from entrypoints.sandbox.erecruit.lists import chosen, paged
from entrypoints.sandbox.erecruit.manners import message
from entrypoints.sandbox.erecruit.state import Row, State
from entrypoints.sandbox.wire import Ask, Refusal, Reply

OWNERS = {
    "6e5ab85a-0000-4000-8000-000000000001": ("Pat", "Roy"),
    "6e5ab85a-0000-4000-8000-000000000002": ("Siobhán", "O'Dea"),
}
_OPEN = 3


def list_positions(state: State, ask: Ask) -> Reply:
    return paged(state, ask, chosen(ask, state.positions.ordered(), StatusIDs="StatusID"), lambda row: row)


def posted_internally(state: State, _ask: Ask) -> Reply:
    """One bare array without pages, in which the title has another name."""
    return Reply(body=[_posted(row) for row in state.positions.ordered() if row["StatusID"] == _OPEN])


def _posted(row: Row) -> Row:
    left_out = {"Title", "StatusID", "Status", "ContactID", "CreatedOn", "ModifiedOn", "_links"}
    kept = {key: value for key, value in row.items() if key not in left_out}
    more = {"ReplyToEmail": None, "Citizenship": None, "WebMin": None, "WebMax": None, "Rating": 0}
    return {"PositionTitle": row["Title"], **kept, **more}


def get_position(state: State, ask: Ask) -> Reply:
    return Reply(body=records.position(state, ask.params["id"]))


def position_statuses(_state: State, _ask: Ask) -> Reply:
    return records.listed(POSITION_STATUSES)


def position_types(_state: State, _ask: Ask) -> Reply:
    rows = [{"ID": n, "Name": name, "CategoryID": 2, "SubCategoryID": 21} for n, name in POSITION_TYPES.items()]
    return Reply(body=rows)


def get_company(state: State, ask: Ask) -> Reply:
    return Reply(body=records.company(state, ask.params["id"]))


def contact_statuses(_state: State, _ask: Ask) -> Reply:
    return records.listed(CONTACT_STATUSES)


def owners(state: State, ask: Ask) -> Reply:
    number = records.asked_about(state, ask).number
    first, second = sorted(OWNERS, reverse=number % 2 == 1)
    return Reply(body=[{"RecruiterID": first, "IsPrimary": True}, {"RecruiterID": second, "IsPrimary": False}])


def recruiter(_state: State, ask: Ask) -> Reply:
    return _recruiter(ask.params["guid"].casefold())


def recruiter_by_email(_state: State, ask: Ask) -> Reply:
    wanted = ask.query["Email"].casefold()
    return _recruiter(next((guid for guid in OWNERS if _email(guid).casefold() == wanted), wanted))


def _recruiter(guid: str) -> Reply:
    if guid not in OWNERS:
        raise Refusal(message(404, f"Recruiter {guid} was not found."))
    first, last = OWNERS[guid]
    body = {"ID": guid, "First": first, "Last": last, "UserID": guid, "EmailAddress": _email(guid)}
    return Reply(body=body | {"Title": "Recruiter"})


def _email(guid: str) -> str:
    return f"recruiter.{guid[-1]}@staffing.example.test"


def addresses(state: State, ask: Ask) -> Reply:
    records.asked_about(state, ask)
    return Reply(body=[_address(ask.params["id"])])


def default_address(state: State, ask: Ask) -> Reply:
    records.asked_about(state, ask)
    return Reply(body=_address(ask.params["id"]))


def _address(number: int) -> Row:
    return {
        "AddressID": 80_000 + number,
        "AddressLine1": f"{number % 900 + 1} King St W",
        "AddressLine2": None,
        "City": "Toronto",
        "StateID": 9,
        "State": "Ontario",
        "StateCode": "ON",
        "RegionID": 3,
        "PostalCode": "M5H 1A1",
        "CountryID": 38,
        "CountryCode": "CA",
        "TypeID": 400,
    }
