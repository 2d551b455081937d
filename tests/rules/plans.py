"""Plans, as tests of planning ask for them."""

from typing import Any

from domain.effect import Effect
from domain.plan import plan_call_result
from domain.policy import Policy, VerdictAction
from domain.screening import Verdict
from domain.writeback import Facts
from tests import builders as b


def slots(effects: tuple[Effect, ...]) -> list[str]:
    return [effect.slot for effect in effects]


def only(effects: tuple[Effect, ...], slot: str) -> Effect:
    (found,) = (effect for effect in effects if effect.slot == slot)
    return found


def going_to(**action: Any) -> Policy:
    return b.a_policy(verdicts={Verdict.PASSED: VerdictAction(**action)})


def planned(policy: Policy | None = None, facts: Facts | None = None, **result: Any) -> tuple[Effect, ...]:
    return plan_call_result(b.a_call_result(**result), policy or b.a_policy(), facts or b.some_facts())
