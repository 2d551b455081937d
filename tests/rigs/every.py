"""All rigs there are."""

from collections.abc import Mapping

from tests.rigs.avionte import avionte
from tests.rigs.erecruit import erecruit
from tests.rigs.kombo import kombo
from tests.rigs.memory import memory
from tests.rigs.public_api import public_api
from tests.rigs.rig import OpenRig
from tests.rigs.tempworks import tempworks

RIGS: Mapping[str, OpenRig] = {
    "memory": memory,
    "erecruit": erecruit,
    "tempworks": tempworks,
    "kombo": kombo,
    "avionte": avionte,
    "public_api": public_api,
}
"""By the name of the provider that stands behind them."""
