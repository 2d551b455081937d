"""When the reply to an unsafe request is lost: said so, sent once, and settled by a look."""

import pytest

from ports.errors import OutcomeUnknownError
from tests.builders import an_attempt
from tests.contracts import appended, applications, results, set_values
from tests.contracts.contract import Deed, blind, contract
from tests.rigs.rig import LATE_SECONDS, Rig, Trouble

WRITES = (
    "application_intake",
    "stage_moves",
    "rejection",
    *appended.APPENDED,
    *set_values.FIELDS,
    "tagging",
    "result_delivery",
)


def _deed(rig: Rig, capability: str) -> Deed:
    if capability in appended.APPENDED:
        return appended.deed(rig, capability)
    if capability in (*set_values.FIELDS, "tagging"):
        return set_values.deed(rig, capability)
    if capability == "result_delivery":
        return results.deed(rig)
    return applications.deed(rig, capability)


def _known(rig: Rig, capability: str, *, stands: bool) -> bool | None:
    """What a look can say of what is so."""
    return None if blind(rig, capability) else stands


async def _lost(rig: Rig, deed: Deed, trouble: Trouble) -> None:
    """Acts once; nobody may claim to know how it ended."""
    rig.world.lose_next_reply(trouble)
    attempt = an_attempt()

    with pytest.raises(OutcomeUnknownError):
        await deed.act(attempt)

    assert len(attempt.begun) == 1, "what may have happened is not sent again"


@contract(*WRITES, effect=True)
async def an_effect_whose_reply_was_lost_is_seen_to_stand(rig: Rig, capability: str) -> None:
    deed = _deed(rig, capability)

    await _lost(rig, deed, Trouble.DONE)

    assert len(rig.world.writes()) == 1
    assert await deed.stands() is _known(rig, capability, stands=True)


@contract(*WRITES)
async def a_request_that_never_arrived_is_seen_to_have_done_nothing(rig: Rig, capability: str) -> None:
    deed = _deed(rig, capability)

    await _lost(rig, deed, Trouble.NOT_DONE)

    assert rig.world.writes() == []
    assert await deed.stands() is _known(rig, capability, stands=False)


@contract(*WRITES, effect=True)
async def an_effect_that_comes_late_is_seen_once_it_came(rig: Rig, capability: str) -> None:
    deed = _deed(rig, capability)

    await _lost(rig, deed, Trouble.LATE)
    early = await deed.stands()
    rig.world.advance(LATE_SECONDS + 1)

    assert early is _known(rig, capability, stands=False)
    assert len(rig.world.writes()) == 1
    assert await deed.stands() is _known(rig, capability, stands=True)
