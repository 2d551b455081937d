"""One accepted request for each row of Kombo's table, and one accepted call for each of Avionté's rows behind it."""

import base64
from typing import Any

from entrypoints.sandbox.kombo import avionte, fixtures, records, unified
from entrypoints.sandbox.kombo.ids import Ids
from entrypoints.sandbox.kombo.inner import Inner
from entrypoints.sandbox.kombo.state import State
from entrypoints.sandbox.routes import Route

Body = dict[str, Any]

ROUTES, INNER = unified.ROUTES, avionte.ROWS
LISTS = ("jobs", "applications", "candidates", "application-stages", "rejection-reasons", "notes", "tags")
IDS = Ids(":".join(fixtures.AVIONTE))
NOBODY = "z" * 24
JOB, CANDIDATE, APPLICATION = (IDS.of(model, 0) for model in ("job", "candidate", "application"))
STAGE, BARRED = IDS.of("stage", 2), (IDS.of("stage", 0), IDS.of("stage", 1))
REASON, OLD_REASON = IDS.of("reason", 0), IDS.of("reason", 3)
TALENT, JOB_NUMBER = str(records.CANDIDATE), str(records.JOB)
FILE: Body = {
    "name": "Screening result.pdf",
    "type": "OTHER",
    "content_type": "application/pdf",
    "data": base64.b64encode(b"%PDF-1.4 %%EOF").decode(),
}
PERSON: Body = {"first_name": "Jo", "last_name": "Doe", "email_address": "jo.doe@people.example.test"}
NOTE: Body = {"content": "<p>ref 3f9c1a2b4d5e</p>", "content_type": "PLAIN_TEXT"}
_LINK: Body = {
    "label": "Result",
    "url": "https://results.example.test/1",
    "details": {"custom_field_name_prefix": "Acme:", "attributes": [{"key": "Score", "value": "87%"}]},
}
_DETAILS = {"job": 501, "candidate": 601, "application": 701}
_BODIES: dict[str, Body] = {
    "/stage": {"stage_id": STAGE},
    "/reject": {"rejection_reason_id": REASON, "note": "Position filled"},
    "/notes": NOTE,
    "/attachments": {"attachment": FILE},
    "/tags": {"tag": {"name": "Forklift"}},
    "/result-links": _LINK,
    "/applications": {"candidate": PERSON, "stage_id": STAGE, "attachments": [FILE]},
    "/ats/candidates": {"candidate": PERSON, "application": {"job_id": JOB}},
    "/force-sync": {"type": "DELTA"},
    "/front-office-v1": {"method": "GET", "path": f"/job/{JOB_NUMBER}"},
}


def path(route: Route[State]) -> str:
    """As it stands after the host."""
    return (
        route.template.replace("{application}", APPLICATION)
        .replace("{candidate}", CANDIDATE)
        .replace("{job}", JOB)
        .replace("{integration}", IDS.integration)
        .replace("{file}", IDS.of("attachment", 1))
    )


def body(route: Route[State]) -> Body:
    body = next(given for end, given in _BODIES.items() if route.template.endswith(end))
    return dict(body) | ({"tag": {"name": "Reliable"}} if route.method == "POST" and "tag" in body else {})


def more(route: Route[State]) -> dict[str, Any]:
    return {"json": body(route)} if route.media else {}


def inner_path(row: Inner) -> str:
    kind = row.template.split("/")[1]
    identity = {"job": JOB_NUMBER, "application": f"{TALENT}%3A{JOB_NUMBER}"}.get(kind, TALENT)
    return row.template.replace("{id}", identity).replace("{page}", "1").replace("{size}", "10")


def inner_data(row: Inner) -> object:
    if row.method == "PATCH":
        field = _DETAILS[row.template.split("/")[1]]
        return {"customDetails": [{"definitionId": field, "value": "Day"}]}
    return {
        "/jobs/multi-query": [int(JOB_NUMBER)],
        "/talent/{id}/activity": {"typeId": 31, "notes": "<p>ref 3f9c1a2b4d5e</p>"},
        "/candidate/{id}/note": {"note": "<p>ref 3f9c1a2b4d5e</p>", "noteType": "Phone screen"},
    }.get(row.template)
