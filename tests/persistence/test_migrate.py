"""The schema's history arrives at the schema."""

import asyncio

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from adapters.persistence.database import open_database
from adapters.persistence.migrate import migrate, upgrade
from adapters.persistence.record_tables import cursors, records
from adapters.persistence.tables import bodies, commands, effects, host_turns, metadata
from tests.persistence.worlds import StoppedClock, World


def differences(c: sa.Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(c), metadata))


async def test_migrations_and_tables_agree(world: World) -> None:
    assert await world.stores.database.read(differences) == []


async def test_the_partial_indexes_are_there_with_their_conditions(world: World) -> None:
    """Comparing looks at names and columns of indexes only."""

    def conditions(c: sa.Connection) -> dict[str, str]:
        found = sa.inspect(c).get_indexes("commands")
        return {
            str(index["name"]): str(index["dialect_options"].get(f"{c.dialect.name}_where"))
            for index in found
            if index["dialect_options"].get(f"{c.dialect.name}_where") is not None
        }

    found = await world.stores.database.read(conditions)
    assert set(found) == {
        "ix_commands_leases",
        "ix_commands_unfinished",
        "ix_commands_waiting",
        "uq_commands_running_subject",
    }
    assert all("state" in condition for condition in found.values())


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
async def test_commands_have_no_row_numbers(world: World) -> None:
    query = sa.text("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")
    found = await world.stores.database.read(lambda c: c.scalars(query).all())
    assert set(found) == {"bodies", "commands", "deliveries", "delivery_attempts", "events"}


async def test_migrating_again_and_at_once_changes_nothing(url: str) -> None:
    await asyncio.gather(*[migrate(url) for _ in range(3)])


async def test_several_may_start_on_an_empty_database(url: str) -> None:
    async with open_database(url, StoppedClock()) as database:
        await database.write(empty, None)
    await asyncio.gather(*[migrate(url) for _ in range(3)])


async def test_what_was_kept_before_is_kept_on(url: str) -> None:
    """A command of the first schema, with an effect, a file and a request, and one whose request was erased."""
    async with open_database(url, StoppedClock()) as database:
        await database.write(empty, None)
        await database.write(of_the_first_schema, None)
    await migrate(url)
    async with open_database(url, StoppedClock()) as database:
        kept = await database.read(lambda c: c.execute(sa.select(bodies)).all())
        states = await database.read(lambda c: c.execute(sa.select(commands.c.id, commands.c.state)).all())
        assert await database.read(lambda c: c.scalars(sa.select(effects.c.command_id)).all()) == ["wb_1"]
        assert await database.read(differences) == []
    assert kept == [("wb_1", 7, b"{}")]
    assert set(states) == {("wb_1", "waiting"), ("wb_2", "dead")}


def of_the_first_schema(c: sa.Connection, items: object) -> list[None]:
    upgrade(c, "0001")
    then = sa.MetaData()
    then.reflect(c)
    told = {"settings": b"{}", "policy": b"{}", "revision": 1, "created_at": 7}
    c.execute(sa.insert(then.tables["connections"]).values(id="con", provider="kombo", name="", **told))
    same = {"connection_id": "con", "kind": "write", "subject": "ada", "body_sha256": b"x", "planned": False}
    same |= {"fence": 0, "due_at": 7, "crashes": 0, "created_at": 7, "since": 7}
    old = then.tables["commands"]
    c.execute(sa.insert(old).values(id="wb_1", key="a", state="waiting", body=b"{}", **same))
    c.execute(sa.insert(old).values(id="wb_2", key="b", state="dead", **same))
    effect = {"slot": "tag", "key": "k", "marker": "m", "kind": "tag", "target_type": "candidate", "attempt": 0}
    rest = {"command_id": "wb_1", "n": 1, "connection_id": "con", "state": "planned"}
    c.execute(sa.insert(then.tables["effects"]).values(**effect, **rest))
    return [None]


async def test_turns_and_silences_outlast_the_places_beside_them(url: str) -> None:
    async with open_database(url, StoppedClock()) as database:
        await database.write(empty, None)
        await database.write(of_the_third_schema, None)
    await migrate(url)
    async with open_database(url, StoppedClock()) as database:
        kept = await database.read(lambda c: c.execute(sa.select(host_turns)).all())
        assert await database.read(differences) == []
    assert kept == [("con", "standard", 8, 9, None)]


def of_the_third_schema(c: sa.Connection, items: object) -> list[None]:
    upgrade(c, "0003")
    then = sa.MetaData()
    then.reflect(c)
    told = {"settings": b"{}", "policy": b"{}", "revision": 1, "created_at": 7}
    c.execute(sa.insert(then.tables["connections"]).values(id="con", provider="kombo", name="", **told))
    turn = {"connection_id": "con", "host": "standard", "next_at": 8, "silent_until": 9}
    c.execute(sa.insert(then.tables["host_turns"]).values(turn))
    return [None]


async def test_what_was_pulled_is_found_under_the_number_of_its_cursor(url: str) -> None:
    async with open_database(url, StoppedClock()) as database:
        await database.write(empty, None)
        await database.write(of_the_eighth_schema, None)
    await migrate(url)
    both = sa.select(cursors.c.connection_id, cursors.c.kind, cursors.c.since, records.c.id, records.c.content)
    kept = both.join(records).order_by(cursors.c.kind)
    async with open_database(url, StoppedClock()) as database:
        assert await database.read(lambda c: c.execute(kept).all()) == [
            ("con", "candidate", 9, "7", b"ada"),
            ("con", "job", None, "7", b"driver"),
        ]
        assert await database.read(differences) == []


def of_the_eighth_schema(c: sa.Connection, items: object) -> list[None]:
    upgrade(c, "0008")
    then = sa.MetaData()
    then.reflect(c)
    told = {"settings": b"{}", "policy": b"{}", "revision": 1, "created_at": 7}
    c.execute(sa.insert(then.tables["connections"]).values(id="con", provider="kombo", name="", **told))
    pulled = [("job", None, b"driver"), ("candidate", 9, b"ada")]
    for kind, since, content in pulled:
        mine = {"connection_id": "con", "kind": kind}
        c.execute(sa.insert(then.tables["cursors"]).values(since=since, fence=0, failures=0, **mine))
        c.execute(sa.insert(then.tables["records"]).values(id="7", digest=b"x", content=content, updated_at=8, **mine))
    return [None]


def empty(c: sa.Connection, items: object) -> list[None]:
    metadata.drop_all(c)
    sa.Table("alembic_version", sa.MetaData()).drop(c)
    return [None]
