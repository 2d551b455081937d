"""What the harness must know of an ATS: its sandbox, the records to write on, and how its effects are told apart."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import attrs

from domain.effect import EffectKind, Target
from domain.ids import FieldId, ReasonId, StageId
from domain.note import Note
from domain.policy import FieldMapping, Policy, RecordType, VerdictAction, Where
from domain.screening import Verdict
from entrypoints.sandbox.sandbox import Sandbox
from ports.gateway import Provider

RECORDS = 60
MARKS, MOVES, ALL, CALM = "marks", "moves", "all", "calm"


@attrs.frozen(kw_only=True)
class Person:
    """A candidate of the sandbox with one open application, and a job that they have not applied for."""

    candidate_id: str
    application_id: str
    job: str

    @property
    def candidate(self) -> Target:
        return Target(RecordType.CANDIDATE, self.candidate_id)

    @property
    def application(self) -> Target:
        return Target(RecordType.APPLICATION, self.application_id)


@attrs.frozen(kw_only=True)
class Ats:
    """One provider behind the harness. Ids are the sandbox's.

    `routes`: of each kind of effect the route by which it is made, and the one by which it is looked for. `weak`: what
    no look can disprove; when its reply is lost, held is honest. `without`: faults after which a connection has to be
    parked, for there is nothing to log in with anew. `tag` and `screened` are None where there is no such
    mark. `number_field` is a candidate's. `rendered` is a note as the journal has it, less its reference line; `bare`
    takes that line off. `forget` removes a record, as a recruiter does it. `files_on_candidate`: where a file for an
    application stands.
    """

    provider: Provider
    kinds: tuple[EffectKind, ...]
    start: Callable[[], AbstractAsyncContextManager[Sandbox[Any]]]
    people: tuple[Person, ...]
    routes: Mapping[str, tuple[str, str]]
    stage: str
    reason: str
    score_field: str
    summary_field: str
    number_field: str
    rendered: Callable[[Note], str]
    bare: Callable[[str], str]
    forget: Callable[[Any, str], None]
    tag: str | None = None
    screened: str | None = None
    score_on: RecordType = RecordType.APPLICATION
    files_on_candidate: bool = False
    weak: frozenset[tuple[EffectKind, RecordType]] = frozenset()
    without: frozenset[str] = frozenset()
    settings: Mapping[str, object] = attrs.field(factory=dict)

    def policies(self) -> Mapping[str, Policy]:
        """Connections by name: what each writes of a result.

        Nobody moves on `marks`, nobody marks on `moves`; nothing goes wrong on `calm`.
        """
        fields = (
            FieldMapping(pointer="/score", on=self.score_on, field=FieldId(self.score_field)),
            FieldMapping(pointer="/summary", on=RecordType.CANDIDATE, field=FieldId(self.summary_field)),
        )
        actions = {
            Verdict.PASSED: VerdictAction(stage=StageId(self.stage)),
            Verdict.FAILED: VerdictAction(disposition_reason=ReasonId(self.reason)),
        }
        marking = Policy(fields=fields, tag=self.tag is not None, screened_status=self.screened is not None)
        everything = attrs.evolve(marking, note_on=Where.BOTH, report_on=Where.CANDIDATE, verdicts=actions)
        moving = Policy(
            note_on=Where.CANDIDATE, report_on=Where.NONE, tag=False, screened_status=False, verdicts=actions
        )
        return {MARKS: marking, MOVES: moving, ALL: everything, CALM: everything}
