"""Things to keep."""

from datetime import UTC, datetime

from domain.attachment import Attachment, reference_to
from domain.call_result import CallOutcome, CallResult
from domain.effect import Effect, EffectKind, Target
from domain.ids import ApplicationId, CandidateId, ConnectionId
from domain.note import Note, paragraph
from domain.policy import Policy, RecordType
from domain.screening import Answer, Screening
from ports.commands import Claim, CommandKind, NewCommand
from ports.connections import Connection
from ports.gateway import Provider
from tests.persistence.worlds import World

ACME = ConnectionId("con_acme")
OTHER = ConnectionId("con_other")
CREDENTIALS = {"api_key": "canary-4f1d"}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
REPORT = Attachment(filename="report.pdf", media_type="application/pdf", content=b"%PDF-1.7 canary\n%%EOF\n")


def connection(of: ConnectionId = ACME, *, revision: int = 1, name: str = "Acme") -> Connection:
    return Connection(
        id=of,
        provider=Provider.KOMBO,
        name=name,
        settings={"base_url": "https://api.kombo.example", "tag": None},
        policy=Policy(),
        revision=revision,
        created_at=NOON,
    )


def screening(n: int = 1, *, answer: str = "yes", candidate: str = "ada") -> Screening:
    return Screening(
        screening_id=f"s{n}",
        application_id=ApplicationId(f"app-{n}"),
        candidate_id=CandidateId(candidate),
        answers=(Answer(question="licence", answer=answer),),
    )


def new(
    n: int = 1,
    *,
    of: ConnectionId = ACME,
    subject: str = "ada",
    answer: str = "yes",
    plan: tuple[Effect, ...] | None = None,
) -> NewCommand:
    return NewCommand(
        connection=of,
        key=f"screening:s{n}",
        kind=CommandKind.SCREENING,
        subject=subject,
        request=screening(n, answer=answer, candidate=subject),
        plan=plan,
    )


def call(n: int = 1, *, of: ConnectionId = ACME, subject: str = "ada", report: Attachment = REPORT) -> NewCommand:
    result = CallResult(
        call_id=f"c{n}",
        candidate_id=CandidateId(subject),
        started_at=NOON,
        ended_at=NOON,
        outcome=CallOutcome.COMPLETED,
        summary="canary summary",
        report=reference_to(report),
    )
    return NewCommand(
        connection=of,
        key=f"call-result:c{n}",
        kind=CommandKind.CALL_RESULT,
        subject=subject,
        request=result,
        files=(report,),
    )


def note(slot: str = "note@application", *, on: str = "app-1", type_: RecordType = RecordType.APPLICATION) -> Effect:
    text = Note(blocks=(paragraph("canary note"),))
    return Effect(slot=slot, kind=EffectKind.NOTE, target=Target(type_, on), note=text)


def tag(on: str = "ada") -> Effect:
    target = Target(RecordType.CANDIDATE, on)
    return Effect(slot="tag@candidate", kind=EffectKind.TAG, target=target, value="screened", before=("untagged",))


async def claimed(world: World, command: NewCommand | None = None) -> Claim:
    """A connection, a command in it, and a worker's claim on that."""
    await world.stores.connections.add(connection(), CREDENTIALS)
    await world.stores.commands.accept(command or new())
    (claim,) = await world.stores.commands.claim(1)
    return claim
