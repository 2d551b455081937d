"""What is sent to be written, and what must then stand in the ATS: told apart from what the product says of it."""

import base64
import hashlib
import random
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from adapters.rendering import as_html
from application import post_call_results, screen_and_tag
from domain.attachment import Attachment, reference_to
from domain.effect import EffectKind, Target
from domain.ids import FieldId, ReasonId, StageId
from domain.note import Note, paragraph, reference_line
from domain.policy import FieldMapping, Policy, RecordType, VerdictAction, Where
from domain.result_note import note_of
from domain.screening import Judgement, Verdict
from domain.writeback import FieldWish, Write
from entrypoints.bodies import decode_call_result
from entrypoints.sandbox.erecruit.fixtures import CANDIDATE, POSITION, SUBMISSION
from tests.builders import a_pdf

RECORDS = 60
TAG, SCREENED, STAGE, REASON = "65880", "101", "110", "14"
SCORE_FIELD, SUMMARY_FIELD, SHIFT_FIELD = "63", "45", "44"
APPENDED = frozenset({"note", "file", "application"})
"""Two of a kind and content are two; of what is set there is one, however often it is asked for."""

MARKS, MOVES, ALL, CALM = "marks", "moves", "all", "calm"
_ACTIONS = {
    Verdict.PASSED: VerdictAction(stage=StageId(STAGE)),
    Verdict.FAILED: VerdictAction(disposition_reason=ReasonId(REASON)),
}
_FIELDS = (
    FieldMapping(pointer="/score", on=RecordType.APPLICATION, field=FieldId(SCORE_FIELD)),
    FieldMapping(pointer="/summary", on=RecordType.CANDIDATE, field=FieldId(SUMMARY_FIELD)),
)
POLICIES: Mapping[str, Policy] = {
    MARKS: Policy(fields=_FIELDS),
    MOVES: Policy(note_on=Where.CANDIDATE, report_on=Where.NONE, tag=False, screened_status=False, verdicts=_ACTIONS),
    ALL: Policy(note_on=Where.BOTH, report_on=Where.CANDIDATE, fields=_FIELDS, verdicts=_ACTIONS),
    CALM: Policy(note_on=Where.BOTH, report_on=Where.CANDIDATE, fields=_FIELDS, verdicts=_ACTIONS),
}
"""Connections by name: what each writes of a result. Nobody moves on `marks`, nobody marks on `moves`; nothing goes
wrong on `calm`.
"""


@attrs.frozen
class Expected:
    """One effect as the sandbox counts it: `content` is a note's text less its reference line, a file's digest, or what
    was set. `kind` is the effect's in our words, `counted_as` in the sandbox's.
    """

    kind: EffectKind
    target: Target
    content: str
    field: str | None = None

    @property
    def counted_as(self) -> tuple[str, str, str, str]:
        kind = "stage" if self.kind is EffectKind.STATUS else str(self.kind)
        return kind, str(self.target.type), self.target.id, self.content


@attrs.frozen(kw_only=True)
class Person:
    """A candidate of the sandbox with one open application, and a job that they have not applied for."""

    number: int

    @property
    def candidate(self) -> Target:
        return Target(RecordType.CANDIDATE, str(CANDIDATE + self.number))

    @property
    def application(self) -> Target:
        return Target(RecordType.APPLICATION, str(SUBMISSION + self.number))

    @property
    def job(self) -> str:
        return str(POSITION + (self.number * 7 + 3) % RECORDS)


PEOPLE = tuple(Person(number=number) for number in range(3, RECORDS) if number % 5 != 3 and number % 11 != 10)
"""Those whose application stands where the sandbox's applications begin."""


@attrs.frozen(kw_only=True)
class Wish:
    """Something to be handed in. An `event` may come by any way, a `write` only straight into the table."""

    connection: str
    key: str
    expected: tuple[Expected, ...]
    event: tuple[str, dict[str, Any]] | None = None
    write: Write | None = None
    file: Attachment | None = None


def wish_for(kind: EffectKind, person: Person, token: str, rng: random.Random, *, event: bool = False) -> Wish:
    """A request that has an effect of this kind; `token` is in all of its content. An `event` is no single write.

    None has a status and a move both: faults of the sandbox could not tell them apart.
    """
    results: dict[EffectKind, Callable[[], Wish]] = {
        EffectKind.STAGE: lambda: call_result(MOVES, person, token, rng, "passed"),
        EffectKind.REJECTION: lambda: call_result(MOVES, person, token, rng, "failed"),
        EffectKind.APPLICATION: lambda: single(kind, person, token, rng),
    }
    by_result = results.get(kind, lambda: call_result(MARKS, person, token, rng, rng.choice(["passed", "failed"])))
    if not event and kind is not EffectKind.STATUS and rng.random() < 0.4:
        return single(kind, person, token, rng)
    if kind in {EffectKind.TAG, EffectKind.STATUS} and rng.random() < 0.3:
        return screening(person, token)
    return by_result()


