"""What the gateway for customers without an ATS says and keeps, beyond the contracts."""

import pytest

from adapters.providers import PROVIDERS
from domain.errors import InvalidError
from ports.gateway import CAPABILITIES, Absence, AbsenceKind, Provider, need
from tests import builders as b
from tests.builders import an_attempt
from tests.rigs.public_api import public_api


async def test_six_things_can_be_done_and_no_other_applies() -> None:
    async with public_api() as rig:
        ports = {name: getattr(rig.gateway, name) for name in CAPABILITIES}
    absent = {name: port for name, port in ports.items() if isinstance(port, Absence)}
    assert set(ports) - set(absent) == {
        "job_lookup",
        "job_detail",
        "candidate_lookup",
        "resumes",
        "application_intake",
        "result_delivery",
    }
    assert {port.kind for port in absent.values()} == {AbsenceKind.NOT_APPLICABLE}


async def test_the_same_result_again_is_the_same_event() -> None:
    async with public_api() as rig:
        delivery = need(rig.gateway.result_delivery)
        receipts = [await delivery.deliver(b.a_call_result(), an_attempt(marker)) for marker in ("0" * 12, "1" * 12)]
        assert receipts[0] == receipts[1]
        assert len(rig.world.writes()) == 1


async def test_the_same_application_again_is_the_same_record() -> None:
    async with public_api() as rig:
        intake = need(rig.gateway.application_intake)
        for _ in range(2):
            await intake.create(rig.world.person.id, rig.world.job_not_applied_for, an_attempt())
        assert len(rig.world.writes()) == 1


async def test_a_live_look_finds_nothing_wrong() -> None:
    async with public_api() as rig:
        assert await rig.gateway.check.hosts() == ()


def test_there_is_nothing_to_set_and_no_secret() -> None:
    known = PROVIDERS[Provider.PUBLIC_API]
    assert known.check_settings({}, ()).settings == {}
    assert known.check_credentials({}) == {}
    for check in (lambda given: known.check_settings(given, ()), known.check_credentials):
        with pytest.raises(InvalidError) as refused:
            check({"api_key": "x"})
        assert [fault.pointer for fault in refused.value.faults] == ["/api_key"]
