"""A statement compiled once for each engine: what a hot path says again and again is put together only once."""

from collections.abc import Mapping
from typing import Any

import attrs
import sqlalchemy as sa


@attrs.frozen
class Text:
    """The statement as an engine takes it: the names of its values in order, and those that never differ."""

    sql: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]


def compiled(statement: sa.ClauseElement, dialect: sa.Dialect) -> Text:
    """Its text in the dialect of an engine. No value of it may be a list: their number would be part of the text."""
    made: Any = statement.compile(dialect=dialect)
    return Text(str(made), tuple(made.positiontup or ()), dict(made.params))


class Prepared:
    """`statement` names with `sa.bindparam` what differs; values are what columns hold, there is nothing to convert."""

    def __init__(self, statement: sa.ClauseElement) -> None:
        self._statement = statement
        self._texts: dict[str, Text] = {}

    def run(self, c: sa.Connection, **values: Any) -> sa.CursorResult[Any]:
        """What SQLAlchemy's own `execute` gives."""
        text = self._texts.get(c.dialect.name)
        if text is None:
            text = self._texts[c.dialect.name] = compiled(self._statement, c.dialect)
        told = {**text.fixed, **values}
        return c.exec_driver_sql(text.sql, tuple(told[name] for name in text.names))
