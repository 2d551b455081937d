"""What is set and can be read back: custom fields and tags."""

from domain.custom_field import FieldUpdate, canonical
from domain.effect import Target
from domain.evidence import CannotTell, Receipt
from domain.ids import CandidateId, FieldId, TagId
from domain.policy import RecordType
from ports.attempt import Attempt
from ports.errors import InvalidInputError, NotFoundError
from ports.fields import CustomFields
from ports.gateway import need
from tests.contracts.contract import Act, Deed, contract, done_once, nothing_done, nothing_leaves_without_leave
from tests.rigs.rig import FieldCase, Rig

FIELDS = ("application_fields", "candidate_fields", "job_fields")


def _on(capability: str) -> RecordType:
    return RecordType(capability.removesuffix("_fields"))


def _port(rig: Rig, capability: str) -> CustomFields:
    match _on(capability):
        case RecordType.APPLICATION:
            return need(rig.gateway.application_fields)
        case RecordType.CANDIDATE:
            return need(rig.gateway.candidate_fields)
        case RecordType.JOB:
            return need(rig.gateway.job_fields)


def _cases(rig: Rig, capability: str) -> tuple[FieldCase, ...]:
    return rig.world.fields[_on(capability)]


def _setting(rig: Rig, capability: str, field: FieldId, value: str, record: str | None = None) -> Act:
    async def act(attempt: Attempt) -> Receipt:
        target = record or rig.world.bearer(_on(capability))
        return await _port(rig, capability).update(target, FieldUpdate(field, value), attempt)

    return act


async def _values(rig: Rig, capability: str) -> dict[FieldId, str | None]:
    values = await _port(rig, capability).current(rig.world.bearer(_on(capability)))
    assert isinstance(values, tuple), "these values can be read"
    return {one.field: one.value for one in values}


@contract(*FIELDS)
async def every_field_is_defined_once_with_its_kind(rig: Rig, capability: str) -> None:
    definitions = await _port(rig, capability).definitions()

    kinds = {definition.id: definition.kind for definition in definitions}
    assert len(kinds) == len(definitions)
    for case in _cases(rig, capability):
        assert kinds[case.field] is case.kind
    assert all(definition.name for definition in definitions)


@contract(*FIELDS, effect=True)
async def each_kind_of_value_is_kept_and_read_back_in_canonical_text(rig: Rig, capability: str) -> None:
    definitions = {one.id: one for one in await _port(rig, capability).definitions()}
    target = Target(_on(capability), rig.world.bearer(_on(capability)))
    for case in _cases(rig, capability):
        assert (await _values(rig, capability)).get(case.field) != case.value
        assert canonical(definitions[case.field], case.value) == case.value

        written = await done_once(rig, _setting(rig, capability, case.field, case.value), "field", target)

        assert (written["id"], written["value"]) == (case.field, case.kept)
        assert (await _values(rig, capability))[case.field] == case.value


@contract(*FIELDS, effect=True)
async def setting_one_field_leaves_the_others_as_they_were(rig: Rig, capability: str) -> None:
    case, before = _cases(rig, capability)[0], await _values(rig, capability)

    await done_once(
        rig,
        _setting(rig, capability, case.field, case.value),
        "field",
        Target(_on(capability), rig.world.bearer(_on(capability))),
    )

    assert await _values(rig, capability) == {**before, case.field: case.value}


@contract(*FIELDS)
async def no_field_is_set_that_is_not_there(rig: Rig, capability: str) -> None:
    case = _cases(rig, capability)[0]

    await nothing_done(rig, _setting(rig, capability, rig.world.no_field, "1"), InvalidInputError)
    await nothing_done(
        rig, _setting(rig, capability, case.field, case.value, rig.world.no_bearer(_on(capability))), NotFoundError
    )


@contract(*FIELDS)
async def values_of_a_record_that_is_not_there_are_not_found(rig: Rig, capability: str) -> None:
    async def look(_: Attempt) -> Receipt:
        await _port(rig, capability).current(rig.world.no_bearer(_on(capability)))
        return Receipt()

    await nothing_done(rig, look, NotFoundError)


@contract(*FIELDS)
async def no_field_is_set_without_leave(rig: Rig, capability: str) -> None:
    case = _cases(rig, capability)[0]

    await nothing_leaves_without_leave(rig, _setting(rig, capability, case.field, case.value))


def _tagging(rig: Rig, candidate: CandidateId | None = None, tag: TagId | None = None) -> Act:
    async def act(attempt: Attempt) -> Receipt:
        return await need(rig.gateway.tagging).tag(candidate or rig.world.person.id, tag or rig.world.tag, attempt)

    return act


def deed(rig: Rig, capability: str) -> Deed:
    """A value or a tag."""

    async def tagged() -> bool:
        tags = await need(rig.gateway.tagging).current(rig.world.person.id)
        return isinstance(tags, frozenset) and rig.world.tag in tags

    if capability == "tagging":
        return Deed(_tagging(rig), tagged)
    case = _cases(rig, capability)[0]

    async def set_so() -> bool:
        return (await _values(rig, capability)).get(case.field) == case.value

    return Deed(_setting(rig, capability, case.field, case.value), set_so)


@contract("tagging", effect=True)
async def a_tagged_candidate_bears_the_tag(rig: Rig, capability: str) -> None:
    tagging, world = need(rig.gateway.tagging), rig.world
    before = await tagging.current(world.person.id)
    assert isinstance(before, frozenset)
    assert world.tag not in before

    written = await done_once(rig, _tagging(rig), "tag", Target(RecordType.CANDIDATE, world.person.id))

    assert written["value"] == world.tag
    assert await tagging.current(world.person.id) == before | {world.tag}


@contract("tagging")
async def the_tag_for_screened_candidates_is_one_of_all_tags(rig: Rig, capability: str) -> None:
    tagging = need(rig.gateway.tagging)
    every = await tagging.tags()

    if rig.world.no_tag is None:
        assert isinstance(every, CannotTell)
        return
    assert isinstance(every, frozenset)
    assert {rig.world.tag, tagging.screened_tag} <= every
    assert rig.world.no_tag not in every


@contract("tagging")
async def nobody_is_tagged_with_nothing_and_nothing_is_tagged(rig: Rig, capability: str) -> None:
    await nothing_done(rig, _tagging(rig, tag=rig.world.no_tag or TagId(" ")), InvalidInputError)
    await nothing_done(rig, _tagging(rig, candidate=rig.world.no_candidate), NotFoundError)


@contract("tagging")
async def tags_of_nobody_are_not_found(rig: Rig, capability: str) -> None:
    async def look(_: Attempt) -> Receipt:
        await need(rig.gateway.tagging).current(rig.world.no_candidate)
        return Receipt()

    await nothing_done(rig, look, NotFoundError)


@contract("tagging")
async def nobody_is_tagged_without_leave(rig: Rig, capability: str) -> None:
    await nothing_leaves_without_leave(rig, _tagging(rig))
