"""Whole results, handed over."""

from domain.call_result import CallResult
from domain.effect import Target
from domain.evidence import Found, Receipt
from domain.policy import RecordType
from ports.attempt import Attempt
from ports.gateway import need
from tests.builders import a_call_result
from tests.contracts.contract import Act, Deed, contract, done_once, nothing_leaves_without_leave
from tests.rigs.rig import Rig


def _result(rig: Rig) -> CallResult:
    return a_call_result(candidate_id=rig.world.person.id, application_id=rig.world.application)


def _delivering(rig: Rig) -> Act:
    async def act(attempt: Attempt) -> Receipt:
        return await need(rig.gateway.result_delivery).deliver(_result(rig), attempt)

    return act


def deed(rig: Rig) -> Deed:
    """A result, handed over."""

    async def stands() -> bool:
        return isinstance(await need(rig.gateway.result_delivery).find(_result(rig)), Found)

    return Deed(_delivering(rig), stands)


@contract("result_delivery", effect=True)
async def a_result_is_handed_over_once(rig: Rig, capability: str) -> None:
    await done_once(rig, _delivering(rig), "webhook", Target(RecordType.CANDIDATE, rig.world.person.id))


@contract("result_delivery")
async def no_result_is_handed_over_without_leave(rig: Rig, capability: str) -> None:
    await nothing_leaves_without_leave(rig, _delivering(rig))
