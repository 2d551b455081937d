"""What a connection to eRecruit is told: two hosts, the customer's ids, and what the customer has otherwise."""

import re
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from yarl import URL

from adapters import reading, zones
from adapters.deps import Unverified
from adapters.erecruit.assumed import NUMBERS, WORDS
from adapters.erecruit.endpoints import ENDPOINTS, LEGACY, LEGACY_LOG_IN, STANDARD
from adapters.rest import sessions
from adapters.rest.endpoint import Wire
from domain.errors import InvalidError
from ports.providers import Checked

ROUTES: Mapping[str, str] = {row.name: row.host for row in ENDPOINTS if row is not LEGACY_LOG_IN}
"""Which host serves which operation unless the settings say otherwise. Most of it is assumed."""


@attrs.frozen(kw_only=True)
class Resources:
    """Under which names the customer's eRecruit lists candidates and applications."""

    candidate: str = "Contact"
    application: str = "Submission"


@attrs.frozen(kw_only=True, slots=False)
class Settings:
    """Ids are text of digits; addresses are complete; `overlap_seconds` is how far back changes are asked for again.

    The vendor stamps records in local time without offset: two hours cover the hour that comes twice in autumn, and
    one hour of a wrong rule in its zone. A request may take `request_seconds`; what it was to do may still appear
    `settle_seconds` after that.
    """

    base_url: str
    login_url: str
    legacy_url: str
    time_zone: str
    legacy_pin: str | None = None
    resources: Resources = attrs.field(factory=Resources)
    routes: Mapping[str, str] = attrs.field(factory=dict)
    tag_id: str = "65880"
    screened_status_id: str = "101"
    note_action_id: str = "496"
    overlap_seconds: float = 7200
    settle_seconds: float = 120
    pull_seconds: Mapping[str, float] = attrs.field(factory=dict)
    request_seconds: float = 60
    rate_limit: float = 4
    in_flight: int = 4
    assumed: Mapping[str, str] = attrs.field(factory=dict)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of the vendor's local times."""
        return zones.zone(self.time_zone)

    def word(self, name: str) -> str:
        """What the customer's eRecruit has for an assumed word."""
        return self.assumed.get(name, WORDS[name])

    def host_of(self, operation: str, usual: str) -> str:
        """The host that serves an operation."""
        return self.routes.get(operation, usual)

    def as_json(self) -> dict[str, Any]:
        """Complete, as it is kept; of `assumed` only what differs, so that a better guess of ours comes through."""
        return attrs.asdict(attrs.evolve(self, routes={**ROUTES, **self.routes}))


@attrs.frozen(kw_only=True)
class Credentials:
    """Of the log-in host, and of the legacy host."""

    client_id: str
    client_secret: str = attrs.field(repr=False)
    legacy_user_name: str
    legacy_password: str = attrs.field(repr=False)
    legacy_entity_id: str


_ID = reading.matching("[0-9]{1,18}", "a text of digits")
_WORD = reading.matching("[A-Za-z][A-Za-z0-9-]{0,63}", "a name of letters and digits")
_PATH = reading.matching(
    r"(?=.{2,200}\Z)(/(?!\.{1,2}(/|$))([A-Za-z0-9_.~-]|<[a-z]+>|\{[a-z_]+\})+){1,20}", "a path such as /Note/{id}"
)
_NAMED = re.compile(r"\{[a-z_]+\}|<[a-z]+>")
_WORDS_OF_PATHS = frozenset(name for row in ENDPOINTS for name in _NAMED.findall(row.path) if name[0] == "<")


def _path_like(usual: str) -> reading.Reader:
    """Another path for the same call: it must name the very records that the usual one names."""
    ids = {name for name in _NAMED.findall(usual) if name[0] == "{"}

    def read_path(given: object) -> str:
        path: str = _PATH(given)
        found = _NAMED.findall(path)
        if sorted(name for name in found if name[0] == "{") != sorted(ids):
            raise InvalidError.at("", f"must name {' and '.join(sorted(ids)) or 'no id'}, as {usual} does")
        if strange := sorted(name for name in found if name[0] == "<" and name not in _WORDS_OF_PATHS):
            raise InvalidError.at(
                "", f"must not name {', '.join(strange)}: known are {', '.join(sorted(_WORDS_OF_PATHS))}"
            )
        return path

    return read_path


