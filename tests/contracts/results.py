"""Whole results, handed over."""

from domain.effect import Target
from domain.evidence import Receipt
from domain.policy import RecordType
from ports.attempt import Attempt
from ports.gateway import need
from tests.builders import a_call_result
from tests.contracts.contract import Act, contract, done_once, nothing_leaves_without_leave
from tests.rigs.rig import Rig


def _delivering(rig: Rig) -> Act:
    async def act(attempt: Attempt) -> Receipt:
        result = a_call_result(candidate_id=rig.world.person.id, application_id=rig.world.application)
        return await need(rig.gateway.result_delivery).deliver(result, attempt)

    return act


@contract("result_delivery", effect=True)
async def a_result_is_handed_over_once(rig: Rig, capability: str) -> None:
    await done_once(rig, _delivering(rig), "webhook", Target(RecordType.CANDIDATE, rig.world.person.id))


@contract("result_delivery")
async def no_result_is_handed_over_without_leave(rig: Rig, capability: str) -> None:
    await nothing_leaves_without_leave(rig, _delivering(rig))
