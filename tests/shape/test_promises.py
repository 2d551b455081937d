"""No capability without a contract, and no provider without a rig."""

import inspect
from typing import get_args, get_type_hints

import pytest

from adapters.providers import PROVIDERS
from ports.gateway import CAPABILITIES, Absence, Gateway, need
from tests.contracts.every import EVERY, MODULES
from tests.rigs.every import RIGS
from tests.shape.source import suite


def _writes(capability: str) -> bool:
    (port, _) = get_args(get_type_hints(Gateway)[capability])
    methods = inspect.getmembers(port, inspect.isfunction)
    return any("attempt" in inspect.signature(method).parameters for _, method in methods)


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_every_capability_is_held_to_a_contract(capability: str) -> None:
    mine = [one for one in EVERY if one.capability == capability]

    assert mine
    assert any(one.effect for one in mine) is _writes(capability), "an effect is proved, not believed"


def test_every_contract_is_about_a_capability() -> None:
    assert {one.capability for one in EVERY} == set(CAPABILITIES)


def test_every_module_of_contracts_is_run() -> None:
    written = {one.path.stem for one in suite() if one.path.parent.name == "contracts" and "@contract(" in one.text}

    assert written == {module.__name__.rpartition(".")[2] for module in MODULES}


def test_every_provider_stands_on_a_rig() -> None:
    assert {str(provider) for provider in PROVIDERS} <= set(RIGS)


async def test_in_memory_every_capability_is_present() -> None:
    async with RIGS["memory"]() as rig:
        absent = [name for name in CAPABILITIES if isinstance(getattr(rig.gateway, name), Absence)]
        assert absent == []
        assert [need(getattr(rig.gateway, name)) is not None for name in CAPABILITIES] == [True] * 24
