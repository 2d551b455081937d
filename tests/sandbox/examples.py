"""One accepted request for each row of the route tables."""

from typing import Any

import aiohttp
import attrs

from entrypoints.sandbox.erecruit import legacy, standard
from entrypoints.sandbox.erecruit.state import State
from entrypoints.sandbox.routes import Media, Route

ROUTES = (*standard.ROUTES, *legacy.ROUTES)

_IDS = {
    "Position": 90210,
    "Submission": 700123,
    "Contact": 55120,
    "Company": 4410,
    "Attachment": 990,
    "CandidateApplication": 700123,
    "CandidateAplication": 700123,
}
_BODIES: dict[str, dict[str, Any]] = {
    "/t/token": {
        "grant_type": "client_credentials",
        "client_id": "sandbox-client",
        "client_secret": "canary-client-secret-7d1f",
        "scope": "",
    },
    "/api/Authenticate": {
        "UserName": "api@canary.example.test",
        "Password": "canary-legacy-password-91c2",
        "EntityID": "00000000-0000-4000-8000-000000000e01",
    },
    "Candidate/Duplicate": {"First": "Zoé", "Last": "O'Neil", "Emails": ["zoe.oneil@canary.example.test"]},
    "{field:int}": {"ID": 42, "Name": "Shift", "Value": "Day"},
    "/webapi/Note": {
        "Records": [{"Type": "Submission", "ID": 700123}],
        "NoteBody": "<p>Screened.</p>",
        "NoteActionID": 496,
    },
    "CandidateApplication": {"CandidateID": 5145606, "PositionID": 90210, "ApplicationSourceID": 228},
    "CandidateAplication": {"CandidateID": 5145606, "PositionID": 90210, "ApplicationSourceID": 228},
    "/Status": {"StatusID": 101, "Comment": None},
    "/Reject": {"DispositionReasonID": 14, "Comment": None},
    "/api/Attachment": {"ReferenceID": 5145605, "AboutType": "Candidate", "AttachmentTypeID": 1000, "Name": "s.pdf"},
    "/api/Tag/{about}/{id:int}": {"TagID": 65880},
}
_QUERIES = {"Recruiter/ByEmail": {"Email": "recruiter.1@staffing.example.test"}, "/api/Tag": {"AboutType": "Candidate"}}


def path(route: Route[State]) -> str:
    parts = route.template.split("/")
    number = _IDS.get(parts[2], 5145605) if len(parts) > 2 else 0
    if {"{about}", "Candidate"} & set(parts):
        number = 5145605
    filled = route.template.replace("{id:int}", str(number)).replace("{field:int}", "42")
    return filled.replace("{about}", "Candidate").replace("{guid}", "6e5ab85a-0000-4000-8000-000000000001")


def query(route: Route[State]) -> dict[str, str]:
    return next((given for end, given in _QUERIES.items() if route.template.endswith(end)), {})


def body(route: Route[State]) -> dict[str, Any]:
    return dict(next(given for end, given in _BODIES.items() if route.template.endswith(end)))


def encoded(route: Route[State], given: dict[str, Any], *, file: object = b"%PDF-1.4 %%EOF") -> dict[str, Any]:
    """Arguments of a request that carries the body in the first encoding that the route takes."""
    if route.media[0] is Media.JSON:
        return {"json": given}
    if route.media[0] is Media.FORM:
        return {"data": given}
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in given.items():
        form.add_field(name, str(value), filename="x.txt" if name == "a file" else None)
    if file is not None:
        form.add_field("file", file, filename="s.pdf", content_type="application/pdf")
    return {"data": form}


def request(route: Route[State]) -> dict[str, Any]:
    more = encoded(route, body(route)) if route.media else {}
    return {"params": query(route), **more}


def switched(route: Route[State], state: State) -> None:
    """Make the row exist, if that hangs on a switch."""
    state.switches = attrs.evolve(state.switches, misspelled_application_route="Aplication" in route.template)
