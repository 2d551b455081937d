"""The writing half of the memory gateway, with the look-ups that prove what was written."""

from collections.abc import Callable

import attrs

from domain.attachment import LARGEST_FILE, Attachment, marked_name
from domain.custom_field import FieldDefinition, FieldUpdate, FieldValue
from domain.effect import Target
from domain.evidence import Absent, CannotTell, EvidenceGrade, Found, Receipt
from domain.ids import ApplicationId, CandidateId, JobId, ReasonId, StageId
from domain.job_application import Application, DispositionReason, Stage, Standing
from domain.note import Block, BlockKind, Note, reference_line
from domain.policy import RecordType
from ports.applications import ApplicationIntake, ReasonCatalogue, Rejection, StageCatalogue, StageMoves
from ports.attachments import Files
from ports.attempt import Attempt
from ports.errors import ConflictError, InvalidInputError, NotFoundError
from ports.fields import CustomFields
from ports.notes import Notes
from tests.builders import SCREENED
from tests.memory_ats import Done, Kept, MemoryAts, State

LONGEST_NOTE = 20_000


@attrs.frozen
class Applications(ApplicationIntake, StageCatalogue, ReasonCatalogue):
    ats: MemoryAts
    evidence: EvidenceGrade = EvidenceGrade.LIVE

    async def create(self, candidate: CandidateId, job: JobId, attempt: Attempt) -> Receipt:
        target = Target(RecordType.CANDIDATE, candidate)
        new = ApplicationId(self.ats.new_id("application"))

        def change(state: State) -> Done:
            state.must_have(target)
            state.must_have(Target(RecordType.JOB, job))
            if _application_of(state, candidate, job):
                raise ConflictError(f"candidate {candidate} has applied already")
            first = state.stages[0].id
            state.applications[new] = Application(id=new, job_id=job, candidate_id=candidate, stage_id=first)
            return Done(kind="application", target=target, id=new, content=job.encode(), value=job)

        return await self.ats.write("application_intake.create", attempt, change)

    async def find(self, candidate: CandidateId, job: JobId) -> Found | Absent | CannotTell:
        state = self.ats.read("application_intake.find")
        if self.ats.blind is not None:
            return CannotTell(self.ats.blind)
        found = _application_of(state, candidate, job)
        return Found(Receipt(id=found.id)) if found else Absent()

    async def stages(self) -> tuple[Stage, ...]:
        return self.ats.read("stages.stages").stages

    async def reasons(self) -> tuple[DispositionReason, ...]:
        return self.ats.read("reasons.reasons").reasons


def _application_of(state: State, candidate: CandidateId, job: JobId) -> Application | None:
    return next(
        (one for one in state.applications.values() if (one.candidate_id, one.job_id) == (candidate, job)), None
    )


@attrs.frozen
class Ways(StageMoves, Rejection):
    """Moves and rejections; a stage's own words decide what may be entered."""

    ats: MemoryAts
    evidence: EvidenceGrade = EvidenceGrade.LIVE
    screened_status: StageId | None = SCREENED

    async def move(self, application: ApplicationId, stage: StageId, attempt: Attempt) -> Receipt:
        def change(state: State) -> Done:
            state.move(application, stage, self.ats.clock.now())
            return self._done("stage", application, stage)

        return await self.ats.write("stage_moves.move", attempt, change)

    async def reject(self, application: ApplicationId, reason: ReasonId, attempt: Attempt) -> Receipt:
        def change(state: State) -> Done:
            state.reject(application, reason, self.ats.clock.now())
            return self._done("rejection", application, reason)

        return await self.ats.write("rejection.reject", attempt, change)

    async def current(self, application: ApplicationId) -> Standing | CannotTell:
        standing = self.ats.read("stage_moves.current").standing(application)
        return standing if self.ats.blind is None else CannotTell(self.ats.blind)

    def _done(self, kind: str, application: ApplicationId, value: str) -> Done:
        target = Target(RecordType.APPLICATION, application)
        return Done(kind=kind, target=target, id=application, content=value.encode(), value=value)


