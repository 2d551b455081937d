"""The schema's history arrives at the schema."""

import asyncio

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from adapters.persistence.database import open_database
from adapters.persistence.migrate import migrate
from adapters.persistence.tables import metadata
from tests.persistence.worlds import StoppedClock, World


async def test_migrations_and_tables_agree(world: World) -> None:
    def differences(c: sa.Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(c), metadata))

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
        "ix_commands_kept",
        "ix_commands_leases",
        "ix_commands_unfinished",
        "ix_commands_waiting",
        "uq_commands_running_subject",
    }
    kept = found.pop("ix_commands_kept")
    assert "body IS NOT NULL" in kept
    assert all("state" in condition for condition in found.values())


async def test_migrating_again_and_at_once_changes_nothing(url: str) -> None:
    await asyncio.gather(*[migrate(url) for _ in range(3)])


async def test_several_may_start_on_an_empty_database(url: str) -> None:
    async with open_database(url, StoppedClock()) as database:
        await database.write(empty, None)
    await asyncio.gather(*[migrate(url) for _ in range(3)])


def empty(c: sa.Connection, items: object) -> list[None]:
    metadata.drop_all(c)
    sa.Table("alembic_version", sa.MetaData()).drop(c)
    return [None]
