"""What several processes count together, each with its own connections to one database; in virtual time."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import attrs
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.persistence.tables import host_tokens, host_turns
from ports.errors import NotFoundError, ThrottledError, UnavailableError
from ports.scope import EVERYTHING
from ports.turns import Host, Rate, Turns
from tests.turns.keepers import ONE, OTHER, LogIns, SharedOffice, VirtualHosts, shared_office
from tests.turns.processes import PRECISE, PROCESSES, now, tell, where
from tests.turns.virtual_time import later, outside

__all__ = ["where"]


async def taken(turns: Turns, rate: Rate, host: Host = ONE) -> float:
    async with turns.take(host, rate):
        return now()


def test_the_rate_is_that_of_all_together(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        rate = Rate(25, 5, 100)
        at = sorted(await asyncio.gather(*(taken(processes[n % PROCESSES], rate) for n in range(60))))
        assert min(later - sooner for sooner, later in pairwise(at)) >= 0.2 - PRECISE
        assert at[-1] - at[0] == pytest.approx(59 * 0.2, abs=0.1)

    tell(where, story)


@attrs.frozen
class Call:
    process: int
    after: float
    patience: float | None


CALLS = st.lists(
    st.builds(
        Call,
        process=st.integers(0, PROCESSES - 1),
        after=st.floats(0, 3, width=16),
        patience=st.one_of(st.none(), st.floats(0, 2, width=16)),
    ),
    max_size=40,
)


@pytest.mark.parametrize("engine", ["sqlite"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=CALLS, requests=st.integers(1, 9), seconds=st.sampled_from([0.5, 1, 5]))
def test_no_window_ever_holds_more_than_the_rate(
    request: pytest.FixtureRequest, tmp_path: Path, engine: str, calls: list[Call], requests: int, seconds: float
) -> None:
    """Whoever comes when, and whoever loses patience while waiting for a turn that was taken for them."""
    at: list[float] = []

    async def story(_: object, processes: Sequence[Turns]) -> None:
        async def one(call: Call) -> None:
            await later(call.after)
            waiting = asyncio.ensure_future(taken(processes[call.process], Rate(requests, seconds, 100)))
            done, _ = await asyncio.wait([waiting], timeout=call.patience)
            waiting.cancel()
            at.extend(task.result() for task in done)

        await asyncio.gather(*map(one, calls))

    tell(shared_office(engine, request.config, tmp_path, PROCESSES), story)
    at.sort()
    for n in range(len(at) - requests):
        assert at[n + requests] - at[n] >= seconds - PRECISE


def test_a_turn_that_nobody_waits_for_costs_one_write_and_no_read(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        await taken(processes[0], Rate(10, 1, 5))
        await later(1)
        hosts[0].asked.clear()
        await taken(processes[0], Rate(10, 1, 5))
        assert hosts[0].asked == ["reserve"]

    tell(where, story)


def test_turns_of_a_process_that_died_are_lost_and_no_more(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        rate = Rate(1, 1, 100)
        dying = [asyncio.ensure_future(taken(processes[0], rate)) for _ in range(20)]
        await later(0.5)
        for one in dying:
            one.cancel()
        await asyncio.gather(*dying, return_exceptions=True)
        assert await taken(processes[1], rate) <= 6 + PRECISE

    tell(where, story)


def test_a_turn_that_nobody_came_for_is_not_made_up_for(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        rate = Rate(1, 1, 100)
        leaving = [asyncio.ensure_future(taken(processes[0], rate)) for _ in range(6)]
        await later(1.5)
        for one in leaving:
            one.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
        await later(20)
        at = sorted(await asyncio.gather(*(taken(processes[0], rate) for _ in range(3))))
        assert min(after - before for before, after in pairwise(at)) >= 1 - PRECISE

    tell(where, story)


def test_a_silence_that_one_was_asked_for_holds_for_those_who_wait_elsewhere(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        waiting = [asyncio.ensure_future(taken(processes[1], Rate(1, 1, 100))) for _ in range(4)]
        await later(0.5)
        await processes[0].hold_back(ONE, 20.0)
        await processes[0].hold_back(ONE, 5.0)
        at = sorted(await asyncio.gather(*waiting))
        assert at[0] < 0.5
        assert at[1] >= 20.5
        assert at[2] - at[1] >= 1 - PRECISE
        await processes[0].hold_back(ONE, 3600.0)
        with pytest.raises(ThrottledError) as raised:
            await taken(processes[2], Rate(1, 1, 100))
        assert raised.value.retry_after == pytest.approx(3600.0, abs=PRECISE)

    tell(where, story)


def rows(c: sa.Connection) -> tuple[int, int]:
    return tuple(len(c.execute(sa.select(table)).all()) for table in (host_turns, host_tokens))  # type: ignore[return-value]


def test_nothing_is_left_of_a_removed_connection_and_nothing_comes_back(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        stores = hosts[0].stores
        for host in (ONE, OTHER):
            await taken(processes[0], Rate(1, 1, 5), host)
            await processes[0].token(host, LogIns())
        with outside():
            assert await stores.database.read(rows) == (2, 2)
            await stores.connections.remove(EVERYTHING, ONE.connection)
        with pytest.raises(NotFoundError):
            await taken(processes[1], Rate(1, 1, 5))
        with pytest.raises(NotFoundError):
            await processes[1].token(ONE, LogIns())
        await processes[1].hold_back(ONE, 5)
        with outside():
            assert await stores.database.read(rows) == (0, 0)

    tell(where, story)


def test_without_its_database_nobody_has_a_turn(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        with outside():
            await hosts[0].stores.database.close()
        with pytest.raises(UnavailableError):
            await taken(processes[0], Rate(1, 1, 5))
        with pytest.raises(UnavailableError):
            await processes[0].token(ONE, LogIns())
        assert await taken(processes[1], Rate(1, 1, 5)) < 1

    tell(where, story)
