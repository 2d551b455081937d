"""What a connection to Avionté is told: what Kombo's are, with Avionté's own words and paths in `assumed`."""

import re
from collections.abc import Mapping

from adapters import reading
from adapters.avionte.assumed import WORDS
from adapters.avionte.endpoints import ENDPOINTS
from adapters.kombo import settings as kombo
from adapters.kombo.settings import Settings
from adapters.rest.endpoint import Wire
from domain.errors import InvalidError
from ports.providers import Checked

_KEY = reading.matching(r"[A-Za-z][A-Za-z0-9_ -]{0,63}", "a name of letters, digits, spaces, dashes and underscores")
_PATH = reading.matching(
    r"(?=.{2,200}\Z)(/(?!\.{1,2}(/|$))([A-Za-z0-9_.~-]|\{[a-z_]+\})+){1,20}", "a path such as /candidate/{candidate_id}"
)
_NAMED = re.compile(r"\{[a-z_]+\}")


def _path_like(usual: str) -> reading.Reader:
    """Another path for the same call: it must name the very records that the usual one names."""
    ids = sorted(_NAMED.findall(usual))

    def read_path(given: object) -> str:
        path: str = _PATH(given)
        if sorted(_NAMED.findall(path)) != ids:
            raise InvalidError.at("", f"must name {' and '.join(ids) or 'no id'}, as {usual} does")
        return path

    return read_path


OVERRIDES: Mapping[str, reading.Reader] = {
    **kombo.OVERRIDES,
    **dict.fromkeys(WORDS, _KEY),
    "multi_query.most": reading.matching("[1-9][0-9]?|[1-4][0-9]{2}|500", "a text of digits, from 1 to 500"),
    **{f"path.{row.name}": _path_like(row.path) for row in ENDPOINTS if row.wire is Wire.ASSUMED},
}
"""How each assumed word and path is read."""


def word(settings: Settings, name: str) -> str:
    """What this customer has for an assumed word of Avionté's."""
    return settings.assumed.get(name, WORDS[name])


def read_settings(given: object) -> Settings:
    """Raises `InvalidError` with every fault."""
    return kombo.read_settings(given, OVERRIDES)


def check_settings(given: Mapping[str, object]) -> Checked:
    """Complete, as they are kept. Raises `InvalidError` with every fault."""
    return kombo.check_settings(given, OVERRIDES)
