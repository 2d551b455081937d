import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from domain.writeback import WriteBackState
from entrypoints.worker.retention import HOUR, forget_in_time
from ports.commands import Accepted
from ports.errors import ConflictError
from ports.scope import EVERYTHING
from tests import builders as b
from tests.clocks import HandClock
from tests.office import CONNECTION, Office, an_office

DAYS = 30


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with an_office(tmp_path, clock=HandClock()) as office:
        yield office


async def is_forgotten(office: Office, accepted: Accepted) -> bool:
    """A replay of what was forgotten says so; of what is confirmed it says that."""
    with pytest.raises(ConflictError) as caught:
        await office.stores.commands.replay(EVERYTHING, accepted.id)
    return "erased" in caught.value.message


async def test_what_was_finished_long_ago_is_forgotten_and_still_the_same_write_back(office: Office) -> None:
    accepted = await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(), (b.a_file(),))
    await office.work_until_finished(accepted)
    forgetting = asyncio.create_task(forget_in_time((office.stores.commands.forget,), office.clock, DAYS))
    office.clock.advance(DAYS * 24 * HOUR - HOUR)
    assert not await is_forgotten(office, accepted)
    for _ in range(100):
        office.clock.advance(HOUR)
        if await is_forgotten(office, accepted):
            break
    else:
        pytest.fail("it was never forgotten")
    again = await office.post_call_results(EVERYTHING, CONNECTION, b.a_call_result(), (b.a_file(),))
    assert (again.id, again.new) == (accepted.id, False)
    shown = await office.show(accepted)
    assert shown.state is WriteBackState.DONE
    assert all(effect.receipt for effect in shown.effects)
    assert len(office.ats.writes) == 4
    forgetting.cancel()
    with suppress(asyncio.CancelledError):
        await forgetting