def call_result(connection: str, person: Person, token: str, rng: random.Random, verdict: str) -> Wish:
    """The result of a call, with a report."""
    report = a_pdf(token)
    body = {
        "call_id": token,
        "application_id": person.application.id,
        "candidate_id": person.candidate.id,
        "started_at": "2026-11-21T15:00:00Z",
        "ended_at": "2026-11-21T15:12:30Z",
        "outcome": "completed",
        "verdict": verdict,
        "score": rng.randint(0, 100),
        "summary": f"Screened under {token}.",
        "answers": [{"question": "permit", "text": "Are you allowed to work here?", "answer": "Yes & <soon>"}],
        "report": {"filename": "report.pdf", "content_base64": base64.b64encode(report).decode()},
    }
    expected = _of_result(POLICIES[connection], person, body, report, Verdict(verdict))
    return Wish(
        connection=connection,
        key=post_call_results.key_of(token),
        expected=expected,
        event=("atsbridge.call-result.v1", body),
    )


def _of_result(
    policy: Policy, person: Person, body: dict[str, Any], report: bytes, verdict: Verdict
) -> tuple[Expected, ...]:
    result, _ = decode_call_result(body)
    note = bare(as_html(note_of(result, Judgement(verdict)), "0" * 12))
    digest = hashlib.sha256(report).hexdigest()
    found = [Expected(EffectKind.NOTE, target, note) for target in _places(policy.note_on, person)]
    found += [Expected(EffectKind.FILE, target, digest) for target in _places(policy.report_on, person)]
    for mapping in policy.fields:
        target = person.application if mapping.on is RecordType.APPLICATION else person.candidate
        value = str(body[mapping.pointer.removeprefix("/")])
        found.append(Expected(EffectKind.FIELD, target, f"{mapping.field}={value}", mapping.field))
    if policy.tag:
        found.append(Expected(EffectKind.TAG, person.candidate, TAG))
    if policy.screened_status:
        found.append(Expected(EffectKind.STATUS, person.application, SCREENED))
    action = policy.verdicts.get(verdict)
    if action is not None and action.stage:
        found.append(Expected(EffectKind.STAGE, person.application, action.stage))
    if action is not None and action.disposition_reason:
        found.append(Expected(EffectKind.REJECTION, person.application, action.disposition_reason))
    return tuple(found)


def _places(where: Where, person: Person) -> list[Target]:
    return {
        Where.APPLICATION: [person.application],
        Where.CANDIDATE: [person.candidate],
        Where.BOTH: [person.application, person.candidate],
        Where.NONE: [],
    }[where]


def screening(person: Person, token: str) -> Wish:
    """Answers to be judged: a tag and a status."""
    body = {
        "screening_id": token,
        "application_id": person.application.id,
        "candidate_id": person.candidate.id,
        "answers": [{"question": "permit", "answer": "Yes"}],
    }
    expected = (
        Expected(EffectKind.TAG, person.candidate, TAG),
        Expected(EffectKind.STATUS, person.application, SCREENED),
    )
    key = screen_and_tag.key_of(token)
    return Wish(connection=MARKS, key=key, expected=expected, event=("atsbridge.screening.v1", body))


def single(kind: EffectKind, person: Person, token: str, rng: random.Random) -> Wish:
    """One write of its own, under a key of its own."""
    target = rng.choice([person.application, person.candidate])
    match kind:
        case EffectKind.NOTE:
            note = Note(blocks=(paragraph(f"A note of {token}."),))
            write, content = Write(kind=kind, targets=(target,), note=note), bare(as_html(note, "0" * 12))
        case EffectKind.FILE:
            file = Attachment(filename="sheet.pdf", media_type="application/pdf", content=a_pdf(token))
            write = Write(kind=kind, targets=(target,), file=reference_to(file))
            content = hashlib.sha256(file.content).hexdigest()
            expected = (Expected(kind, target, content),)
            return Wish(connection=MARKS, key=token, expected=expected, write=write, file=file)
        case EffectKind.FIELD:
            target, value = person.candidate, str(rng.randint(1000, 999_999))
            write = Write(
                kind=kind, targets=(target,), fields=(FieldWish(field=FieldId(SHIFT_FIELD), value=int(value)),)
            )
            expected = (Expected(kind, target, f"{SHIFT_FIELD}={value}", SHIFT_FIELD),)
            return Wish(connection=MARKS, key=token, expected=expected, write=write)
        case _:
            target, content = _set(kind, person)
            write = Write(kind=kind, targets=(target,), value=content)
    return Wish(connection=MARKS, key=token, expected=(Expected(kind, target, content),), write=write)


def _set(kind: EffectKind, person: Person) -> tuple[Target, str]:
    return {
        EffectKind.TAG: (person.candidate, TAG),
        EffectKind.STAGE: (person.application, STAGE),
        EffectKind.REJECTION: (person.application, REASON),
        EffectKind.APPLICATION: (person.candidate, person.job),
    }[kind]


def bare(note: str) -> str:
    """A note's text without its reference line."""
    text, line, _ = note.rpartition(f"<p>{reference_line('')}")
    return text if line else note
