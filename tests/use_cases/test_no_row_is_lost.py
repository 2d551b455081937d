"""Whatever moves in a source while it is read: after the pulls and one whole read our records are the source's."""

import asyncio
from collections.abc import Iterator, Sequence

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.pull_changes import PullChanges, Rhythm
from domain.candidate import Candidate
from domain.ids import ConnectionId
from domain.policy import RecordType
from domain.pull import PullMode, PullState, Tally
from ports.pulls import Pull
from ports.records import RecordQuery
from ports.scope import EVERYTHING
from tests.builders import API_SECRET
from tests.office import CONNECTION, Office, an_office
from tests.use_cases.moving_source import Happening, MovingSource, What

KIND = RecordType.CANDIDATE
HAPPENINGS = st.builds(
    Happening, st.sampled_from(sorted(What)), st.integers(0, 40), st.sampled_from([0.0, 1.0, 30.0, 600.0, 5000.0])
)


@attrs.frozen(kw_only=True)
class Plan:
    rows: int
    size: int
    by_time: bool
    pulls: int
    happenings: Sequence[Sequence[Happening]]


PLANS = st.builds(
    Plan,
    rows=st.integers(1, 25),
    size=st.integers(1, 7),
    by_time=st.booleans(),
    pulls=st.integers(1, 4),
    happenings=st.lists(st.lists(HAPPENINGS, max_size=3), max_size=20),
)


class Desk:
    """One office for all plans, each of which is a connection of its own."""

    def __init__(self, runner: asyncio.Runner, office: Office) -> None:
        self.runner = runner
        self.office = office
        self.plans = 0


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with asyncio.Runner() as runner:
        opening = an_office(tmp_path_factory.mktemp("moving"))
        office = runner.run(opening.__aenter__())
        yield Desk(runner, office)
        runner.run(opening.__aexit__(None, None, None))


async def pull(office: Office, connection: ConnectionId, mode: PullMode) -> Pull:
    (asked,) = await office.stores.pulls.ask(EVERYTHING, connection, [KIND], mode)
    (claim,) = [one for one in await office.stores.pulls.claim(100) if one.pull == asked.id]
    stores = office.stores
    never = Rhythm(others=0, full=0)
    use_case = PullChanges(office.connections, stores.connections, stores.pulls, stores.records, office.clock, never)
    await use_case(claim)
    done = await stores.pulls.get(EVERYTHING, connection, asked.id)
    assert done.state is PullState.DONE, done.reason
    return done


async def kept(office: Office, connection: ConnectionId) -> dict[str, str]:
    found: dict[str, str] = {}
    cursor = None
    while True:
        page = await office.stores.records.page(EVERYTHING, connection, RecordQuery(kind=KIND), cursor=cursor, limit=7)
        found |= {one.id: one.record.first_name for one in page.items if isinstance(one.record, Candidate)}
        if (cursor := page.next) is None:
            return found


async def story(office: Office, connection: ConnectionId, plan: Plan) -> None:
    like = await office.stores.connections.get(EVERYTHING, CONNECTION)
    await office.stores.connections.add(attrs.evolve(like, id=connection), {"api_key": API_SECRET})
    source = MovingSource(office.clock, plan.size, plan.by_time, iter(plan.happenings))
    source.start(plan.rows)
    office.without(attrs.evolve(office.connections.gateway, candidate_feed=source))
    counted = Tally()
    for _ in range(plan.pulls):
        done = await pull(office, connection, PullMode.CHANGES)
        counted += done.tally
        source.since = done.began_at
        office.clock.advance(300.0)
    source.happenings = iter(())
    counted += (await pull(office, connection, PullMode.FULL)).tally
    assert await kept(office, connection) == source.alive
    assert counted.late + counted.missed == source.late


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLANS)
def test_no_row_is_lost(desk: Desk, plan: Plan) -> None:
    desk.plans += 1
    desk.runner.run(story(desk.office, ConnectionId(f"con_{desk.plans}"), plan))
