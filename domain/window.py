"""How far back a read of changes must look."""

from datetime import datetime, timedelta

import attrs


def _aware(_: object, __: object, value: datetime) -> None:
    if value.utcoffset() is None:
        raise ValueError("a window begins at an aware time")


@attrs.frozen
class ChangeWindow:
    """Changes since a moment, with an overlap for what an ATS stamps late or in local time."""

    since: datetime = attrs.field(validator=_aware)
    overlap: timedelta = timedelta(0)

    @property
    def start(self) -> datetime:
        """The moment from which to ask. The overlap is taken before any conversion to local time."""
        return self.since - self.overlap
