"""What the demo plays: who is called, what they say, and what must then stand in the ATS."""

import base64
import hashlib
from importlib.resources import files
from typing import Any

import attrs

CALLED = {"candidate_id": "5145605", "application_id": "700123"}
SCREENED = {"candidate_id": "5145609", "application_id": "700127"}
TAG, STATUS, NEXT_STAGE = "65880", "101", "120"
SUMMARY = "Five years of payroll work, free from Monday, day shift preferred."
POLICY = {
    "verdicts": {"passed": {"stage": NEXT_STAGE}},
    "criteria": {"least_score": 60, "knock_outs": [{"question": "work_permit", "accept": ["yes"]}]},
}
ANSWERS = [
    {"question": "work_permit", "text": "Are you allowed to work in the country?", "answer": "Yes"},
    {"question": "shift", "text": "Which shift suits you?", "answer": "Day"},
]


def report() -> bytes:
    """A real PDF of one page."""
    return files("entrypoints.cli").joinpath("demo_report.pdf").read_bytes()


def call_result() -> dict[str, Any]:
    """The body of `POST /v1/connections/{c}/call-results`."""
    return {
        "call_id": "demo-call-1",
        **CALLED,
        "started_at": "2026-11-21T15:00:00Z",
        "ended_at": "2026-11-21T15:12:30Z",
        "outcome": "completed",
        "score": 87,
        "summary": SUMMARY,
        "answers": ANSWERS,
        "report": {
            "filename": "phone-screen.pdf",
            "content_base64": base64.b64encode(report()).decode(),
        },
    }


def screening_event(connection: str) -> dict[str, Any]:
    """A CloudEvent that carries a screening."""
    return {
        "specversion": "1.0",
        "id": "demo-event-1",
        "source": "atsbridge/demo",
        "type": "atsbridge.screening.v1",
        "subject": connection,
        "datacontenttype": "application/json",
        "data": {"screening_id": "demo-screening-1", **SCREENED, "answers": ANSWERS, "score": 74},
    }


@attrs.frozen
class Expected:
    """One effect that must stand in the ATS, recognised by its content there."""

    kind: str
    target: tuple[str, str]
    about: str
    text: str | None = None
    value: str | None = None
    sha256: str | None = None

    def is_in(self, write: dict[str, Any]) -> bool:
        """Whether a write of the sandbox's is this effect."""
        return (
            write["kind"] == self.kind
            and (write["target"]["type"], write["target"]["id"]) == self.target
            and (self.text is None or self.text in write.get("text", ""))
            and (self.value is None or write.get("value") == self.value)
            and (self.sha256 is None or write["sha256"] == self.sha256)
        )


def expected() -> tuple[Expected, ...]:
    """What both results must have led to, each once."""
    digest = hashlib.sha256(report()).hexdigest()
    called, screened = ("candidate", CALLED["candidate_id"]), ("candidate", SCREENED["candidate_id"])
    first, second = ("application", CALLED["application_id"]), ("application", SCREENED["application_id"])
    return (
        Expected("note", first, "the note on the submission", text=SUMMARY),
        Expected("file", first, "the PDF report on the submission", sha256=digest),
        Expected("tag", called, "the tag on the candidate", value=TAG),
        Expected("stage", first, "the status of the submission", value=STATUS),
        Expected("stage", first, "the next stage of the submission", value=NEXT_STAGE),
        Expected("tag", screened, "the tag on the second candidate", value=TAG),
        Expected("stage", second, "the status of the second submission", value=STATUS),
        Expected("stage", second, "the next stage of the second submission", value=NEXT_STAGE),
    )


@attrs.frozen
class Count:
    """What stands in the ATS, against what must."""

    confirmed: int
    missing: tuple[str, ...]
    doubled: tuple[str, ...]
    foreign: tuple[str, ...]

    @property
    def good(self) -> bool:
        return not (self.missing or self.doubled or self.foreign)


def count(writes: list[dict[str, Any]]) -> Count:
    """Counts in the sandbox's own journal, by content; `foreign` are writes that nobody asked for."""
    wanted = expected()
    found = {one: sum(one.is_in(write) for write in writes) for one in wanted}
    foreign = [write for write in writes if not any(one.is_in(write) for one in wanted)]
    return Count(
        confirmed=sum(times >= 1 for times in found.values()),
        missing=tuple(one.about for one, times in found.items() if times == 0),
        doubled=tuple(one.about for one, times in found.items() if times > 1),
        foreign=tuple(f"{write['kind']} on {write['target']['type']} {write['target']['id']}" for write in foreign),
    )
