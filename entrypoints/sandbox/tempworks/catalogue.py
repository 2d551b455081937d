"""Lists that belong to the customer: branches, representatives, statuses, message actions, types of documents."""

from typing import Any

Row = dict[str, Any]

BRANCHES = {7: "Durham", 8: "Raleigh"}
CUSTOMERS = {4_410: "Acme Ltd", 4_411: "Boulangerie Léa inc.", 4_412: "Smith & Sons"}
REPRESENTATIVE, REPRESENTATIVE_NAME = 1080, "jane.rep"
SALES_TEAM = (6, "North")

UNFILLED, FILLED, CLOSED, CANCELLED = 19, 3, 5, 4
JOB_ORDER_STATUSES = {1: "Active", FILLED: "Filled", CANCELLED: "Cancelled", CLOSED: "Closed", UNFILLED: "Unfilled"}
ACTIVE_STATUSES = frozenset({1, FILLED, UNFILLED})
EMPLOYEE_STATUSES = {"A": "Eligible and Active", "I": "Ineligible", "F": "Familiar"}

WEB_CANDIDATE, SCREENED, ASSIGNED, REFUSED, REFUSED_LATER, REFUSED_OLD = 3, 5, 8, 9, 10, 11
OPEN, CUSTOMER_CANCELLED, COMPLETED, NO_SHOW = 26, 3, 1, 2
RESUME, I9, REPORT = 7, 15, 21


def _candidate_status(number: int, name: str, *, active: bool = True, refused: bool = False) -> Row:
    return {"candidateStatusId": number, "candidateStatus": name, "isActive": active, "isRefused": refused}


CANDIDATE_STATUSES = {
    row["candidateStatusId"]: row
    for row in (
        _candidate_status(WEB_CANDIDATE, "WCandidate"),
        _candidate_status(4, "Candidate"),
        _candidate_status(SCREENED, "Phone Screened"),
        _candidate_status(6, "Interview"),
        _candidate_status(7, "Submitted to Client"),
        _candidate_status(ASSIGNED, "Assigned"),
        _candidate_status(REFUSED, "Refused: Not Qualified", refused=True),
        _candidate_status(REFUSED_LATER, "Refused: Schedule", refused=True),
        _candidate_status(REFUSED_OLD, "Refused: Old Reason", active=False, refused=True),
        _candidate_status(12, "Old Status", active=False),
    )
}
ASSIGNMENT_STATUSES = {
    OPEN: {"assignmentStatusId": OPEN, "assignmentStatus": "Open", "isActive": True},
    CUSTOMER_CANCELLED: {
        "assignmentStatusId": CUSTOMER_CANCELLED,
        "assignmentStatus": "Customer Cancelled",
        "isActive": True,
    },
    COMPLETED: {"assignmentStatusId": COMPLETED, "assignmentStatus": "Complete", "isActive": True},
    NO_SHOW: {"assignmentStatusId": NO_SHOW, "assignmentStatus": "No Show", "isActive": True},
    4: {"assignmentStatusId": 4, "assignmentStatus": "Old Ending", "isActive": False},
}
DOCUMENT_TYPES = {RESUME: "Resume", I9: "I-9", 20: "Other", REPORT: "Interview Report"}

PHONE_SCREEN, NOTE, DEACTIVATE, REACTIVATE, DO_NOT_ASSIGN = 462, 100, 501, 502, 503
_FLAGS = ("isDeact", "isReact", "isAvailability", "isDoNotAssign", "isDefault")


def _action(number: int, name: str, *flags: str, **more: Any) -> Row:
    unset = dict.fromkeys(
        ("isDefaultDeactCode", "isDefaultReactCode", "isDefaultEmailCode", "isDefaultLMTC"), False
    ) | dict.fromkeys(_FLAGS, False)
    row = {
        "actionId": number,
        "action": name,
        "actionDescription": f"{name} (system)",
        "isEmployeeRelevant": True,
        "isCustomerRelevant": True,
        "isContactRelevant": True,
        "isActive": True,
        "messageActionTypeId": "00000000-0000-4000-8000-0000000000a1",
        "messageActionType": "Message",
        "displayColor": None,
        "canRead": True,
        "canWrite": True,
    }
    return row | unset | dict.fromkeys(flags, True) | more


MESSAGE_ACTIONS = {
    row["actionId"]: row
    for row in (
        _action(NOTE, "Message", "isDefault"),
        _action(PHONE_SCREEN, "Phone Screen"),
        _action(DEACTIVATE, "Deact", "isDeact"),
        _action(REACTIVATE, "React", "isReact"),
        _action(DO_NOT_ASSIGN, "DNA", "isDoNotAssign"),
        _action(504, "Available", "isAvailability"),
        _action(505, "Old", isActive=False),
        _action(506, "Payroll only", canWrite=False),
        _action(507, "Sales call", isEmployeeRelevant=False),
    )
}
