"""Custom fields: checked before the wire, one request each, read back live."""

import pytest

from domain.custom_field import FieldKind, FieldUpdate
from domain.evidence import EvidenceGrade
from domain.ids import FieldId
from entrypoints.sandbox.kombo import KomboSandbox
from entrypoints.sandbox.kombo.recruiter import redefine
from ports.errors import ConflictError, InvalidInputError, NotFoundError, OutcomeUnknownError, UnsupportedError
from ports.fields import CustomFields
from ports.gateway import Absence, AbsenceKind, Gateway, need
from tests.avionte.rig import application, candidate, forget, job, office
from tests.builders import an_attempt
from tests.clocks import FakeClock
from tests.kombo.rig import opened

KINDS = ("job", "candidate", "application")
FIRST = {"job": 501, "candidate": 601, "application": 701}


def fields(gateway: Gateway, kind: str) -> CustomFields:
    port: CustomFields | Absence = getattr(gateway, f"{kind}_fields")
    return need(port)


def record(kind: str, number: int = 2) -> str:
    return str({"job": job, "candidate": candidate, "application": application}[kind](number))


def update(field: int, value: str) -> FieldUpdate:
    return FieldUpdate(FieldId(str(field)), value)


async def values(gateway: Gateway, kind: str, number: int = 2) -> dict[str, str | None]:
    told = await fields(gateway, kind).current(record(kind, number))
    assert isinstance(told, tuple)
    return {one.field: one.value for one in told}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_field_of_a_type_never_heard_of_is_text_and_says_so(gateway: Gateway, kind: str) -> None:
    definitions = {one.id: one for one in await fields(gateway, kind).definitions()}

    odd = definitions[FieldId(str(FIRST[kind] + 8))]
    assert (odd.name, odd.kind, odd.kind_text) == ("Recruiter's rating", FieldKind.TEXT, "Hologram")
    assert [one.kind_text for one in definitions.values() if one is not odd] == [None] * 8
    assert "Fax" not in {one.name for one in definitions.values()}, "archived"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_change_is_seen_at_once_and_leaves_the_others_alone(
    sandbox: KomboSandbox, gateway: Gateway, kind: str
) -> None:
    port = fields(gateway, kind)
    first = FIRST[kind]

    await port.update(record(kind, 0), update(first + 3, "2026-12-01"), an_attempt())

    assert port.evidence is EvidenceGrade.LIVE
    assert await values(gateway, kind, 0) == {
        str(first): "Night",
        str(first + 1): "21.5",
        str(first + 3): "2026-12-01",
    }
    assert [(one["id"], one["value"]) for one in sandbox.writes] == [(str(first + 3), "2026-12-01")]


BAD = [(0, "Dusk"), (0, ""), (1, "a lot"), (1, "NaN"), (3, "soon"), (3, "2026-02-30"), (4, "maybe"), (5, "1e999")]


@pytest.mark.parametrize(("at", "value"), [*BAD, (7, "Latin"), (7, "English, French"), (9, "archived"), (98, "x")])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_value_that_cannot_be_is_refused_before_it_is_sent_and_its_field_named(
    sandbox: KomboSandbox, gateway: Gateway, kind: str, at: int, value: str
) -> None:
    attempt = an_attempt()

    with pytest.raises(InvalidInputError) as refused:
        await fields(gateway, kind).update(record(kind), update(FIRST[kind] + at, value), attempt)

    assert (attempt.begun, sandbox.writes) == ([], [])
    assert str(FIRST[kind] + at) in refused.value.message
    assert refused.value.field in {"value", "field"}


async def test_a_field_that_has_a_number_for_an_option_no_more_is_read_as_it_is(gateway: Gateway) -> None:
    assert await values(gateway, "job", 1) == {"501": "Weekend", "508": "English", "509": "***"}


async def test_a_definition_that_is_gone_or_has_changed_is_looked_up_again(
    sandbox: KomboSandbox, gateway: Gateway
) -> None:
    port = fields(gateway, "job")
    await port.definitions()
    redefine(sandbox.state, {"type": "job", "id": 501, "removed": True})

    assert (await values(gateway, "job", 0))["501"] == "Night", "kept, though nobody knows what it is"
    assert "501" not in {one.id for one in await port.definitions()}
    with pytest.raises(InvalidInputError):
        await port.update(job(0), update(501, "Day"), an_attempt())


async def test_what_the_vendor_refuses_meanwhile_is_refused(sandbox: KomboSandbox, gateway: Gateway) -> None:
    port = fields(gateway, "candidate")
    await port.definitions()
    redefine(sandbox.state, {"type": "candidate", "id": 601, "options": ["Night"]})

    with pytest.raises(InvalidInputError):
        await port.update(candidate(2), update(601, "Day"), an_attempt())

    assert sandbox.writes == []


