"""A disk without room: SQLite may not grow, PostgreSQL refuses what is written, as it does when it finds no space."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import sqlalchemy as sa

from adapters.persistence.database import Database

_REFUSAL = """CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$"""
_AFTER = {"bodies": "INSERT", "commands": "UPDATE"}


@asynccontextmanager
async def a_full_disk(database: Database) -> AsyncIterator[None]:
    await database.write(fill, None)
    try:
        yield
    finally:
        await database.write(make_room, None)


def fill(c: sa.Connection, items: Sequence[None]) -> list[None]:
    if c.dialect.name == "sqlite":
        pages = c.exec_driver_sql("PRAGMA page_count").scalar_one()
        c.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        return [None]
    c.exec_driver_sql(_REFUSAL)
    for table, event in _AFTER.items():
        c.exec_driver_sql(f"CREATE TRIGGER full_{table} AFTER {event} ON {table} EXECUTE FUNCTION no_room()")
    return [None]


def make_room(c: sa.Connection, items: Sequence[None]) -> list[None]:
    room = "PRAGMA max_page_count = 1000000" if c.dialect.name == "sqlite" else "DROP FUNCTION no_room CASCADE"
    c.exec_driver_sql(room)
    return [None]
