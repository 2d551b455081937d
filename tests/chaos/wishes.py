"""What is sent to be written, and what must then stand in the ATS: told apart from what the product says of it."""

import base64
import hashlib
import random
from collections.abc import Iterator
from typing import Any

import attrs

from application import post_call_results, screen_and_tag
from domain.attachment import Attachment, reference_to
from domain.effect import EffectKind, Target
from domain.ids import FieldId
from domain.note import Note, paragraph
from domain.policy import Policy, RecordType, Where
from domain.result_note import note_of
from domain.screening import Judgement, Verdict
from domain.writeback import FieldWish, Write
from entrypoints.bodies import decode_call_result
from tests.builders import a_pdf
from tests.chaos.ats import MARKS, MOVES, Ats, Person

APPENDED = frozenset({"note", "file", "application"})
"""Two of a kind and content are two; of what is set there is one, however often it is asked for."""


@attrs.frozen
class Expected:
    """One effect as the sandbox counts it: `content` is a note's text less its reference line, a file's digest, or what
    was set. `kind` is the effect's in our words, `counted_as` in the sandbox's.
    """

    kind: EffectKind
    target: Target
    content: str
    field: str | None = None
    place: Target | None = None
    """Where the sandbox has it, if not on the target."""

    @property
    def counted_as(self) -> tuple[str, str, str, str]:
        kind = "stage" if self.kind is EffectKind.STATUS else str(self.kind)
        place = self.place or self.target
        return kind, str(place.type), place.id, self.content


@attrs.frozen(kw_only=True)
class Wish:
    """Something to be handed in. An `event` may come by any way, a `write` only straight into the table."""

    connection: str
    key: str
    expected: tuple[Expected, ...]
    event: tuple[str, dict[str, Any]] | None = None
    write: Write | None = None
    file: Attachment | None = None


@attrs.frozen
class Wishing:
    """Makes wishes for one ATS; the token given is in all content of a wish, so that its effects are like no others."""

    ats: Ats
    rng: random.Random

    def for_kind(self, kind: EffectKind, person: Person, token: str, *, event: bool = False) -> Wish:
        """A request that has an effect of this kind. An `event` is no single write.

        None has a status and a move both: faults of the sandbox could not tell them apart.
        """
        if kind is EffectKind.APPLICATION:
            return self.single(kind, person, token)
        if not event and kind is not EffectKind.STATUS and self.rng.random() < 0.4:
            return self.single(kind, person, token)
        if kind in {EffectKind.TAG, EffectKind.STATUS} and self.rng.random() < 0.3:
            return self.screening(person, token)
        if kind in {EffectKind.STAGE, EffectKind.REJECTION}:
            return self.call_result(MOVES, person, token, "passed" if kind is EffectKind.STAGE else "failed")
        return self.call_result(MARKS, person, token, self.rng.choice(["passed", "failed"]))

    def call_result(self, connection: str, person: Person, token: str, verdict: str) -> Wish:
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
            "score": self.rng.randint(0, 100),
            "summary": f"Screened under {token}.",
            "answers": [{"question": "permit", "text": "Are you allowed to work here?", "answer": "Yes & <soon>"}],
            "report": {"filename": "report.pdf", "content_base64": base64.b64encode(report).decode()},
        }
        return Wish(
            connection=connection,
            key=post_call_results.key_of(token),
            expected=tuple(self._of_result(self.ats.policies()[connection], person, body, report)),
            event=("atsbridge.call-result.v1", body),
        )

    def _of_result(self, policy: Policy, person: Person, body: dict[str, Any], report: bytes) -> Iterator[Expected]:
        result, _ = decode_call_result(body)
        verdict = Verdict(body["verdict"])
        note = self.ats.rendered(note_of(result, Judgement(verdict)))
        digest = hashlib.sha256(report).hexdigest()
        yield from (Expected(EffectKind.NOTE, target, note) for target in _places(policy.note_on, person))
        yield from (self._file(person, target, digest) for target in _places(policy.report_on, person))
        for mapping in policy.fields:
            target = person.application if mapping.on is RecordType.APPLICATION else person.candidate
            value = str(body[mapping.pointer.removeprefix("/")])
            yield Expected(EffectKind.FIELD, target, f"{mapping.field}={value}", mapping.field)
        yield from self._marks(person, tag=policy.tag, status=policy.screened_status)
        action = policy.verdicts.get(verdict)
        if action is not None and action.stage:
            yield Expected(EffectKind.STAGE, person.application, action.stage)
        if action is not None and action.disposition_reason:
            yield Expected(EffectKind.REJECTION, person.application, action.disposition_reason)

    def _file(self, person: Person, target: Target, digest: str) -> Expected:
        place = person.candidate if self.ats.files_on_candidate else None
        return Expected(EffectKind.FILE, target, digest, place=place)

    def _marks(self, person: Person, *, tag: bool, status: bool) -> Iterator[Expected]:
        if tag and self.ats.tag is not None:
            yield Expected(EffectKind.TAG, person.candidate, self.ats.tag)
        if status and self.ats.screened is not None:
            yield Expected(EffectKind.STATUS, person.application, self.ats.screened)

    def screening(self, person: Person, token: str) -> Wish:
        """Answers to be judged: a tag and a status."""
        body = {
            "screening_id": token,
            "application_id": person.application.id,
            "candidate_id": person.candidate.id,
            "answers": [{"question": "permit", "answer": "Yes"}],
        }
        return Wish(
            connection=MARKS,
            key=screen_and_tag.key_of(token),
            expected=tuple(self._marks(person, tag=True, status=True)),
            event=("atsbridge.screening.v1", body),
        )

    def single(self, kind: EffectKind, person: Person, token: str) -> Wish:
        """One write of its own, under a key of its own."""
        target = self.rng.choice([person.application, person.candidate])
        match kind:
            case EffectKind.NOTE:
                note = Note(blocks=(paragraph(f"A note of {token}."),))
                write = Write(kind=kind, targets=(target,), note=note)
                return _alone(token, write, Expected(kind, target, self.ats.rendered(note)))
            case EffectKind.FILE:
                file = Attachment(filename="sheet.pdf", media_type="application/pdf", content=a_pdf(token))
                write = Write(kind=kind, targets=(target,), file=reference_to(file))
                content = hashlib.sha256(file.content).hexdigest()
                return attrs.evolve(_alone(token, write, self._file(person, target, content)), file=file)
            case EffectKind.FIELD:
                field, value = FieldId(self.ats.number_field), self.rng.randint(1000, 999_999)
                write = Write(kind=kind, targets=(person.candidate,), fields=(FieldWish(field=field, value=value),))
                return _alone(token, write, Expected(kind, person.candidate, f"{field}={value}", field))
            case _:
                target, content = self._set(kind, person)
                write = Write(kind=kind, targets=(target,), value=content)
                return _alone(token, write, Expected(kind, target, content))

    def _set(self, kind: EffectKind, person: Person) -> tuple[Target, str]:
        return {
            EffectKind.TAG: (person.candidate, self.ats.tag or ""),
            EffectKind.STAGE: (person.application, self.ats.stage),
            EffectKind.REJECTION: (person.application, self.ats.reason),
            EffectKind.APPLICATION: (person.candidate, person.job),
        }[kind]


def _alone(token: str, write: Write, expected: Expected) -> Wish:
    return Wish(connection=MARKS, key=token, expected=(expected,), write=write)


def _places(where: Where, person: Person) -> list[Target]:
    return {
        Where.APPLICATION: [person.application],
        Where.CANDIDATE: [person.candidate],
        Where.BOTH: [person.application, person.candidate],
        Where.NONE: [],
    }[where]
