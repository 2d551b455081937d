from domain.effect import EffectKind, EffectState, Target
from domain.job_application import Outcome, Standing
from domain.plan import plan_write
from domain.policy import RecordType
from domain.writeback import FieldWish, Write
from tests import builders as b
from tests.rules.plans import slots

PLANNED, SKIPPED, REFUSED = EffectState.PLANNED, EffectState.SKIPPED, EffectState.REFUSED


def test_a_single_write_is_one_effect_in_a_plain_slot() -> None:
    write = Write(kind=EffectKind.STAGE, targets=(b.ON_APPLICATION,), value=b.INTERVIEW)

    (effect,) = plan_write(write, b.some_facts())

    assert (effect.slot, effect.value, effect.before) == ("stage@application", b.INTERVIEW, ("stage:applied",))


def test_a_write_on_many_is_one_effect_each_judged_by_itself() -> None:
    ended = Standing(stage=b.HIRED, outcome=Outcome.CLOSED)
    standings = {b.APPLICATION: Standing(stage=b.APPLIED), b.OTHER_APPLICATION: ended}
    targets = (b.ON_APPLICATION, Target(RecordType.APPLICATION, b.OTHER_APPLICATION))
    write = Write(kind=EffectKind.REJECTION, targets=targets, value=b.NOT_QUALIFIED)

    effects = plan_write(write, b.some_facts(standings=standings))

    assert slots(effects) == ["rejection@application:app-1", "rejection@application:app-2"]
    assert [effect.state for effect in effects] == [PLANNED, REFUSED]


def test_wishes_for_fields_are_one_effect_each() -> None:
    wishes = (FieldWish(field=b.SALARY, value=5200), FieldWish(field=b.SHIFT, value="dawn"))

    effects = plan_write(Write(kind=EffectKind.FIELD, targets=(b.ON_CANDIDATE,), fields=wishes), b.some_facts())

    assert slots(effects) == ["field:salary@candidate", "field:shift@candidate"]
    assert [effect.state for effect in effects] == [PLANNED, REFUSED]
    assert effects[1].reason == "field shift must be one of: Day, Night"


def test_an_application_wanted_for_a_candidate_is_one_effect_on_the_candidate() -> None:
    write = Write(kind=EffectKind.APPLICATION, targets=(b.ON_CANDIDATE,), value=b.OTHER_JOB)

    (effect,) = plan_write(write, b.some_facts())

    assert (effect.slot, effect.value, effect.state) == ("application@candidate", b.OTHER_JOB, PLANNED)
    assert effect.target == b.ON_CANDIDATE
