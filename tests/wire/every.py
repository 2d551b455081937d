"""The providers whose bytes are recorded."""

from tests.wire.avionte.public import AVIONTE
from tests.wire.case import Case, Recorded
from tests.wire.erecruit.public import ERECRUIT
from tests.wire.kombo.public import KOMBO
from tests.wire.tempworks.public import TEMPWORKS

RECORDED: tuple[Recorded, ...] = (ERECRUIT, TEMPWORKS, KOMBO, AVIONTE)
CASES: tuple[tuple[Recorded, Case], ...] = tuple((one, case) for one in RECORDED for case in one.cases)


def name(value: object) -> str:
    """How a provider or a case is called."""
    return value.name if isinstance(value, Case) else getattr(value, "provider", str(value))
