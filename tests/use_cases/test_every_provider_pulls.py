"""Each provider's real feeds, against its sandbox, into the real store."""

import attrs
import pytest

from application.pull_changes import FEEDS, PullChanges
from domain.policy import RecordType
from domain.pull import PullMode, PullState, Tally
from ports.gateway import Absence
from ports.records import RecordQuery
from ports.scope import EVERYTHING
from tests.office import CONNECTION, Office
from tests.rigs.every import RIGS


async def kept(office: Office, kind: RecordType) -> set[str]:
    found: set[str] = set()
    cursor = None
    while True:
        page = await office.stores.records.page(
            EVERYTHING, CONNECTION, RecordQuery(kind=kind), cursor=cursor, limit=100
        )
        found |= {one.id for one in page.items}
        if (cursor := page.next) is None:
            return found


async def pulled(office: Office, kind: RecordType) -> Tally:
    (asked,) = await office.stores.pulls.ask(EVERYTHING, CONNECTION, [kind], PullMode.FULL)
    (claim,) = [one for one in await office.stores.pulls.claim(10) if one.pull == asked.id]
    stores = office.stores
    await PullChanges(office.connections, stores.connections, stores.pulls, stores.records, office.clock)(claim)
    done = await stores.pulls.get(EVERYTHING, CONNECTION, asked.id)
    assert done.state is PullState.DONE, done.reason
    return done.tally


@pytest.mark.parametrize("provider", [name for name in RIGS if name != "public_api"])
async def test_every_record_of_every_kind_is_kept_and_the_second_time_nothing_is_new(
    office: Office, provider: str
) -> None:
    async with RIGS[provider]() as rig:
        office.without(rig.gateway)
        there: dict[RecordType, set[str]] = {
            RecordType.JOB: {*rig.world.jobs},
            RecordType.APPLICATION: {*rig.world.applications},
            RecordType.CANDIDATE: {*rig.world.candidates},
        }
        for kind, truth in there.items():
            first = await pulled(office, kind)
            assert await kept(office, kind) == truth
            again = await pulled(office, kind)
            assert (first.new, again.new, again.changed, again.unchanged) == (len(truth), 0, 0, len(truth))


async def test_customers_without_an_ats_are_not_pulled_and_are_told_why(office: Office) -> None:
    async with RIGS["public_api"]() as rig:
        feeds = [getattr(rig.gateway, name) for name in FEEDS.values()]
        assert all(isinstance(one, Absence) and one.why for one in feeds)
        office.without(attrs.evolve(rig.gateway))
        (asked,) = await office.stores.pulls.ask(EVERYTHING, CONNECTION, [RecordType.JOB], PullMode.FULL)
        (claim,) = await office.stores.pulls.claim(10)
        stores = office.stores
        await PullChanges(office.connections, stores.connections, stores.pulls, stores.records, office.clock)(claim)
        failed = await stores.pulls.get(EVERYTHING, CONNECTION, asked.id)
        assert (failed.state, failed.reason) == (PullState.FAILED, feeds[0].why)
