"""A look at the tables themselves."""

import sqlalchemy as sa

from tests.persistence.worlds import World


async def count(world: World, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(*conditions)
    return int(await world.stores.database.read(lambda c: c.execute(query).scalar_one()))


async def everything(world: World) -> str:
    """All that is kept, as text, to look for what must not be."""
    from adapters.persistence.tables import metadata

    def dump(c: sa.Connection) -> str:
        return "\n".join(repr(row) for table in metadata.sorted_tables for row in c.execute(sa.select(table)))

    return await world.stores.database.read(dump)
