import pytest

from domain.effect import EffectKind, EffectState, Target
from domain.ids import FieldId
from domain.policy import RecordType
from domain.writeback import FieldWish, Write, WriteBackState
from ports.commands import WriteBack
from ports.errors import ConflictError
from ports.scope import EVERYTHING
from tests import builders as b
from tests.office import CONNECTION, Office

NOTE = Write(kind=EffectKind.NOTE, targets=(b.ON_CANDIDATE,), note=b.a_note())
EACH_KIND = [
    NOTE,
    Write(kind=EffectKind.NOTE, targets=(b.ON_APPLICATION,), note=b.a_note()),
    Write(kind=EffectKind.FILE, targets=(b.ON_APPLICATION,), file=b.a_report()),
    Write(kind=EffectKind.FILE, targets=(b.ON_CANDIDATE,), file=b.a_report()),
    Write(kind=EffectKind.TAG, targets=(b.ON_CANDIDATE,), value="vip"),
    Write(kind=EffectKind.STAGE, targets=(b.ON_APPLICATION,), value=b.INTERVIEW),
    Write(kind=EffectKind.REJECTION, targets=(b.ON_APPLICATION,), value=b.NOT_QUALIFIED),
    Write(kind=EffectKind.APPLICATION, targets=(b.ON_CANDIDATE,), value="job-3"),
    *(
        Write(kind=EffectKind.FIELD, targets=(target,), fields=(FieldWish(field=b.SALARY, value=5200.0),))
        for target in (b.ON_APPLICATION, b.ON_CANDIDATE, b.ON_JOB)
    ),
]


async def written(office: Office, write: Write, key: str = "write:1") -> WriteBack:
    accepted = await office.write_one(EVERYTHING, CONNECTION, key, write, (b.a_file(),) if write.file else ())
    return await office.work_until_finished(accepted)


@pytest.mark.parametrize("write", EACH_KIND, ids=lambda write: f"{write.kind}@{write.targets[0].type}")
async def test_each_kind_of_write_is_one_effect_on_its_record(office: Office, write: Write) -> None:
    done = await written(office, write)
    assert (done.state, [one.state for one in done.effects]) == (WriteBackState.DONE, [EffectState.CONFIRMED])
    assert office.effects() == [(str(write.kind), write.targets[0].type, write.targets[0].id)]


@pytest.mark.parametrize("write", EACH_KIND, ids=lambda write: f"{write.kind}@{write.targets[0].type}")
async def test_the_same_key_writes_once(office: Office, write: Write) -> None:
    await written(office, write)
    await written(office, write)
    assert len(office.ats.writes) == 1


async def test_the_same_key_with_another_body_is_a_conflict(office: Office) -> None:
    await written(office, NOTE)
    with pytest.raises(ConflictError):
        await written(office, Write(kind=EffectKind.NOTE, targets=(b.ON_CANDIDATE,), note=b.a_note("Another.")))


async def test_other_keys_write_again_what_is_appended_but_not_what_is_set(office: Office) -> None:
    for key in ("write:1", "write:2"):
        await written(office, NOTE, key)
        await written(office, EACH_KIND[4], key + ":tag")
    assert [one["kind"] for one in office.ats.writes] == ["note", "tag", "note"]


async def test_many_rejections_give_one_result_an_id(office: Office) -> None:
    office.ats.state.move(b.OTHER_APPLICATION, b.HIRED, office.clock.now())
    targets = tuple(Target(RecordType.APPLICATION, one) for one in (b.APPLICATION, b.OTHER_APPLICATION, "app-9"))
    done = await written(office, Write(kind=EffectKind.REJECTION, targets=targets, value=b.NOT_QUALIFIED))
    states = {one.effect.target.id: (one.state, one.reason) for one in done.effects}
    assert states[b.APPLICATION] == (EffectState.CONFIRMED, None)
    assert states[b.OTHER_APPLICATION][0] is EffectState.REFUSED
    assert states["app-9"] == (EffectState.REFUSED, "application app-9 was not found")
    assert len(office.ats.writes) == 1


async def test_an_application_that_exists_already_is_found_not_made(office: Office) -> None:
    done = await written(office, Write(kind=EffectKind.APPLICATION, targets=(b.ON_CANDIDATE,), value=b.JOB))
    (effect,) = done.effects
    assert effect.state is EffectState.CONFIRMED
    assert effect.receipt is not None
    assert effect.receipt.id == b.APPLICATION
    assert not office.ats.writes


async def test_fields_are_coerced_to_their_types_one_effect_each(office: Office) -> None:
    wishes = (
        FieldWish(field=b.FORKLIFT, value="Yes"),
        FieldWish(field=b.SHIFT, value="day"),
        FieldWish(field=FieldId("nobody"), value="x"),
        FieldWish(field=b.START, value="soon"),
    )
    done = await written(office, Write(kind=EffectKind.FIELD, targets=(b.ON_CANDIDATE,), fields=wishes))
    assert [one.state for one in done.effects] == [EffectState.CONFIRMED] * 2 + [EffectState.REFUSED] * 2
    assert [one["value"] for one in office.ats.writes] == ["true", "Day"]
    assert "must be a date" in (done.effects[3].reason or "")


async def test_the_write_on_an_application_learns_whom_it_concerns(office: Office) -> None:
    """Two write-backs of one person never run at once, whatever record they name."""
    on_application = await office.write_one(EVERYTHING, CONNECTION, "write:1", EACH_KIND[1])
    first = await office.claim()
    assert first.subject == f"application:{b.APPLICATION}"
    await office.write_one(EVERYTHING, CONNECTION, "write:2", NOTE)
    second = await office.claim()
    assert second.subject == f"candidate:{b.CANDIDATE}"
    await office.carry_out(first)
    assert not office.ats.writes
    await office.carry_out(second)
    done = await office.work_until_finished(on_application)
    assert done.state is WriteBackState.DONE
    assert [one[0:2] for one in office.effects()] == [("note", "candidate"), ("note", "application")]