async def test_a_change_that_is_answered_without_a_body_is_done(sandbox: KomboSandbox, gateway: Gateway) -> None:
    sandbox.state.switches.empty_success = True

    receipt = await fields(gateway, "application").update(application(2), update(703, "Fine"), an_attempt())

    assert receipt.id == "703"
    assert (await values(gateway, "application"))["703"] == "Fine"


@pytest.mark.parametrize("fault", ["done_then_inner_500", "done_then_504", "done_reply_lost", "503_html"])
async def test_a_change_without_a_clear_answer_is_in_doubt_and_a_look_tells(
    sandbox: KomboSandbox, gateway: Gateway, fault: str
) -> None:
    port, attempt = fields(gateway, "application"), an_attempt()
    await port.definitions()
    sandbox.faults.arm(fault, route="PATCH")

    with pytest.raises(OutcomeUnknownError):
        await port.update(application(2), update(703, "Fine"), attempt)

    done = fault != "503_html"
    assert len(attempt.begun) == 1
    assert len(sandbox.writes) == int(done)
    assert (await values(gateway, "application")).get("703") == ("Fine" if done else None)


async def test_a_record_that_avionte_has_no_more_is_named_as_it_was_asked_for(
    sandbox: KomboSandbox, gateway: Gateway
) -> None:
    """Kombo's copy still shows it: the request itself meets the dead id."""
    forget(sandbox, "job", 3)

    with pytest.raises(NotFoundError) as missing:
        await fields(gateway, "job").update(job(3), update(503, "x"), an_attempt())

    assert (missing.value.kind, missing.value.record_id, sandbox.writes) == ("job", job(3), [])


async def test_a_merged_candidates_field_is_set_on_nobody(sandbox: KomboSandbox, gateway: Gateway) -> None:
    forget(sandbox, "candidate", 3)

    with pytest.raises(ConflictError, match="was merged or removed"):
        await fields(gateway, "candidate").update(candidate(3), update(603, "x"), an_attempt())

    assert sandbox.writes == []


async def test_an_application_is_named_by_kombos_composite_and_never_by_a_number(
    sandbox: KomboSandbox, gateway: Gateway
) -> None:
    await fields(gateway, "application").update(application(2), update(703, "Fine"), an_attempt())

    assert [one["target"] for one in sandbox.writes] == [{"type": "application", "id": application(2)}]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("odd", ["a?b", "a/b", "../x", "nobody", "1", "remote:nobody"])
async def test_an_id_that_is_none_finds_nothing_and_changes_nothing(
    sandbox: KomboSandbox, gateway: Gateway, kind: str, odd: str
) -> None:
    attempt = an_attempt()

    with pytest.raises(NotFoundError) as missing:
        await fields(gateway, kind).update(odd, update(FIRST[kind] + 2, "x"), attempt)

    assert (missing.value.kind, missing.value.record_id) == (kind, odd)
    assert (attempt.begun, sandbox.writes) == ([], [])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("odd", ["a,b", "", " ", "remote:", "remote:1,2"])
async def test_what_would_be_several_ids_or_none_is_refused(gateway: Gateway, kind: str, odd: str) -> None:
    with pytest.raises(InvalidInputError):
        await fields(gateway, kind).current(odd)


async def test_a_record_can_be_named_by_the_id_that_avionte_has(gateway: Gateway) -> None:
    assert await fields(gateway, "job").current("remote:51000123") == await fields(gateway, "job").current(job(0))


async def test_a_tenant_without_the_pages_paths_says_so(sandbox: KomboSandbox, gateway: Gateway) -> None:
    sandbox.state.switches.page_dialect = False

    with pytest.raises(UnsupportedError, match="does not offer GET /candidate/customDetailDefinitions"):
        await fields(gateway, "candidate").definitions()


async def test_the_documented_dialect_has_no_custom_fields(sandbox: KomboSandbox, clock: FakeClock) -> None:
    async with opened(sandbox.connection, clock=clock, dialect="documented") as gateway:
        for kind in KINDS:
            port = getattr(gateway, f"{kind}_fields")
            assert isinstance(port, Absence)
            assert (port.kind, "public reference" in port.why) == (AbsenceKind.NOT_OFFERED, True)


async def test_a_customers_own_names_are_spoken(sandbox: KomboSandbox, clock: FakeClock) -> None:
    for row in office(sandbox).fields["candidate"]:
        row["label"] = f"{row['name']}, labelled"
    async with opened(sandbox.connection, clock=clock, assumed={"definition.name": "label"}) as gateway:
        names = {one.name for one in await fields(gateway, "candidate").definitions()}

    assert "Shift preference, labelled" in names
