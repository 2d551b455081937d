"""What holds of every plan, whatever the policy, the facts and the request."""

from hypothesis import given
from hypothesis import strategies as st

from domain.call_result import CallOutcome, CallResult
from domain.checks import CAPABILITIES
from domain.effect import DECISIVE, Effect, EffectKind, EffectState, Target
from domain.ids import ReasonId, StageId
from domain.job_application import Outcome, Standing
from domain.plan import plan_call_result, plan_screening, plan_write
from domain.policy import FieldMapping, Policy, RecordType, VerdictAction, Where
from domain.screening import Criteria, Verdict
from domain.writeback import Facts, FieldWish, Write
from tests import builders as b

STAGES = st.sampled_from([stage.id for stage in b.STAGES] + [StageId("nowhere")])
REASONS = st.sampled_from([reason.id for reason in b.REASONS] + [ReasonId("nothing")])
ACTIONS = st.one_of(
    st.just(VerdictAction()),
    st.builds(VerdictAction, stage=STAGES),
    st.builds(VerdictAction, disposition_reason=REASONS),
)
MAPPINGS = st.builds(
    FieldMapping,
    pointer=st.sampled_from(("/score", "/summary", "/nothing", "/outcome")),
    on=st.sampled_from(RecordType),
    field=st.sampled_from((b.SALARY, b.SHIFT, b.START)),
)
POLICIES = st.builds(
    Policy,
    note_on=st.sampled_from(Where),
    report_on=st.sampled_from(Where),
    tag=st.booleans(),
    screened_status=st.booleans(),
    verdicts=st.dictionaries(st.sampled_from(Verdict), ACTIONS),
    fields=st.lists(MAPPINGS, max_size=4).map(tuple),
    criteria=st.builds(Criteria, least_score=st.none() | st.floats(0, 100)),
)
STANDINGS = st.builds(Standing, stage=st.none() | STAGES, outcome=st.sampled_from(Outcome), reason=st.none() | REASONS)
CAPABILITY_NAMES = [*CAPABILITIES.values(), "stages", "reasons"]
FACTS = st.builds(
    b.some_facts,
    absent=st.dictionaries(st.sampled_from(CAPABILITY_NAMES), st.just("not here"), max_size=4),
    missing=st.dictionaries(st.sampled_from((b.ON_APPLICATION, b.ON_JOB)), st.just("was not found"), max_size=1),
    standings=st.dictionaries(st.just(b.APPLICATION), STANDINGS),
    tags=st.dictionaries(st.just(b.CANDIDATE), st.sampled_from((frozenset(), frozenset({b.SCREENED_TAG})))),
    screened_tag=st.sampled_from((None, b.SCREENED_TAG)),
    screened_status=st.none() | STAGES,
)
RESULTS = st.builds(
    b.a_call_result,
    application_id=st.sampled_from((None, b.APPLICATION)),
    job_id=st.sampled_from((None, b.JOB)),
    outcome=st.sampled_from(CallOutcome),
    verdict=st.none() | st.sampled_from(Verdict),
    score=st.none() | st.floats(0, 100),
    summary=st.sampled_from(("", "Night")),
    report=st.sampled_from((None, b.a_report())),
)


def _holds_of_any_plan(effects: tuple[Effect, ...]) -> None:
    slots = [effect.slot for effect in effects]
    assert len(slots) == len(set(slots)), "slots are unique"
    decisive = [effect.kind in DECISIVE for effect in effects]
    assert decisive == sorted(decisive), "decisions come last"
    for effect in effects:
        assert effect.state in {EffectState.PLANNED, EffectState.SKIPPED, EffectState.REFUSED}
        assert effect.state is EffectState.PLANNED or effect.reason, "whatever is not done says why"
        assert effect.state is not EffectState.PLANNED or effect.target.id, "nothing is sent to nowhere"


@given(RESULTS, POLICIES, FACTS)
def test_a_plan_for_a_call_result_is_in_order_and_always_the_same(
    result: CallResult, policy: Policy, facts: Facts
) -> None:
    effects = plan_call_result(result, policy, facts)

    _holds_of_any_plan(effects)
    assert sum(effect.kind in DECISIVE for effect in effects) <= 1
    assert effects == plan_call_result(result, policy, facts)


@given(POLICIES, FACTS)
def test_a_plan_for_a_screening_writes_neither_notes_nor_files(policy: Policy, facts: Facts) -> None:
    effects = plan_screening(b.a_screening(), policy, facts)

    _holds_of_any_plan(effects)
    assert {effect.kind for effect in effects} <= {EffectKind.TAG, EffectKind.STATUS, *DECISIVE}
    assert effects == plan_screening(b.a_screening(), policy, facts)


@given(RESULTS, POLICIES, FACTS)
def test_nothing_is_planned_for_a_capability_that_is_absent(result: CallResult, policy: Policy, facts: Facts) -> None:
    for effect in plan_call_result(result, policy, facts):
        if CAPABILITIES[effect.kind, effect.target.type] in facts.absent:
            assert effect.state is not EffectState.PLANNED


@given(RESULTS, POLICIES, FACTS)
def test_what_a_policy_does_not_ask_for_is_not_in_the_plan(result: CallResult, policy: Policy, facts: Facts) -> None:
    kinds = {effect.kind for effect in plan_call_result(result, policy, facts)}

    assert policy.tag or EffectKind.TAG not in kinds
    assert policy.screened_status or EffectKind.STATUS not in kinds
    assert policy.fields or EffectKind.FIELD not in kinds
    assert policy.note_on is not Where.NONE or EffectKind.NOTE not in kinds


WISHES = st.lists(st.builds(FieldWish, field=st.sampled_from((b.SALARY, b.SHIFT)), value=st.integers()), max_size=3)
TARGETS = st.lists(st.sampled_from(("cand-1", "cand-2")), min_size=1, max_size=3)


@given(TARGETS, WISHES, FACTS)
def test_wishes_for_fields_never_share_a_slot(targets: list[str], wishes: list[FieldWish], facts: Facts) -> None:
    people = tuple(Target(RecordType.CANDIDATE, one) for one in targets)

    effects = plan_write(Write(kind=EffectKind.FIELD, targets=people, fields=tuple(wishes)), facts)

    _holds_of_any_plan(effects)
    assert len(effects) == len(targets) * len(wishes)


@given(st.lists(st.sampled_from(("app-1", "app-2", "app-3")), min_size=1, max_size=4), REASONS, FACTS)
def test_rejections_of_many_never_share_a_slot(targets: list[str], reason: ReasonId, facts: Facts) -> None:
    applications = tuple(Target(RecordType.APPLICATION, one) for one in targets)

    effects = plan_write(Write(kind=EffectKind.REJECTION, targets=applications, value=reason), facts)

    _holds_of_any_plan(effects)
