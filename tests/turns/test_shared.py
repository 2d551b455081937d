"""What several processes keep together, each with its own connections to one database; in virtual time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import pairwise
from pathlib import Path

import attrs
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.persistence.tables import host_tokens, host_turns
from adapters.turns.shared import LEASE, SharedTurns
from ports.errors import NotFoundError, ThrottledError, UnavailableError
from ports.hosts import Standing
from ports.scope import EVERYTHING
from ports.turns import Host, Rate, Token, Turns
from tests.turns.keepers import ENGINES, ONE, OTHER, LogIns, SharedOffice, VirtualHosts, shared_office
from tests.turns.virtual_time import LoopClock, in_virtual_time, outside

PROCESSES = 3
PRECISE = 1e-3
Story = Callable[[Sequence[VirtualHosts], Sequence[Turns]], Awaitable[None]]


@pytest.fixture(params=ENGINES)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> SharedOffice:
    return shared_office(request.param, request.config, tmp_path, PROCESSES)


def tell(where: SharedOffice, story: Story) -> None:
    async def told() -> None:
        clock = LoopClock()
        async with where.hosts(clock) as hosts:
            await story(hosts, [SharedTurns(one, clock) for one in hosts])

    in_virtual_time(told)


def now() -> float:
    return asyncio.get_running_loop().time()


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
            await asyncio.sleep(call.after)
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
        await asyncio.sleep(1)
        hosts[0].asked.clear()
        await taken(processes[0], Rate(10, 1, 5))
        assert hosts[0].asked == ["reserve"]

    tell(where, story)


def test_turns_of_a_process_that_died_are_lost_and_no_more(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        rate = Rate(1, 1, 100)
        dying = [asyncio.ensure_future(taken(processes[0], rate)) for _ in range(20)]
        await asyncio.sleep(0.5)
        for one in dying:
            one.cancel()
        await asyncio.gather(*dying, return_exceptions=True)
        assert await taken(processes[1], rate) <= 6 + PRECISE

    tell(where, story)


def test_a_silence_that_one_was_asked_for_holds_for_those_who_wait_elsewhere(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        waiting = [asyncio.ensure_future(taken(processes[1], Rate(1, 1, 100))) for _ in range(4)]
        await asyncio.sleep(0.5)
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


def test_one_log_in_serves_all_processes_and_one_renews_for_all(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        log_in = LogIns()
        first = await asyncio.gather(*(processes[n % PROCESSES].token(ONE, log_in) for n in range(60)))
        assert {(token.secret, token.version) for token in first} == {("secret 1", 1)}
        again = (processes[n % PROCESSES].token(ONE, log_in, unlike=1) for n in range(60))
        assert {(token.secret, token.version) for token in await asyncio.gather(*again)} == {("secret 2", 2)}
        assert log_in.count == 2

    tell(where, story)


def test_who_was_refused_takes_what_another_logged_in_for(where: SharedOffice) -> None:
    """A single session: each log-in ends the one before, so a log-in too many would go on for ever."""

    async def story(_: object, processes: Sequence[Turns]) -> None:
        log_in = LogIns()
        shown = {process: await process.token(ONE, log_in) for process in processes}
        for _ in range(5):
            for process in processes:
                if shown[process].secret != f"secret {log_in.count}":
                    shown[process] = await process.token(ONE, log_in, unlike=shown[process].version)
        assert log_in.count == 1
        shown[processes[0]] = await processes[0].token(ONE, log_in, unlike=1)
        for process in processes[1:]:
            assert (await process.token(ONE, log_in, unlike=1)).version == 2
        assert log_in.count == 2

    tell(where, story)


def test_a_look_that_began_before_a_refusal_does_not_bring_the_refused_token_back(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        log_in = LogIns(lifetime=5)
        await processes[1].token(ONE, log_in)
        looks = [processes[0].token(ONE, log_in), processes[0].token(ONE, log_in, unlike=1)]
        assert (await asyncio.gather(*looks))[1].version == 2

    tell(where, story)


def test_a_slow_log_in_is_waited_for(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        log_in = LogIns()
        log_in.open.clear()
        waiting = [asyncio.ensure_future(process.token(ONE, log_in)) for process in processes]
        await asyncio.sleep(2 * LEASE)
        assert log_in.count == 1
        log_in.open.set()
        assert {token.secret for token in await asyncio.gather(*waiting)} == {"secret 1"}

    tell(where, story)


def test_a_log_in_that_never_ends_is_not_waited_for_for_ever(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        log_in = LogIns()
        log_in.open.clear()
        stuck = asyncio.ensure_future(processes[0].token(ONE, log_in))
        await asyncio.sleep(1)
        with pytest.raises(UnavailableError):
            await processes[1].token(ONE, log_in)
        assert not stuck.done()
        assert log_in.count == 1

    tell(where, story)


def test_the_lease_of_the_dead_ends_and_what_they_bring_late_is_not_kept(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        assert await hosts[0].lease(ONE, "dead", 0, LEASE)
        assert not await hosts[1].lease(ONE, "other", 0, LEASE)
        token = await processes[1].token(ONE, LogIns())
        assert LEASE <= now() <= LEASE + 1
        assert await hosts[0].keep(ONE, "dead", Token("late", 60)) is None
        assert not await hosts[0].lease(ONE, "dead", 0, LEASE)
        assert (await processes[2].token(ONE, LogIns())).secret == token.secret

    tell(where, story)


def test_who_fails_to_log_in_lets_others_try_at_once(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        bad = LogIns(UnavailableError("down"))
        with pytest.raises(UnavailableError):
            await processes[0].token(ONE, bad)
        assert (await processes[1].token(ONE, LogIns())).version == 1
        assert now() < 1

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


def test_tokens_of_earlier_revisions_go_when_a_later_one_is_got(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        newer = attrs.evolve(ONE, revision=7)
        await processes[0].token(ONE, LogIns())
        await processes[1].token(newer, LogIns())
        assert await hosts[2].standing(ONE) == Standing()
        assert (await hosts[2].standing(newer)).version == 1

    tell(where, story)


def test_what_is_kept_shows_no_token_and_opens_for_its_own_row_only(where: SharedOffice) -> None:
    async def story(hosts: Sequence[VirtualHosts], processes: Sequence[Turns]) -> None:
        await processes[0].token(ONE, LogIns())
        await processes[0].token(OTHER, LogIns())
        with outside():
            database = hosts[0].stores.database
            sealed = await database.read(lambda c: c.scalars(sa.select(host_tokens.c.sealed)).all())
            assert all(one is not None and b"secret" not in one for one in sealed)
            await database.write(swap, None)
        assert [(await hosts[0].standing(host)).token for host in (ONE, OTHER)] == [None, None]
        assert (await processes[1].token(ONE, LogIns())).version == 2

    tell(where, story)


def swap(c: sa.Connection, items: object) -> list[None]:
    """What an attacker with a hand in the database, but not in the vault, could do."""
    kept = dict(c.execute(sa.select(host_tokens.c.host, host_tokens.c.sealed)).all())
    for host, other in ((ONE, OTHER), (OTHER, ONE)):
        c.execute(sa.update(host_tokens).where(host_tokens.c.host == host.name).values(sealed=kept[other.name]))
    return [None]


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
