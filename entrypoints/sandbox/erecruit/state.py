"""What the emulated eRecruit remembers; times are local texts without offset, as its database has them."""

from datetime import datetime
from typing import Any

import attrs

from entrypoints.sandbox.zones import shipped

Row = dict[str, Any]


@attrs.define(kw_only=True)
class Switches:
    """Peculiarities that some installations have."""

    bare_lists: bool = False
    communications_in_lists: bool = True
    misspelled_application_route: bool = False
    single_session: bool = False
    legacy_expires: bool = True
    expires_in_is_text: bool = False
    token_seconds: int = 1199
    forbidden: str = ""
    """Resources without permission, joined by commas."""


@attrs.define
class Table:
    """Rows by id, and in the order of lists: by ModifiedOn, then by ID."""

    rows: dict[int, Row] = attrs.field(factory=dict)
    _order: list[Row] | None = None

    def put(self, row: Row) -> None:
        self.rows[row["ID"]] = row
        self._order = None

    def remove(self, number: int) -> None:
        del self.rows[number]
        self._order = None

    def change(self, number: int, now: str, **values: Any) -> Row:
        row = {**self.rows[number], **values, "ModifiedOn": now}
        self.put(row)
        return row

    def ordered(self) -> list[Row]:
        # Texts whose fractions bear no trailing zeros sort like the times they name.
        if self._order is None:
            self._order = sorted(self.rows.values(), key=lambda row: (row["ModifiedOn"], row["ID"]))
        return self._order

    def next_id(self) -> int:
        return max(self.rows, default=0) + 1


@attrs.frozen(kw_only=True)
class About:
    """What a note, file, tag or field hangs on."""

    kind: str
    number: int

    @property
    def target(self) -> tuple[str, str]:
        return self.kind, str(self.number)


@attrs.define(kw_only=True)
class Attachment:
    about: About
    row: Row
    content: bytes


@attrs.define(kw_only=True)
class Token:
    host: str
    until: datetime


@attrs.define(kw_only=True)
class Note:
    about: tuple[About, ...]
    row: Row


@attrs.define(kw_only=True)
class State:
    zone: str
    credentials: dict[str, str]
    switches: Switches = attrs.field(factory=Switches)
    tokens: dict[str, Token] = attrs.field(factory=dict)
    issued: int = 0
    positions: Table = attrs.field(factory=Table)
    contacts: Table = attrs.field(factory=Table)
    submissions: Table = attrs.field(factory=Table)
    companies: dict[int, Row] = attrs.field(factory=dict)
    communications: dict[About, list[Row]] = attrs.field(factory=dict)
    notes: dict[int, Note] = attrs.field(factory=dict)
    attachments: dict[int, Attachment] = attrs.field(factory=dict)
    attached: dict[About, list[Attachment]] = attrs.field(factory=dict)
    values: dict[About, dict[int, str]] = attrs.field(factory=dict)
    tags: dict[About, dict[int, str]] = attrs.field(factory=dict)

    def local(self, moment: datetime) -> str:
        return local(moment, self.zone)


def local(moment: datetime, zone: str) -> str:
    """No offset, and as many digits of the fraction as are not zeros."""
    there = moment.astimezone(shipped(zone)).replace(tzinfo=None)
    text = there.isoformat(timespec="microseconds")
    return text.rstrip("0").rstrip(".")
