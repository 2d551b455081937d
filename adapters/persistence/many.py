"""A statement for many rows, compiled once for an engine: SQLAlchemy would look at each value of each row anew."""

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import attrs
import sqlalchemy as sa


@attrs.frozen
class _Text:
    """The statement as an engine takes it: its values' names in order, and those that are the same for every row."""

    sql: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]


class Many:
    """Rows hold what columns hold: text, bytes, whole numbers, booleans or None; there is nothing to convert.

    The statement has two values at least.
    """

    def __init__(self, statement: sa.Insert | sa.Update) -> None:
        self._statement = statement
        self._texts: dict[tuple[str, ...], _Text] = {}

    def execute(self, c: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> int:
        """All rows have the same names. The answer is how many were taken, or -1 where an engine does not count."""
        text = self._text(c.dialect, tuple(rows[0]))
        values = itemgetter(*text.names)
        return c.exec_driver_sql(text.sql, [values({**text.fixed, **row}) for row in rows]).rowcount

    def _text(self, dialect: sa.Dialect, names: tuple[str, ...]) -> _Text:
        found = self._texts.get((dialect.name, *names))
        if found is None:
            columns = list(names) if isinstance(self._statement, sa.Insert) else None
            compiled = self._statement.compile(dialect=dialect, column_keys=columns)
            found = _Text(str(compiled), tuple(compiled.positiontup or ()), dict(compiled.params))
            self._texts[dialect.name, *names] = found
        return found