_OVERRIDES = {
    **{name: _ID if name in NUMBERS else _WORD for name in WORDS},
    "page_size": reading.matching("[1-9][0-9]{0,3}", "a text of digits, from 1 to 9999"),
    **{f"path.{row.name}": _path_like(row.path) for row in ENDPOINTS if row.wire is Wire.ASSUMED},
}
_RESOURCES = {"candidate": _WORD, "application": _WORD}


def _zone(given: object) -> str:
    return zones.zone(reading.text(given)).key or ""


def _legacy_url(exempt: Collection[str] | None) -> reading.Reader:
    usual = reading.address("/api")

    def read_legacy_url(given: object) -> str:
        address: str = usual(given)
        if exempt is not None:
            sessions.exempted(address, exempt)
        return address

    return read_legacy_url


def read_settings(given: object, exempt: Collection[str] | None = ()) -> Settings:
    """Raises `InvalidError` with every fault.

    `exempt` names hosts that may go unverified besides the known one; None: that was looked at before.
    """
    readers: dict[str, reading.Reader] = {
        "base_url": reading.address("/webapi"),
        "login_url": reading.address("/t/token"),
        "legacy_url": _legacy_url(exempt),
        "time_zone": _zone,
        "legacy_pin": reading.matching("[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}", "a SHA-256 digest in hexadecimal"),
        "resources": lambda resources: reading.read(Resources, _RESOURCES, resources),
        "routes": reading.table(dict.fromkeys(ROUTES, reading.one_of(STANDARD, LEGACY))),
        "tag_id": _ID,
        "screened_status_id": _ID,
        "note_action_id": _ID,
        "overlap_seconds": reading.number(0, 86_400),
        "settle_seconds": reading.number(0, 86_400),
        "pull_seconds": reading.pull_seconds,
        "request_seconds": reading.number(0.1, 600),
        "rate_limit": reading.number(0.01, 10_000),
        "in_flight": reading.number(1, 100, whole=True),
        "assumed": reading.table(_OVERRIDES),
    }
    return reading.read(Settings, readers, given)


def read_credentials(given: object) -> Credentials:
    """Raises `InvalidError` with every fault; no value is quoted."""
    names = [field.name for field in attrs.fields(Credentials)]
    return reading.read(Credentials, dict.fromkeys(names, reading.text), given)


SAMPLE: Mapping[str, object] = {
    "base_url": "https://erecruit.example/webapi",
    "login_url": "https://login.example/t/token",
    "legacy_url": f"https://{sessions.LEGACY_HOST}/api",
    "time_zone": "America/Toronto",
}
"""Settings of nobody, all else by default."""


def check_settings(given: Mapping[str, object], exempt: Collection[str]) -> Checked:
    """Complete, as they are kept. Raises `InvalidError` with every fault."""
    settings = read_settings(given, exempt)
    # Without its pin the legacy host is trusted less: that is as if it were another one. Each address with what it is
    # for: two that change places are sent what they were not trusted with.
    legacy = f"{settings.legacy_url} {settings.legacy_pin or 'unpinned'}"
    hosts = frozenset({f"base {settings.base_url}", f"login {settings.login_url}", f"legacy {legacy}"})
    return Checked(settings=settings.as_json(), hosts=hosts)


def check_credentials(given: Mapping[str, object]) -> Mapping[str, str]:
    """As they are kept. Raises `InvalidError` with every fault."""
    credentials: dict[str, str] = attrs.asdict(read_credentials(given))
    return credentials


def unverified(given: Mapping[str, object]) -> Unverified | None:
    """The host whose certificate cannot be verified, of settings that are kept."""
    settings = read_settings(given, exempt=None)
    return Unverified(str(URL(settings.legacy_url).origin()), settings.legacy_pin)
