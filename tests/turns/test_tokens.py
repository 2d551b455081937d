"""Tokens that everybody shares: logged in for once, renewed once, and never poisoned."""

import asyncio
import gc

import attrs
import pytest

from ports.errors import AccessError
from ports.turns import Rate, Turns
from tests.turns.keepers import ONE, OTHER, LogIns, Office, tell
from tests.turns.virtual_time import later

MANY = 1_000


def test_a_thousand_callers_cause_one_log_in(where: Office) -> None:
    async def story(turns: Turns) -> None:
        log_in = LogIns()
        tokens = await asyncio.gather(*(turns.token(ONE, log_in) for _ in range(MANY)))
        assert log_in.count == 1
        assert {token.secret for token in tokens} == {"secret 1"}
        assert (await turns.token(ONE, log_in)).version == 1

    tell(where, story)


def test_a_storm_of_refusals_causes_one_renewal(where: Office) -> None:
    async def story(turns: Turns) -> None:
        log_in = LogIns()
        old = await turns.token(ONE, log_in)
        renewed = (turns.token(ONE, log_in, unlike=old.version) for _ in range(MANY))
        assert {token.version for token in await asyncio.gather(*renewed)} == {2}
        late = await turns.token(ONE, log_in, unlike=old.version)
        assert (late.secret, late.version, log_in.count) == ("secret 2", 2, 2)

    tell(where, story)


def test_a_token_is_renewed_when_its_time_comes(where: Office) -> None:
    async def story(turns: Turns) -> None:
        log_in = LogIns(lifetime=60.0)
        await turns.token(ONE, log_in)
        await later(59)
        assert (await turns.token(ONE, log_in)).version == 1
        await later(1)
        assert (await turns.token(ONE, log_in)).version == 2

    tell(where, story)


def test_hosts_have_tokens_of_their_own(where: Office) -> None:
    async def story(turns: Turns) -> None:
        standard, legacy = LogIns(), LogIns()
        await turns.token(ONE, standard)
        await turns.token(OTHER, legacy)
        await turns.token(ONE, standard, unlike=1)
        assert (await turns.token(OTHER, legacy)).version == 1
        assert (standard.count, legacy.count) == (2, 1)

    tell(where, story)


def test_a_failed_log_in_fails_all_who_waited_and_no_one_after(where: Office) -> None:
    async def story(turns: Turns) -> None:
        bad = LogIns(AccessError("dead"))
        outcomes = await asyncio.gather(*(turns.token(ONE, bad) for _ in range(20)), return_exceptions=True)
        assert bad.count == 1
        assert {type(outcome) for outcome in outcomes} == {AccessError}
        assert (await turns.token(ONE, LogIns())).secret == "secret 1"

    tell(where, story)


def test_a_cancelled_first_caller_does_not_take_the_others_along(where: Office) -> None:
    async def story(turns: Turns) -> None:
        log_in = LogIns()
        log_in.open.clear()
        waiting = [asyncio.create_task(turns.token(ONE, log_in)) for _ in range(3)]
        await later(1)
        waiting[0].cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting[0]
        log_in.open.set()
        assert {(await task).secret for task in waiting[1:]} == {"secret 1"}
        assert log_in.count == 1

    tell(where, story)


def test_a_failure_that_nobody_waits_for_any_more_is_quiet(where: Office) -> None:
    async def story(turns: Turns) -> None:
        bad = LogIns(AccessError("dead"))
        bad.open.clear()
        waiting = [asyncio.create_task(turns.token(ONE, bad))]
        await later(1)
        complaints: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
        waiting[0].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        bad.open.set()
        await later(1)
        gc.collect()
        assert complaints == []

    tell(where, story)


def test_new_credentials_have_tokens_of_their_own(where: Office) -> None:
    """Whatever is got with the old ones afterwards, by whoever still has them, is never shown by the new ones."""

    async def story(turns: Turns) -> None:
        old, new = LogIns(), LogIns()
        newer = attrs.evolve(ONE, revision=1)
        new.count = 10
        await turns.token(ONE, old)
        assert (await turns.token(newer, new)).secret == "secret 11"
        await turns.token(ONE, old)
        assert (await turns.token(newer, new)).secret == "secret 11"
        assert new.count == 11

    tell(where, story)


def test_new_credentials_wait_for_the_same_turn(where: Office) -> None:
    async def story(turns: Turns) -> None:
        for revision in range(4):
            async with turns.take(attrs.evolve(ONE, revision=revision), Rate(1, 10, 5)):
                pass
        assert asyncio.get_running_loop().time() >= 30

    tell(where, story)


def test_who_asks_during_a_renewal_waits_for_the_new_token(where: Office) -> None:
    async def story(turns: Turns) -> None:
        log_in = LogIns()
        await turns.token(ONE, log_in)
        log_in.open.clear()
        waiting = [asyncio.create_task(turns.token(ONE, log_in, unlike=unlike)) for unlike in (1, None)]
        await later(1)
        log_in.open.set()
        assert [(await task).version for task in waiting] == [2, 2]

    tell(where, story)
