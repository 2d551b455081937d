"""A dry run, then exactly that: whatever the result and the policy, what is shown is what then stands in the ATS."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.persistence.tables import metadata
from application.hand_in import DryRun, Shown
from domain.call_result import CallOutcome, CallResult
from domain.effect import EffectKind, EffectState
from domain.ids import ApplicationId, CandidateId, FieldId, JobId, ReasonId, StageId
from domain.policy import FieldMapping, Policy, RecordType, VerdictAction, Where
from domain.screening import Answer, Criteria, KnockOut, Screening, Verdict
from domain.writeback import WriteBackState
from entrypoints.sandbox.erecruit import ErecruitSandbox
from entrypoints.sandbox.erecruit.fixtures import CANDIDATE, POSITION, SUBMISSION
from entrypoints.sandbox.people import applications
from ports.commands import Accepted
from ports.scope import EVERYTHING
from tests import builders as b
from tests.erecruit.rig import opened
from tests.office import CONNECTION, Office, an_office

MISSING = "999999999"
_CALLS = count()
_KNOWN = [
    (ApplicationId(str(SUBMISSION + one.number)), CandidateId(str(CANDIDATE + one.person))) for one in applications(50)
]
_OPEN, _REJECTED, _PLACED, _SUBMITTED = _KNOWN[0], _KNOWN[2], _KNOWN[10], _KNOWN[3]
ABOUT = st.sampled_from(
    (
        _OPEN,
        _OPEN,
        _SUBMITTED,
        _REJECTED,
        _PLACED,
        (None, _OPEN[1]),
        (_OPEN[0], _SUBMITTED[1]),
        (ApplicationId(MISSING), _OPEN[1]),
        (None, CandidateId(MISSING)),
        (ApplicationId("not-a-number"), CandidateId("nor-this")),
    )
)
TEXTS = st.sampled_from(("", "Night", "true", "3", "-7", "28.50", "Français", 'Six <b>years</b> & "more"\nof 高所'))
ANSWERS = st.lists(
    st.builds(Answer, question=st.sampled_from(("permit", "shift")), answer=TEXTS, text=st.none() | TEXTS), max_size=2
).map(tuple)
SCORES = st.sampled_from((None, 0.0, 49.5, 100.0))
RESULTS = st.builds(
    lambda about, **parts: CallResult(
        call_id="",
        application_id=about[0],
        candidate_id=about[1],
        started_at=datetime(2026, 11, 21, 9, tzinfo=UTC),
        ended_at=datetime(2026, 11, 21, 9, 12, tzinfo=UTC),
        **parts,
    ),
    ABOUT,
    job_id=st.sampled_from((None, JobId(str(POSITION)), JobId(MISSING))),
    outcome=st.sampled_from((CallOutcome.COMPLETED, CallOutcome.COMPLETED, CallOutcome.NO_ANSWER)),
    verdict=st.sampled_from((None, *Verdict)),
    score=SCORES,
    summary=TEXTS,
    answers=ANSWERS,
    report=st.sampled_from((None, b.a_report())),
)
SCREENINGS = st.builds(
    lambda about, **parts: Screening(
        screening_id="", application_id=about[0] or ApplicationId(MISSING), candidate_id=about[1], **parts
    ),
    ABOUT,
    score=SCORES,
    answers=ANSWERS,
)
ACTIONS = st.builds(
    VerdictAction, stage=st.sampled_from([StageId(one) for one in ("101", "110", "120", "150", "190", "999", "odd")])
) | st.builds(VerdictAction, disposition_reason=st.sampled_from([ReasonId(one) for one in ("14", "15", "16", "999")]))
_FIELDS = {RecordType.CANDIDATE: 41, RecordType.JOB: 51, RecordType.APPLICATION: 61}
MAPPINGS = st.builds(
    lambda on, at, pointer: FieldMapping(pointer=pointer, on=on, field=FieldId(str(_FIELDS[on] + at))),
    st.sampled_from(RecordType),
    st.sampled_from((0, 1, 2, 3, 4, 4, 900)),
    st.sampled_from(("/summary", "/summary", "/score", "/answers/0/answer", "/verdict", "/nothing")),
)
POLICIES = st.builds(
    Policy,
    note_on=st.sampled_from(Where),
    report_on=st.sampled_from(Where),
    tag=st.booleans(),
    screened_status=st.booleans(),
    verdicts=st.fixed_dictionaries({}, optional=dict.fromkeys(Verdict, ACTIONS)),
    fields=st.lists(MAPPINGS, max_size=4).map(tuple),
    criteria=st.builds(
        Criteria,
        least_score=st.sampled_from((None, 50.0)),
        knock_outs=st.sampled_from(((), (KnockOut(question="permit", accept=("true", "Night")),))),
    ),
)


@pytest.fixture
async def office(sandbox: ErecruitSandbox, tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path) as office, opened(sandbox.connection) as gateway:
        office.without(gateway)
        yield office


async def rows(office: Office) -> dict[str, int]:
    """How many each table has."""

    def counted(c: sa.Connection) -> dict[str, int]:
        tables = metadata.sorted_tables
        return {one.name: c.scalar(sa.select(sa.func.count()).select_from(one)) or 0 for one in tables}

    return await office.stores.database.read(counted)


async def looked_at(office: Office, request: CallResult | Screening) -> DryRun:
    if isinstance(request, CallResult):
        return await office.post_call_results.dry_run(EVERYTHING, CONNECTION, request)
    return await office.screen_and_tag.dry_run(EVERYTHING, CONNECTION, request)


async def handed_in(office: Office, request: CallResult | Screening, agreed: str | None) -> Accepted:
    if isinstance(request, Screening):
        return await office.screen_and_tag(EVERYTHING, CONNECTION, request, if_match=agreed)
    files = (b.a_file(),) if request.report else ()
    return await office.post_call_results(EVERYTHING, CONNECTION, request, files, if_match=agreed)


def named(request: CallResult | Screening) -> CallResult | Screening:
    """Under a key of its own: keys are kept for ever, and the database outlives the example."""
    name = f"n-{next(_CALLS)}"
    if isinstance(request, CallResult):
        return attrs.evolve(request, call_id=name)
    return attrs.evolve(request, screening_id=name)


def foretold(shown: Shown) -> dict[str, Any]:
    """The write that the sandbox will show, out of what the dry run says and nothing else."""
    effect = shown.effect
    write: dict[str, Any] = {
        "kind": "stage" if effect.kind is EffectKind.STATUS else str(effect.kind),
        "target": {"type": str(effect.target.type), "id": effect.target.id},
    }
    match effect.kind:
        case EffectKind.NOTE:
            return {**write, "text": shown.preview}
        case EffectKind.FILE:
            return {**write, "name": shown.preview, "sha256": effect.file and effect.file.sha256}
        case EffectKind.FIELD:
            return {**write, "id": effect.field, "value": effect.wanted}
        case _:
            return {**write, "value": effect.value}


def seen(write: dict[str, Any]) -> dict[str, Any]:
    """A write of the sandbox, with the parts that a dry run speaks of."""
    parts = {"note": ("text",), "file": ("name", "sha256"), "field": ("id", "value")}.get(write["kind"], ("value",))
    shown = {name: write[name] for name in ("kind", "target", *parts)}
    if shown.get("value") in {"True", "False"}:  # as eRecruit spells what is true
        shown["value"] = shown["value"].lower()
    return shown


async def shown_then_done(office: Office, sandbox: ErecruitSandbox, request: Any, policy: Policy, agree: bool) -> None:
    await office.set_policy(policy)
    request, kept, written = named(request), await rows(office), len(sandbox.writes)
    run = await looked_at(office, request)
    assert await rows(office) == kept, "a dry run keeps nothing"
    assert len(sandbox.writes) == written, "a dry run writes nothing"
    done = await office.work_until_finished(await handed_in(office, request, run.digest if agree else None))
    assert done.state in {WriteBackState.DONE, WriteBackState.REFUSED, WriteBackState.HELD}
    expected = [foretold(one) for one in run.effects if one.effect.state is EffectState.PLANNED]
    assert [seen(one) for one in sandbox.writes[written:]] == expected
    ended = {EffectState.PLANNED: EffectState.CONFIRMED}
    assert [one.state for one in done.effects] == [ended.get(one.effect.state, one.effect.state) for one in run.effects]
    assert all(one.effect.reason for one in run.effects if one.effect.state is not EffectState.PLANNED)


@pytest.mark.slow
@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(RESULTS | RESULTS | SCREENINGS, POLICIES), min_size=1, max_size=2), st.booleans())
async def test_what_a_dry_run_shows_is_what_then_stands_in_the_ats(
    office: Office, sandbox: ErecruitSandbox, steps: list[tuple[CallResult | Screening, Policy]], agree: bool
) -> None:
    sandbox.reset()
    for request, policy in steps:
        await shown_then_done(office, sandbox, request, policy, agree)
