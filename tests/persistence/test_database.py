"""Group commit, failures and the end: whose fate is whose."""

import asyncio
import threading

import attrs
import pytest
import sqlalchemy as sa

from adapters.persistence.database import open_database, ready
from adapters.persistence.engines import engine_for
from adapters.persistence.tables import blobs, commands, connections, rounds
from ports.errors import ConflictError, NotFoundError, PortError, UnavailableError
from tests.persistence.builders import ACME, CREDENTIALS, REPORT, call, connection, new
from tests.persistence.rows import count
from tests.persistence.worlds import StoppedClock, World


def served(c: sa.Connection, items: object) -> list[int | PortError]:
    """Writes a row for each item but the one that breaks the schema, and refuses the negative ones."""
    outcomes: list[int | PortError] = []
    for n in items:  # type: ignore[attr-defined]
        if n < 0:
            outcomes.append(NotFoundError("number", str(n)))
            continue
        name = f"con_{n}" if n != 13 else None
        c.execute(sa.insert(rounds).values(connection_id=name, served_at=n))
        outcomes.append(n)
    return outcomes


def twice(c: sa.Connection, items: object) -> list[int]:
    return [2 * n for n in items]  # type: ignore[attr-defined]


def batch_sizes(c: sa.Connection, items: object) -> list[int]:
    return [len(items)] * len(items)  # type: ignore[arg-type]


async def with_connections(world: World, many: int) -> None:
    for n in range(many):
        await world.stores.connections.add(connection(f"con_{n}"), CREDENTIALS)  # type: ignore[arg-type]
    await world.stores.database.write(forget_rounds, None)


def forget_rounds(c: sa.Connection, items: object) -> list[None]:
    c.execute(sa.delete(rounds))
    return [None]


async def test_what_waits_together_is_written_together(world: World) -> None:
    sizes = await asyncio.gather(*[world.stores.database.write(batch_sizes, n) for n in range(100)])
    assert max(sizes) > 40


async def test_outcomes_go_to_their_own_callers(world: World) -> None:
    database = world.stores.database
    writes = [database.write(twice, n) if n % 3 else database.write(batch_sizes, n) for n in range(90)]
    outcomes = await asyncio.gather(*writes)
    assert [outcome for n, outcome in enumerate(outcomes) if n % 3] == [2 * n for n in range(90) if n % 3]


async def test_one_bad_row_hurts_one_caller(world: World) -> None:
    await with_connections(world, 20)
    writes = [world.stores.database.write(served, n) for n in range(20)]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert [outcome for outcome in outcomes if not isinstance(outcome, Exception)] == [n for n in range(20) if n != 13]
    assert isinstance(outcomes[13], ConflictError)
    assert await count(world, rounds) == 19


