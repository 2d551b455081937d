"""What a connection over Kombo is told. Avionté's is the same, with more words of its own in `assumed`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import attrs

from adapters import reading
from adapters.deps import Unverified
from adapters.kombo.assumed import WORDS
from ports.providers import Checked

MOST_IN_FLIGHT = 28
"""Kombo lets 30 actions of an integration be under way at once; two of them are kept for bulk reads."""


class NoteFormat(StrEnum):
    """What notes are written in. On the wire both are called plain text."""

    HTML = "html"
    PLAIN = "plain"


class Dialect(StrEnum):
    """Which of Avionté's paths are spoken: those of the integrator's page, or those that Avionté documents."""

    PAGE = "page"
    DOCUMENTED = "documented"


@attrs.frozen(kw_only=True)
class Settings:
    """Addresses are complete; `overlap_seconds` is how far back changes are asked for again.

    A record is stamped when a synchronisation reads it and shown when that is over: an hour covers one. A request may
    take `request_seconds`; what it was to do may still appear `settle_seconds` after that. `tag` is the name of the
    tag for people who were screened. `dialect`, `passthrough_path` and `activity_type_id` are Avionté's alone.
    """

    base_url: str
    note_format: NoteFormat = NoteFormat.HTML
    dialect: Dialect = Dialect.PAGE
    passthrough_path: str = "/passthrough/avionte/front-office-v1"
    activity_type_id: str | None = None
    tag: str | None = None
    overlap_seconds: float = 3600
    settle_seconds: float = 120
    pull_seconds: Mapping[str, float] = attrs.field(factory=dict)
    request_seconds: float = 60
    rate_limit: float = 20
    in_flight: int = 10
    assumed: Mapping[str, str] = attrs.field(factory=dict)

    def word(self, name: str) -> str:
        """What this customer has for an assumed word of Kombo's."""
        return self.assumed.get(name, WORDS[name])

    def as_json(self) -> dict[str, Any]:
        """Complete, as it is kept; of `assumed` only what differs, so that a better guess of ours comes through."""
        return attrs.asdict(self, value_serializer=lambda _, __, value: str(value) if _is_word(value) else value)


def _is_word(value: object) -> bool:
    return isinstance(value, StrEnum)


@attrs.frozen(kw_only=True)
class Credentials:
    """A key of the customer's environment, and the integration that it is used for."""

    api_key: str = attrs.field(repr=False)
    integration_id: str = attrs.field(repr=False)
    webhook_secret: str | None = attrs.field(default=None, repr=False)


OVERRIDES: Mapping[str, reading.Reader] = {
    "phone_region": reading.matching("[A-Z]{2}", "a country's two capital letters"),
    "page_size": reading.matching("[1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|250", "a text of digits, from 1 to 250"),
    "largest_file": reading.matching("[1-9][0-9]{0,8}", "a text of digits"),
}
"""How each assumed word is read."""

_PASSTHROUGH = reading.matching(r"/passthrough/[a-z0-9-]{1,64}/[a-z0-9-]{1,64}", "a path such as /passthrough/tool/api")
_ACTIVITY_TYPE = reading.matching("-?[0-9]{1,9}", "a text of digits, negative ones with a minus")


def read_settings(given: object, overrides: Mapping[str, reading.Reader] = OVERRIDES) -> Settings:
    """Raises `InvalidError` with every fault. `overrides` are the readers of what `assumed` may hold."""
    readers: dict[str, reading.Reader] = {
        "base_url": reading.address("/v1"),
        "note_format": _word(NoteFormat),
        "dialect": _word(Dialect),
        "passthrough_path": _PASSTHROUGH,
        "activity_type_id": _ACTIVITY_TYPE,
        "tag": reading.text,
        "overlap_seconds": reading.number(0, 86_400),
        "settle_seconds": reading.number(0, 86_400),
        "pull_seconds": reading.pull_seconds,
        "request_seconds": reading.number(0.1, 600),
        "rate_limit": reading.number(0.01, 10_000),
        "in_flight": reading.number(1, MOST_IN_FLIGHT, whole=True),
        "assumed": reading.table(overrides),
    }
    return reading.read(Settings, readers, given)


def _word(kind: type[StrEnum]) -> reading.Reader:
    choice = reading.one_of(*kind)
    return lambda given: kind(choice(given))


def read_credentials(given: object) -> Credentials:
    """Raises `InvalidError` with every fault; no value is quoted."""
    names = [field.name for field in attrs.fields(Credentials)]
    return reading.read(Credentials, dict.fromkeys(names, _header), given)


def _header(given: object) -> str:
    # They travel in headers: what no header can carry is no key.
    read: str = reading.matching("[!-~]{1,500}", "a text of visible ASCII characters without spaces")(given)
    return read


SAMPLE: Mapping[str, object] = {"base_url": "https://api.kombo.dev/v1"}
"""Settings of nobody, all else by default."""


def check_settings(given: Mapping[str, object], overrides: Mapping[str, reading.Reader] = OVERRIDES) -> Checked:
    """Complete, as they are kept. Raises `InvalidError` with every fault."""
    settings = read_settings(given, overrides)
    return Checked(settings=settings.as_json(), hosts=frozenset({f"base {settings.base_url}"}))


def check_credentials(given: Mapping[str, object]) -> Mapping[str, str]:
    """As they are kept. Raises `InvalidError` with every fault."""
    credentials = attrs.asdict(read_credentials(given))
    return {name: value for name, value in credentials.items() if value is not None}


def unverified(_: Mapping[str, object]) -> Unverified | None:
    """No host of Kombo's goes unverified."""
    return None
