"""How a contract is written: a plain function over a rig, under the capabilities of which it holds."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import attrs
import pytest

from domain.effect import Target
from domain.evidence import EvidenceGrade, Receipt
from ports.attempt import Attempt
from ports.errors import LeaseLostError, PortError
from tests.builders import an_attempt
from tests.rigs.rig import Rig

Run: TypeAlias = Callable[[Rig, str], Awaitable[None]]
Act: TypeAlias = Callable[[Attempt], Awaitable[Receipt]]


@attrs.frozen(kw_only=True)
class Contract:
    """A promise of one capability. Those with an `effect` must fail where nothing is really done."""

    capability: str
    effect: bool
    run: Run

    @property
    def name(self) -> str:
        """Which capability promises what."""
        return f"{self.capability}-{getattr(self.run, '__name__', '')}"


@attrs.frozen
class Deed:
    """One effect of a capability, and a look by the same capability at whether it stands; None: it cannot be told."""

    act: Act
    stands: Callable[[], Awaitable[bool | None]]


CONTRACTS: list[Contract] = []


def contract(*capabilities: str, effect: bool = False) -> Callable[[Run], Run]:
    """Enters the function as a promise of each of the capabilities."""

    def enter(run: Run) -> Run:
        CONTRACTS.extend(Contract(capability=name, effect=effect, run=run) for name in capabilities)
        return run

    return enter


async def done_once(rig: Rig, act: Act, kind: str, target: Target) -> dict[str, Any]:
    """Acts, and asserts that exactly one effect became real, by exactly one unsafe request; gives what was written."""
    attempt, before = an_attempt(), len(rig.world.writes())

    await act(attempt)

    assert len(attempt.begun) == 1, "one unsafe request, begun once"
    assert attempt.begun[0] > 0, "a flight has a length"
    written = rig.world.writes()[before:]
    assert [(one["kind"], one["target"]) for one in written] == [(kind, {"type": target.type, "id": target.id})]
    return written[0]


def blind(rig: Rig, capability: str) -> bool:
    """Whether the ATS gives no way to look for such an effect."""
    grade: EvidenceGrade = getattr(rig.gateway, capability).evidence
    return grade is EvidenceGrade.NONE


async def nothing_done(rig: Rig, act: Act, error: type[PortError]) -> PortError:
    """Acts, and asserts that it is refused in these words of ours and that nothing became real."""
    before = len(rig.world.writes())

    with pytest.raises(error) as refused:
        await act(an_attempt())

    assert len(rig.world.writes()) == before
    return refused.value


async def nothing_leaves_without_leave(rig: Rig, act: Act) -> None:
    """A worker that lost its lease sends nothing."""
    before = len(rig.world.writes())

    with pytest.raises(LeaseLostError):
        await act(an_attempt(lease_lost=True))

    assert len(rig.world.writes()) == before