@attrs.frozen
class MemoryNotes(Notes):
    ats: MemoryAts
    on: RecordType
    evidence: EvidenceGrade = EvidenceGrade.LIVE

    def preview(self, note: Note, marker: str) -> str:
        text = "\n".join((*map(_plain, note.blocks), reference_line(marker)))
        if len(text) > LONGEST_NOTE:
            raise InvalidInputError(f"the note is longer than {LONGEST_NOTE} characters", field="text")
        return text

    async def add(self, record: str, note: Note, attempt: Attempt) -> Receipt:
        target, text, new = Target(self.on, record), self.preview(note, attempt.marker), self.ats.new_id("note")

        def change(state: State) -> Done:
            state.must_have(target)
            state.notes.setdefault(target, []).append(Kept(id=new, text=text))
            return Done(kind="note", target=target, id=new, content=text.encode(), text=text)

        return await self.ats.write(f"{self.on}_notes.add", attempt, change)

    async def find(self, record: str, marker: str) -> Found | Absent | CannotTell:
        target = Target(self.on, record)
        return find_marked(self.ats, f"{self.on}_notes.find", target, lambda state: state.notes, marker)


def _plain(block: Block) -> str:
    return "\n".join(f"- {item}" for item in block.items) if block.kind is BlockKind.BULLETS else block.text


def find_marked(
    ats: MemoryAts, operation: str, target: Target, kept: Callable[[State], dict[Target, list[Kept]]], marker: str
) -> Found | Absent | CannotTell:
    state = ats.read(operation)
    if ats.blind is not None:
        return CannotTell(ats.blind)
    try:
        state.must_have(target)
    except NotFoundError as gone:
        return CannotTell(gone.message)
    borne = [one for one in kept(state).get(target, []) if one.bears(marker)]
    return Found(Receipt(id=borne[0].id)) if borne else Absent()


@attrs.frozen
class MemoryFiles(Files):
    ats: MemoryAts
    on: RecordType
    evidence: EvidenceGrade = EvidenceGrade.LIVE

    async def add(self, record: str, file: Attachment, attempt: Attempt) -> Receipt:
        if not 0 < len(file.content) <= LARGEST_FILE:
            raise InvalidInputError("the file is empty or too large", field="content")
        target, new = Target(self.on, record), self.ats.new_id("file")
        name = marked_name(file.filename, attempt.marker)

        def change(state: State) -> Done:
            state.must_have(target)
            state.files.setdefault(target, []).append(Kept(id=new, name=name, content=file.content))
            return Done(kind="file", target=target, id=new, content=file.content, name=name)

        return await self.ats.write(f"{self.on}_files.add", attempt, change)

    async def find(self, record: str, marker: str) -> Found | Absent | CannotTell:
        target = Target(self.on, record)
        return find_marked(self.ats, f"{self.on}_files.find", target, lambda state: state.files, marker)


@attrs.frozen
class MemoryFields(CustomFields):
    ats: MemoryAts
    on: RecordType
    evidence: EvidenceGrade = EvidenceGrade.LIVE

    async def definitions(self) -> tuple[FieldDefinition, ...]:
        return self.ats.read(f"{self.on}_fields.definitions").definitions[self.on]

    async def current(self, record: str) -> tuple[FieldValue, ...] | CannotTell:
        state, target = self.ats.read(f"{self.on}_fields.current"), Target(self.on, record)
        state.must_have(target)
        if self.ats.blind is not None:
            return CannotTell(self.ats.blind)
        values = state.values.get(target, {})
        return tuple(
            FieldValue(field=one.id, name=one.name, value=values.get(one.id)) for one in state.definitions[self.on]
        )

    async def update(self, record: str, update: FieldUpdate, attempt: Attempt) -> Receipt:
        target = Target(self.on, record)

        def change(state: State) -> Done:
            state.must_have(target)
            if update.field not in {one.id for one in state.definitions[self.on]}:
                raise InvalidInputError(f"there is no field {update.field}", field=update.field)
            state.values.setdefault(target, {})[update.field] = update.value
            content = update.value.encode()
            return Done(
                kind="field", target=target, id=update.field, content=content, name=update.field, value=update.value
            )

        return await self.ats.write(f"{self.on}_fields.update", attempt, change)
