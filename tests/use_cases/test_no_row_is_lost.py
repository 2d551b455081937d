"""Whatever moves in a source while it is read: after the pulls and one whole read our records are the source's."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from application.pull_changes import PullChanges
from domain.policy import RecordType
from domain.pull import PullMode, PullState, Tally
from ports.pulls import Pull
from ports.records import RecordQuery
from ports.scope import EVERYTHING
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


async def pull(office: Office, mode: PullMode) -> Pull:
    (asked,) = await office.stores.pulls.ask(EVERYTHING, CONNECTION, [KIND], mode)
    (claim,) = await office.stores.pulls.claim(1)
    stores = office.stores
    use_case = PullChanges(office.connections, stores.connections, stores.pulls, stores.records, office.clock)
    await use_case(claim)
    done = await stores.pulls.get(EVERYTHING, CONNECTION, asked.id)
    assert done.state is PullState.DONE, done.reason
    return done


async def kept(office: Office) -> dict[str, str]:
    found: dict[str, str] = {}
    cursor = None
    while True:
        page = await office.stores.records.page(EVERYTHING, CONNECTION, RecordQuery(kind=KIND), cursor=cursor, limit=7)
        found |= {one.id: one.record.first_name for one in page.items if one.record is not None}  # type: ignore[union-attr]  # candidates
        if (cursor := page.next) is None:
            return found


async def story(folder: Path, plan: Plan) -> None:
    async with an_office(folder) as office:
        source = MovingSource(office.clock, plan.size, plan.by_time, iter(plan.happenings))
        source.start(plan.rows)
        office.without(attrs.evolve(office.connections.gateway, candidate_feed=source))
        counted = Tally()
        for _ in range(plan.pulls):
            done = await pull(office, PullMode.CHANGES)
            counted += done.tally
            source.since = done.began_at
            office.clock.advance(300.0)
        source.happenings = iter(())
        counted += (await pull(office, PullMode.FULL)).tally
        assert await kept(office) == source.alive
        assert counted.late + counted.missed == source.late


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("moving")


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLANS)
def test_no_row_is_lost(folders: Path, plan: Plan) -> None:
    folder = folders / "one"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    asyncio.run(story(folder, plan))
