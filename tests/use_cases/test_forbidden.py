"""What is forbidden of one record concerns nobody else; what is forbidden of all of them parks the connection."""

from typing import Any

import attrs

from domain.effect import EffectState
from domain.evidence import CannotTell
from domain.ids import ApplicationId, CandidateId
from domain.writeback import WriteBackState
from ports.errors import ForbiddenError
from ports.scope import EVERYTHING
from tests import builders as b
from tests.memory_gateway import MemoryTagging
from tests.memory_writes import Ways
from tests.office import CONNECTION, Office

FORBIDDEN = ForbiddenError("it is forbidden to us (403)")


class OneConfidential(MemoryTagging):
    """The second candidate may not be looked at."""

    async def current(self, candidate: CandidateId) -> Any:
        if candidate == b.OTHER_CANDIDATE:
            raise FORBIDDEN
        return await super().current(candidate)


class Nameless(Ways):
    """Applications come without their status: only whose they are is known."""

    async def current(self, application: ApplicationId) -> Any:
        standing = await super().current(application)
        return CannotTell("it came without its status", getattr(standing, "candidate", None))


async def parked(office: Office) -> str | None:
    return (await office.stores.connections.get(EVERYTHING, CONNECTION)).parked


async def test_a_confidential_record_is_refused_and_others_go_on(office: Office) -> None:
    office.without(attrs.evolve(office.connections.gateway, tagging=OneConfidential(office.ats)))
    confidential = await office.post_call_results(
        EVERYTHING, CONNECTION, b.a_call_result(call_id="c", candidate_id=b.OTHER_CANDIDATE, application_id=None)
    )
    usual = await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(), (b.a_file(),))
    refused = await office.work_until_finished(confidential)
    assert refused.state is WriteBackState.REFUSED
    assert {one.reason for one in refused.effects if one.state is EffectState.REFUSED} == {FORBIDDEN.message}
    assert (await office.work_until_finished(usual)).state is WriteBackState.DONE
    assert await parked(office) is None


async def test_an_effect_that_is_forbidden_is_refused_alone(office: Office) -> None:
    office.ats.fail_next(FORBIDDEN, on="application_notes.add")
    done = await office.work_until_finished(
        await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(), (b.a_file(),))
    )
    assert [one.state for one in done.effects] == [EffectState.REFUSED] + [EffectState.CONFIRMED] * 3
    assert await parked(office) is None


async def test_a_list_that_is_forbidden_is_everybody_s_trouble(office: Office) -> None:
    office.ats.fail_next(FORBIDDEN, on="stages.stages")
    await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(), (b.a_file(),))
    await office.work()
    assert await parked(office) == FORBIDDEN.message
    assert office.effects() == []


async def test_whose_an_application_is_counts_even_if_its_stage_is_not_known(office: Office) -> None:
    office.without(attrs.evolve(office.connections.gateway, stage_moves=Nameless(office.ats)))
    await office.work_until_finished(
        await office.post_call_results(
            EVERYTHING, CONNECTION, b.a_call_result(candidate_id=b.OTHER_CANDIDATE), (b.a_file(),)
        )
    )
    assert [one for one in office.effects() if one[1] == "application"] == []