async def test_an_outage_is_not_tried_again_for_each(world: World) -> None:
    tries = 0

    def away(c: sa.Connection, items: object) -> list[int]:
        nonlocal tries
        tries += 1
        raise TimeoutError

    writes = [world.stores.database.write(away, n) for n in range(100)]
    outcomes = await asyncio.gather(*writes, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {UnavailableError}
    assert tries < 20


async def test_a_refusal_among_the_outcomes_hurts_nobody_else(world: World) -> None:
    await with_connections(world, 3)
    outcomes = await asyncio.gather(
        *[world.stores.database.write(served, n) for n in (0, -1, 2)], return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [int, NotFoundError, int]


async def test_a_caller_that_gave_up_hurts_nobody(world: World) -> None:
    writing = [asyncio.ensure_future(world.stores.database.write(twice, n)) for n in range(10)]
    writing[3].cancel()
    outcomes = await asyncio.gather(*writing, return_exceptions=True)
    assert [outcome for outcome in outcomes if isinstance(outcome, int)] == [0, 2, 4, 8, 10, 12, 14, 16, 18]


async def test_closing_writes_what_was_asked_for_before(url: str) -> None:
    async with open_database(url, StoppedClock()) as database:
        writing = [asyncio.ensure_future(database.write(twice, n)) for n in range(50)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*writing) == [2 * n for n in range(50)]
    with pytest.raises(UnavailableError, match="closed"):
        await database.write(twice, 1)
    with pytest.raises(UnavailableError, match="closed"):
        await ready(database)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("database-")]


async def test_ready_reads(world: World) -> None:
    await ready(world.stores.database)


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/x.db", "postgresql://nobody@127.0.0.1:9/none"])
async def test_a_database_that_is_not_there(url: str) -> None:
    async with open_database(url, StoppedClock()) as database:
        with pytest.raises(UnavailableError):
            await ready(database)
        with pytest.raises(UnavailableError):
            await database.write(twice, 1)


async def test_a_database_of_a_third_kind() -> None:
    with pytest.raises(ValueError, match="mysql"):
        engine_for("mysql://host/db", StoppedClock())


async def test_errors_quote_no_row(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    with pytest.raises(ConflictError) as caught:
        await world.stores.database.write(insert_again, connection().name)
    assert "canary" not in repr(caught.value)
    assert caught.value.__cause__ is None


def insert_again(c: sa.Connection, items: object) -> list[None]:
    empty = {"settings": b"canary", "policy": b"", "revision": 1, "created_at": 0}
    c.execute(sa.insert(connections).values(id=ACME, provider="canary", name="canary", **empty))
    return [None]


# What follows is SQLite's own.


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_caller_that_gives_up_while_its_item_is_written_hurts_nobody(world: World) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(c: sa.Connection, items: object) -> list[None]:
        begun.set()
        go_on.wait(10)
        return [None]

    writing = asyncio.ensure_future(world.stores.database.write(slow, None))
    await asyncio.to_thread(begun.wait, 10)
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    go_on.set()
    assert await asyncio.wait_for(world.stores.database.write(twice, 2), 10) == 4


def pages_left(left: int) -> object:
    def limit(c: sa.Connection, items: object) -> list[None]:
        pages = int(c.exec_driver_sql("PRAGMA page_count").scalar_one())
        c.exec_driver_sql(f"PRAGMA max_page_count = {pages + left}")
        return [None]

    return limit


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_full_disk_hurts_the_caller_who_filled_it(world: World) -> None:
    await world.stores.connections.add(connection(), CREDENTIALS)
    await world.stores.database.write(pages_left(8), None)  # type: ignore[arg-type]
    large = attrs.evolve(REPORT, content=b"%PDF-" + bytes(1_000_000) + b"%%EOF")
    outcomes = await asyncio.gather(
        *[world.stores.commands.accept(command) for command in (new(1), call(2, report=large), new(3))],
        return_exceptions=True,
    )
    assert isinstance(outcomes[1], UnavailableError)
    assert "full" in outcomes[1].message
    assert await count(world, commands) == 2
    assert await count(world, blobs) == 0
    assert {claim.key for claim in await world.stores.commands.claim(9)} == {"screening:s1"}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_a_commit_that_fails_fails_all_and_keeps_nothing(world: World) -> None:
    await with_connections(world, 3)
    database = world.stores.database
    late = [database.write(orphan_later, None), database.write(served, 1), database.write(served, 2)]
    outcomes = await asyncio.gather(*late, return_exceptions=True)
    assert all(isinstance(outcome, UnavailableError) for outcome in outcomes)
    assert await count(world, rounds) == 0


def orphan_later(c: sa.Connection, items: object) -> list[None]:
    """Breaks a rule that is only looked at when the transaction is committed."""
    c.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    c.execute(sa.insert(rounds).values(connection_id="con_nobody", served_at=0))
    return [None]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_the_file_is_made_for_large_rows_and_power_cuts(world: World) -> None:
    def pragmas(c: sa.Connection, items: object) -> list[list[object]]:
        names = ("page_size", "journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return [[c.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]]

    assert await world.stores.database.write(pragmas, None) == [16384, "wal", 2, 1, 30000]
