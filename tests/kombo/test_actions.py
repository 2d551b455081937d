"""Kombo counts the actions of an integration that are under way, and says how many it bears."""

import asyncio

from domain.ids import CandidateId, TagId
from entrypoints.sandbox.kombo import KomboSandbox
from entrypoints.sandbox.kombo.fixtures import PLAIN
from entrypoints.sandbox.kombo.ids import Ids
from ports.gateway import Gateway, need
from tests.builders import an_attempt
from tests.kombo.rig import opened

IDS = Ids(":".join(PLAIN))


async def tagged(gateway: Gateway, number: int) -> None:
    await need(gateway.tagging).tag(CandidateId(IDS.of("candidate", number)), TagId("Screened"), an_attempt())


async def test_no_more_actions_are_under_way_than_kombo_says_it_bears(sandbox: KomboSandbox) -> None:
    sandbox.state.switches.concurrency = 2
    sandbox.state.switches.action_seconds = 0.01
    async with opened(sandbox.connection_kombo, attempts=1) as gateway:
        await tagged(gateway, 0)
        await asyncio.gather(*(tagged(gateway, number) for number in range(1, 13)))

    assert len(sandbox.writes) == 13
    assert not sandbox.journal.refusals


async def test_what_is_refused_because_others_are_under_way_is_sent_again(sandbox: KomboSandbox) -> None:
    sandbox.state.switches.concurrency = 1
    sandbox.state.switches.action_seconds = 0.01
    async with opened(sandbox.connection_kombo, attempts=50) as gateway:
        await asyncio.gather(*(tagged(gateway, number) for number in range(6)))

    assert len(sandbox.writes) == 6


async def test_reads_of_the_copy_are_not_counted(sandbox: KomboSandbox) -> None:
    sandbox.state.switches.concurrency = 0
    async with opened(sandbox.connection_kombo) as gateway:
        people = await asyncio.gather(
            *(need(gateway.candidate_lookup).candidate(CandidateId(IDS.of("candidate", one))) for one in range(8))
        )

    assert len(people) == 8
    assert not sandbox.journal.refusals
