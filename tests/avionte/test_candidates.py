"""Candidates in detail: what screening may know of a talent, and nothing else."""

import attrs
import msgspec
import pytest

from domain.candidate import CandidateDetail
from domain.ids import CandidateId
from entrypoints.sandbox.kombo import KomboSandbox
from entrypoints.sandbox.kombo.recruiter import retire
from entrypoints.sandbox.kombo.talents import SENSITIVE
from ports.errors import ConflictError, NotFoundError, UnavailableError
from ports.gateway import Gateway, need
from tests.avionte.rig import candidate, office
from tests.clocks import FakeClock
from tests.kombo.rig import opened


async def detail(gateway: Gateway, number: int = 0) -> CandidateDetail:
    found = await need(gateway.candidate_lookup).detail(candidate(number))
    assert isinstance(found, CandidateDetail)
    return found


async def test_a_candidate_in_detail_is_the_record_with_what_the_talent_tells(gateway: Gateway) -> None:
    record, found = await need(gateway.candidate_lookup).candidate(candidate(0)), await detail(gateway)

    assert attrs.asdict(found).items() >= attrs.asdict(record).items()
    assert (found.status, found.office, found.source, found.available_from) == (
        "Active",
        "Springfield",
        "WebSite",
        "2026-11-30",
    )
    assert found.address == "100 Example Street, Springfield, IL, 62701, US"
    assert [(one.name, one.value) for one in found.fields] == [
        ("Shift preference", "Night"),
        ("Pay expectation", "21.5"),
    ]
    assert found.missing == ()


async def test_what_nobody_may_know_does_not_come_through(gateway: Gateway) -> None:
    shown = msgspec.json.encode(await detail(gateway)).decode() + repr(await detail(gateway))

    assert [word for word in SENSITIVE.values() if word in shown] == []
    assert [name for name in ("taxId", "birthday", "race", "disability", "gender", "veteran") if name in shown] == []


async def test_without_the_pages_paths_the_talent_is_shown_and_its_fields_are_missing(
    sandbox: KomboSandbox, gateway: Gateway
) -> None:
    sandbox.state.switches.page_dialect = False

    found = await detail(gateway)

    assert (found.status, found.fields, found.missing) == ("Active", (), ("fields",))


async def test_the_documented_dialect_misses_no_fields_for_it_has_none(sandbox: KomboSandbox, clock: FakeClock) -> None:
    async with opened(sandbox.connection, clock=clock, dialect="documented") as gateway:
        found = await detail(gateway)

    assert (found.status, found.fields, found.missing) == ("Active", (), ())


async def test_a_talent_that_cannot_be_read_is_missing_and_one_in_trouble_is_not(
    sandbox: KomboSandbox, gateway: Gateway
) -> None:
    later = sandbox.world.clock().replace(year=sandbox.world.clock().year + 1)
    retire(office(sandbox), candidate(3), sandbox.world.clock(), later)

    assert (await detail(gateway, 3)).missing == ("talent", "fields")
    sandbox.faults.arm("inner_500", times=9)
    with pytest.raises(UnavailableError):
        await detail(gateway)


@pytest.mark.parametrize("odd", ["nobody", "a?b", "a/b"])
async def test_nobody_has_no_detail(gateway: Gateway, odd: str) -> None:
    with pytest.raises(NotFoundError):
        await need(gateway.candidate_lookup).detail(CandidateId(odd))


async def test_of_a_merged_candidate_every_look_says_who_bears_their_name_now(
    sandbox: KomboSandbox, gateway: Gateway, clock: FakeClock
) -> None:
    survivor = retire(office(sandbox), candidate(3), clock.now(), clock.now())

    for look in (need(gateway.candidate_lookup).candidate, need(gateway.candidate_lookup).detail):
        with pytest.raises(ConflictError, match=f"candidate {survivor} bears the same name"):
            await look(candidate(3))
    with pytest.raises(ConflictError, match=f"candidate {survivor} bears the same name"):
        await need(gateway.tagging).current(candidate(3))
    assert (await need(gateway.candidate_lookup).detail(CandidateId(survivor))).id == survivor
