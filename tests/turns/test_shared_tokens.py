"""Tokens of several processes, each with its own connections to one database; in virtual time."""

import asyncio
from collections.abc import Sequence

import attrs
import pytest
import sqlalchemy as sa

from adapters.persistence.tables import host_tokens
from adapters.turns.shared import LEASE
from ports.errors import UnavailableError
from ports.hosts import Standing
from ports.turns import Token, Turns
from tests.turns.keepers import ONE, OTHER, LogIns, SharedOffice, VirtualHosts
from tests.turns.processes import PROCESSES, now, tell, where
from tests.turns.virtual_time import later, outside

__all__ = ["where"]


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
        await later(2 * LEASE)
        assert log_in.count == 1
        log_in.open.set()
        assert {token.secret for token in await asyncio.gather(*waiting)} == {"secret 1"}

    tell(where, story)


def test_a_log_in_that_never_ends_is_not_waited_for_for_ever(where: SharedOffice) -> None:
    async def story(_: object, processes: Sequence[Turns]) -> None:
        log_in = LogIns()
        log_in.open.clear()
        stuck = asyncio.ensure_future(processes[0].token(ONE, log_in))
        await later(1)
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
