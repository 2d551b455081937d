"""Lists for ids."""

from collections.abc import Callable, Iterable

from entrypoints.sandbox.fields import BOOLEAN, INTEGER, TEXT, Field
from entrypoints.sandbox.tempworks import catalogue
from entrypoints.sandbox.tempworks.catalogue import BRANCHES, REPRESENTATIVE, REPRESENTATIVE_NAME
from entrypoints.sandbox.tempworks.lists import MAYBE, PAGED, paged
from entrypoints.sandbox.tempworks.manners import missing
from entrypoints.sandbox.tempworks.state import Row, State
from entrypoints.sandbox.wire import Ask, Reply

LISTED = (*PAGED, Field("active", MAYBE))
REPRESENTATIVES = (
    Field("skip", INTEGER, required=True),
    Field("take", INTEGER, required=True),
    Field("includeInactives", BOOLEAN),
)
BRANCH_QUERY = (
    *PAGED,
    Field("restrictToActiveBranches", BOOLEAN),
    Field("restrictToWebPublicBranches", BOOLEAN),
    Field("employerId", INTEGER),
    Field("postalCode", TEXT),
)


def _listing(rows: Iterable[Row]) -> Callable[[State, Ask], Reply]:
    kept = list(rows)

    def listed(_state: State, ask: Ask) -> Reply:
        wanted = ask.query.get("active")
        found = [row for row in kept if wanted in (None, row["isActive"])]
        start, take = ask.query.get("skip", 0), ask.query.get("take", len(found) or 1)
        return Reply(body={"data": found[start : start + take], "totalCount": len(found)})

    return listed


def _named(word: str, names: dict[int, str] | dict[str, str]) -> list[Row]:
    return [{f"{word}Id": number, word: name, "isActive": True} for number, name in names.items()]


message_actions = _listing(catalogue.MESSAGE_ACTIONS.values())
candidate_statuses = _listing(catalogue.CANDIDATE_STATUSES.values())
assignment_statuses = _listing(catalogue.ASSIGNMENT_STATUSES.values())
job_order_statuses = _listing(_named("jobOrderStatus", catalogue.JOB_ORDER_STATUSES))
employee_statuses = _listing(_named("employeeStatus", catalogue.EMPLOYEE_STATUSES))
document_types = _listing(_named("documentType", catalogue.DOCUMENT_TYPES))
branch_names = _listing(_named("branch", BRANCHES))


def branches(state: State, ask: Ask) -> Reply:
    return paged(state, ask, list(BRANCHES.items()), lambda pair: _branch(*pair))


def _branch(number: int, name: str) -> Row:
    unset = ("emailAddress", "phoneNumber", "address", "distanceUnit", "distanceToLocation")
    return dict.fromkeys(unset) | {
        "branchId": number,
        "branchName": name,
        "branchFullName": f"{name} Branch",
        "isActive": True,
        "region": "NC   ",
        "employerId": 1,
        "employer": "Acme Staffing",
        "hierId": 1,
    }


def representatives(state: State, ask: Ask) -> Reply:
    row = {"srIdent": REPRESENTATIVE, "serviceRep": REPRESENTATIVE_NAME, "serviceRepFullName": "Jane Rep"}
    return paged(state, ask, [row | {"isActive": True, "email": None, "phoneNumber": None}], lambda one: one)


def user(state: State, ask: Ask) -> Reply:
    if ask.params["id"] != REPRESENTATIVE:
        raise missing()
    row = {"srIdent": REPRESENTATIVE, "repFullName": "Jane Rep", "email": None, "branchId": 7}
    return Reply(body=row | {"ianaTimeZone": state.zone, "dateFormatId": 1})
