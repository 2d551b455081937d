"""All rigs there are."""

from collections.abc import Mapping

from tests.rigs.avionte import avionte
from tests.rigs.erecruit import erecruit
from tests.rigs.kombo import kombo
from tests.rigs.memory import memory
from tests.rigs.rig import OpenRig
from tests.rigs.tempworks import tempworks

RIGS: Mapping[str, OpenRig] = {
    "memory": memory,
    "erecruit": erecruit,
    "tempworks": tempworks,
    "kombo": kombo,
    "avionte": avionte,
}
"""By the name of the provider that stands behind them."""
