"""Bodies of requests, as JSON; each takes by keyword what a test speaks of."""

import base64
from typing import Any

from tests import builders as b


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def a_file(**changes: Any) -> dict[str, Any]:
    return {"filename": "report.pdf", "content_base64": in_base64(b.a_pdf()), **changes}


def a_call_result(**changes: Any) -> dict[str, Any]:
    body = {
        "call_id": "call-1",
        "application_id": b.APPLICATION,
        "candidate_id": b.CANDIDATE,
        "job_id": b.JOB,
        "started_at": "2026-11-21T09:00:00Z",
        "ended_at": "2026-11-21T09:12:00Z",
        "outcome": "completed",
        "verdict": "passed",
        "score": 82.5,
        "summary": f"{b.FIRST_NAME} {b.LAST_NAME} has six years of TIG welding.",
        "answers": [{"question": "forklift", "text": "Do you hold a forklift licence?", "answer": "Yes"}],
        "transcript": [{"speaker": "candidate", "at_s": 3.5, "text": f"I came on {b.SPOKEN}."}],
        "report": a_file(),
    }
    return {name: value for name, value in {**body, **changes}.items() if value is not None}


def a_screening(**changes: Any) -> dict[str, Any]:
    body = {
        "screening_id": "screening-1",
        "application_id": b.APPLICATION,
        "candidate_id": b.CANDIDATE,
        "answers": [{"question": "forklift", "answer": "Yes"}],
        "score": 82.5,
    }
    return {**body, **changes}
