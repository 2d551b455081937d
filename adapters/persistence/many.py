"""A statement over many rows that the caller gives: compiled once, and one step for the engine however many they are.

A step lets other threads have the interpreter, and getting it back may take long: that would be paid for each row.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.type_api import TypeEngine

from adapters.persistence.prepared import Text, compiled

Columns: TypeAlias = Mapping[str, type[TypeEngine[Any]]]
Statement: TypeAlias = sa.Insert | sa.Update | sa.Select[*tuple[Any, ...]]
Build: TypeAlias = Callable[[sa.FromClause], Statement]
Ask: TypeAlias = Callable[[Mapping[str, sa.BindParameter[Any]]], sa.Select[*tuple[Any, ...]]]

_LARGEST_PART = 64


class Many:
    """`build` makes the statement out of the table of given rows, which has the columns named.

    Rows hold what columns hold: text, bytes, whole numbers, booleans or None; there is nothing to convert.
    """

    def __init__(self, columns: Columns, build: Build) -> None:
        self._columns = columns
        self._build = build
        self._texts: dict[tuple[str, int], Text] = {}

    def run(self, c: sa.Connection, rows: Sequence[Sequence[Any]], **values: Any) -> None:
        """Values of a row are in the order of the columns; `values` are those that the statement binds itself."""
        for _ in self._results(c, rows, values):
            pass

    def rows(self, c: sa.Connection, rows: Sequence[Sequence[Any]], **values: Any) -> list[Any]:
        """What the statement returns, in no order that could be relied upon."""
        return [row for result in self._results(c, rows, values) for row in result.all()]

    def _results(
        self, c: sa.Connection, rows: Sequence[Sequence[Any]], values: Mapping[str, Any]
    ) -> Iterator[sa.CursorResult[Any]]:
        if not rows:
            return
        if c.dialect.name == "postgresql":
            text = self._text(c.dialect, 0)
            columns = dict(zip(self._columns, map(list, zip(*rows, strict=True)), strict=True))
            told = {**text.fixed, **values, **columns}
            yield c.exec_driver_sql(text.sql, tuple(told[name] for name in text.names))
            return
        for part in _parts(rows):
            text = self._text(c.dialect, len(part))
            told = {**text.fixed, **values}
            others = (told[name] for name in text.names[len(part) * len(self._columns) :])
            yield c.exec_driver_sql(text.sql, (*chain.from_iterable(part), *others))

    def _text(self, dialect: sa.Dialect, rows: int) -> Text:
        found = self._texts.get((dialect.name, rows))
        if found is None:
            given = _as_values(self._columns, rows) if rows else _as_arrays(self._columns)
            found = compiled(self._build(given), dialect)
            self._texts[dialect.name, rows] = found
        return found


class Each:
    """A query for each of many rows, where no single one can ask for all of them: they are put into one statement.

    `ask` makes the query out of the values of a row.
    """

    def __init__(self, columns: Columns, ask: Ask) -> None:
        self._columns = columns
        self._ask = ask
        self._texts: dict[tuple[str, int], Text] = {}

    def rows(self, c: sa.Connection, rows: Sequence[Sequence[Any]], **values: Any) -> list[Any]:
        """What the queries return, in the order of the rows; `values` are those that every query binds itself."""
        found: list[Any] = []
        for part in _parts(rows):
            text = self._text(c.dialect, len(part))
            own = {f"{name}_of_{n}": row[at] for n, row in enumerate(part) for at, name in enumerate(self._columns)}
            told = {**text.fixed, **values, **own}
            found += c.exec_driver_sql(text.sql, tuple(told[name] for name in text.names)).all()
        return found

    def _text(self, dialect: sa.Dialect, rows: int) -> Text:
        found = self._texts.get((dialect.name, rows))
        if found is None:
            each = [sa.select(self._ask(self._values(n)).subquery(f"of_{n}")) for n in range(rows)]
            found = compiled(sa.union_all(*each), dialect)
            self._texts[dialect.name, rows] = found
        return found

    def _values(self, n: int) -> Mapping[str, sa.BindParameter[Any]]:
        return {name: sa.bindparam(f"{name}_of_{n}", type_=kind()) for name, kind in self._columns.items()}


def _parts(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    """Powers of two: seven texts are enough for every number of rows."""
    done = 0
    while left := len(rows) - done:
        size = min(1 << left.bit_length() - 1, _LARGEST_PART)
        yield rows[done : done + size]
        done += size


def _as_values(columns: Columns, rows: int) -> sa.FromClause:
    """They stand before everything else in the statement, row by row."""
    names = [sa.column(name, kind()) for name, kind in columns.items()]
    data = [tuple(sa.bindparam(f"{name}_{n}", type_=kind()) for name, kind in columns.items()) for n in range(rows)]
    return sa.values(*names, name="given").data(data).cte("given")


def _as_arrays(columns: Columns) -> sa.FromClause:
    """An array a column: one text, and one plan, for any number of rows."""
    arrays = [sa.cast(sa.bindparam(name), postgresql.ARRAY(kind)) for name, kind in columns.items()]
    return sa.func.unnest(*arrays).table_valued(*columns).render_derived(name="given")
