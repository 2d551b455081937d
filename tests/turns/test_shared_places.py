"""What several processes have under way together, each with its own connections to one database; in virtual time."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import attrs
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.persistence.host_places import Seat, occupy
from adapters.persistence.tables import host_places
from adapters.turns.shared import SPARE
from ports.errors import NotFoundError, ThrottledError, UnavailableError
from ports.scope import EVERYTHING
from ports.turns import Rate, Turns
from tests.turns.keepers import ONE, SharedOffice, VirtualHosts, shared_office
from tests.turns.processes import PROCESSES, now, tell, where
from tests.turns.test_places import EVERYWHERE, Crowd
from tests.turns.virtual_time import later, outside

__all__ = ["where"]

FLIGHT = 20.0
ALONE = attrs.evolve(EVERYWHERE, in_flight=1)


def test_all_together_have_no_more_under_way_than_the_rate_allows(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        crowd = Crowd()
        await asyncio.gather(*(crowd.one(processes[n % PROCESSES]) for n in range(18)))
        assert crowd.most == 3
        assert now() < 33

    tell(where, story)


def test_what_the_host_bears_holds_for_all_from_the_next_place_on(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        crowd = Crowd(then=lambda: processes[0].bear(ONE, 2))
        await crowd.one(processes[0])
        crowd.then = None
        await asyncio.gather(*(crowd.one(processes[1 + n % 2]) for n in range(8)))
        assert crowd.most == 2
        crowd.then = lambda: processes[2].bear(ONE, 30)
        await crowd.one(processes[2])
        crowd.then = None
        crowd.most = 0
        await asyncio.gather(*(crowd.one(processes[n % PROCESSES]) for n in range(9)))
        assert crowd.most == 3

    tell(where, story)


def test_nobody_starves_while_another_process_never_stops_asking(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        crowd = Crowd()
        greedy = [asyncio.ensure_future(crowd.one(processes[0], 1, ONE, ALONE)) for _ in range(40)]
        await later(0.5)
        await crowd.one(processes[1], 1, ONE, ALONE)
        assert not all(one.done() for one in greedy)
        await asyncio.gather(*greedy)

    tell(where, story)


def test_the_place_of_a_process_that_died_comes_back_when_its_request_has_surely_ended(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        assert await hosts[0].occupy(ONE, "dead", 1, FLIGHT + SPARE)
        died = now()
        async with processes[1].take(ONE, ALONE, flight=FLIGHT):
            assert FLIGHT + SPARE <= now() - died < FLIGHT + SPARE + 1

    tell(where, story)


def test_a_place_lasts_for_the_whole_flight_after_a_long_wait_for_the_turn(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        await processes[0].hold_back(ONE, 29)
        async with processes[0].take(ONE, ALONE, flight=FLIGHT):
            begun = now()
            assert begun >= 29
            await later(FLIGHT + SPARE / 2)
            assert not await hosts[1].occupy(ONE, "other", 1, FLIGHT)
        assert await hosts[1].occupy(ONE, "other", 1, FLIGHT)

    tell(where, story)


def test_who_stood_still_until_its_place_was_anothers_waits_for_another_one(where: SharedOffice) -> None:
    """Stopped while it waits for its turn, past the end of its place, which somebody else has by then."""

    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        await processes[0].hold_back(ONE, 29)
        stopped = asyncio.ensure_future(Crowd().one(processes[0], 1, ONE, ALONE))
        await later(1)
        with outside():
            await hosts[1].stores.database.write(_as_if_its_time_were_over, None)
        assert await hosts[1].occupy(ONE, "other", 1, 100)
        await later(60)
        assert not stopped.done()
        await hosts[1].vacate(ONE, "other", None)
        await stopped

    tell(where, story)


def _as_if_its_time_were_over(c: sa.Connection, items: Sequence[None]) -> list[None]:
    c.execute(sa.update(host_places).values(until=0))
    return [None] * len(items)


def test_who_gives_a_place_back_too_late_takes_it_from_nobody(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], _: object) -> None:
        assert await hosts[0].occupy(ONE, "slow", 1, FLIGHT)
        await later(FLIGHT)
        assert await hosts[1].occupy(ONE, "other", 1, FLIGHT)
        await hosts[0].vacate(ONE, "slow", None)
        assert not await hosts[0].occupy(ONE, "third", 1, FLIGHT)

    tell(where, story)


@pytest.mark.parametrize("engine", ["postgresql"])
def test_who_comes_while_another_takes_a_place_neither_waits_nor_gets_one_too_many(
    request: pytest.FixtureRequest, tmp_path: Path, engine: str
) -> None:
    """Another has taken the only place that the host bears, and not committed yet: it cannot be counted."""

    async def story(hosts: Sequence[VirtualHosts], _: object) -> None:
        await hosts[0].occupy(ONE, "first", 3, FLIGHT)
        await hosts[0].vacate(ONE, "first", 1)
        database = hosts[0].stores.database
        with outside():
            async with database._engine._engine.connect() as c:  # type: ignore[attr-defined]
                assert await c.run_sync(lambda c: occupy(c, [Seat(ONE, "second", 3, 20_000_000)])) == [True]
                assert not await hosts[1].occupy(ONE, "third", 3, FLIGHT)
                await c.rollback()
        assert await hosts[1].occupy(ONE, "third", 3, FLIGHT)

    tell(shared_office(engine, request.config, tmp_path, PROCESSES), story)


def test_places_cost_nothing_where_they_are_not_counted_everywhere(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        for rate, cost in ((Rate(10, 1, 5), ["reserve"]), (EVERYWHERE, ["occupy", "reserve", "vacate"])):
            await later(1)
            hosts[0].asked.clear()
            async with processes[0].take(ONE, rate):
                pass
            assert hosts[0].asked == cost

    tell(where, story)


def test_who_is_not_worth_waiting_for_leaves_its_place(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        await processes[0].hold_back(ONE, 3600)
        with pytest.raises(ThrottledError):
            await Crowd().one(processes[0], 1, ONE, ALONE)
        assert await hosts[1].occupy(ONE, "other", 1, FLIGHT)

    tell(where, story)


def test_nothing_is_left_of_a_removed_connection_and_nothing_comes_back(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        stores = hosts[0].stores

        async def remove() -> None:
            with outside():
                assert await stores.database.read(_rows) == 3
                await stores.connections.remove(EVERYTHING, ONE.connection)
            await processes[0].bear(ONE, 2)

        await Crowd(then=remove).one(processes[0])
        with pytest.raises(NotFoundError):
            await Crowd().one(processes[1])
        with outside():
            assert await stores.database.read(_rows) == 0

    tell(where, story)


def _rows(c: sa.Connection) -> int:
    return len(c.execute(sa.select(host_places)).all())


def test_without_its_database_nobody_has_a_place_and_leaving_says_nothing(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        async def lose() -> None:
            with outside():
                await hosts[0].stores.database.close()

        await Crowd(then=lose).one(processes[0])
        with pytest.raises(UnavailableError):
            await Crowd().one(processes[0])
        await Crowd().one(processes[1])

    tell(where, story)


@attrs.frozen
class Call:
    process: int
    after: float
    stays: float
    patience: float | None
    told: int | None


CALLS = st.lists(
    st.builds(
        Call,
        process=st.integers(0, PROCESSES - 1),
        after=st.floats(0, 3, width=16),
        stays=st.floats(0, 9, width=16),
        patience=st.one_of(st.none(), st.floats(0, 4, width=16)),
        told=st.one_of(st.none(), st.integers(3, 9)),
    ),
    max_size=40,
)


@pytest.mark.parametrize("engine", ["sqlite"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=CALLS, in_flight=st.integers(1, 4))
def test_whoever_comes_when_and_whoever_loses_patience(
    request: pytest.FixtureRequest, tmp_path: Path, engine: str, calls: list[Call], in_flight: int
) -> None:
    rate = attrs.evolve(EVERYWHERE, in_flight=in_flight)
    most, under_way = 0, 0

    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        async def stay(call: Call) -> None:
            nonlocal most, under_way
            async with processes[call.process].take(ONE, rate):
                under_way += 1
                most = max(most, under_way)
                try:
                    await later(call.stays)
                    if call.told is not None:
                        await processes[call.process].bear(ONE, call.told)
                finally:
                    under_way -= 1

        async def one(call: Call) -> None:
            await later(call.after)
            waiting = asyncio.ensure_future(stay(call))
            await asyncio.wait([waiting], timeout=call.patience)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)

        await asyncio.gather(*map(one, calls))
        assert [await hosts[0].occupy(ONE, str(n), in_flight, 1) for n in range(in_flight)].count(True) >= min(
            3, in_flight
        )

    tell(shared_office(engine, request.config, tmp_path, PROCESSES), story)
    assert most <= in_flight
