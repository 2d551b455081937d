"""Every gateway keeps the same promises, and every promise is broken by a gateway that only says so."""

import pytest

from ports.errors import UnsupportedError
from ports.gateway import Absence, need
from tests.contracts.contract import Contract
from tests.contracts.every import EVERY
from tests.rigs.every import RIGS

WITH_AN_EFFECT = [contract for contract in EVERY if contract.effect]


def _name(value: object) -> str:
    return value.name if isinstance(value, Contract) else str(value)


@pytest.mark.parametrize("contract", EVERY, ids=_name)
@pytest.mark.parametrize("rig_name", RIGS)
async def test_the_promise_is_kept_or_the_absence_says_why(rig_name: str, contract: Contract) -> None:
    async with RIGS[rig_name]() as rig:
        port = getattr(rig.gateway, contract.capability)
        if isinstance(port, Absence):
            with pytest.raises(UnsupportedError) as absent:
                need(port)
            assert absent.value.message == port.why != ""
        else:
            await contract.run(rig, contract.capability)


@pytest.mark.parametrize("contract", WITH_AN_EFFECT, ids=_name)
@pytest.mark.parametrize("rig_name", RIGS)
async def test_a_gateway_that_does_nothing_is_found_out(rig_name: str, contract: Contract) -> None:
    async with RIGS[rig_name](hollow=True) as rig:
        if isinstance(getattr(rig.gateway, contract.capability), Absence):
            return
        with pytest.raises(AssertionError):
            await contract.run(rig, contract.capability)
        assert rig.world.writes() == []
