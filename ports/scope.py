"""Whose rows a caller may see."""

import attrs

from domain.ids import ConnectionId


@attrs.frozen
class Scope:
    """One connection, or (None) all of them. Every store method that reads or changes rows by id takes one first."""

    connection: ConnectionId | None = None

    def covers(self, connection: ConnectionId) -> bool:
        """Whether rows of the connection may be seen."""
        return self.connection is None or self.connection == connection


EVERYTHING = Scope()
