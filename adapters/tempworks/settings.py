"""What a connection to TempWorks is told: where the customer's installation is, how to log in, and ids of theirs."""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from adapters import reading, zones
from adapters.deps import Unverified
from adapters.rest.endpoint import Wire
from adapters.tempworks.assumed import NUMBERS, WORDS
from adapters.tempworks.endpoints import ENDPOINTS
from domain.errors import InvalidError
from ports.providers import Checked

WINDOW = 5.175
"""Seconds in which 25 requests go: the vendor's five, and room for a network that brings two requests nearer."""
DAY = 86_400.0


class Method(StrEnum):
    """How we log in."""

    TOKEN = "token"  # noqa: S105 - no secret: a way to log in
    BASIC = "basic"
    OAUTH = "oauth"


@attrs.frozen(kw_only=True, slots=False)
class Settings:
    """Addresses are complete. `overlap_seconds` is how far back changes are asked for again.

    Without `time_zone` nobody knows where the vendor's times without offset are: they are taken for UTC, and changes
    are asked for a day further back. `message_action_id` is the kind of message that notes become: without one none
    is written, because some kinds deactivate the person. `screened_status_id` is a stage as the catalogue has it.
    `rate_limit` is in requests a second.
    """

    base_url: str
    login_url: str = "https://login.ontempworks.com/connect/token"
    webhooks_url: str = "https://webhooks-api.ontempworks.com/api"
    time_zone: str | None = None
    auth: Method = Method.TOKEN
    message_action_id: str | None = None
    screened_status_id: str | None = None
    overlap_seconds: float = 600
    settle_seconds: float = 120
    pull_seconds: Mapping[str, float] = attrs.field(factory=dict)
    request_seconds: float = 60
    rate_limit: float = 4.83
    in_flight: int = 5
    assumed: Mapping[str, str] = attrs.field(factory=dict)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of the vendor's local times."""
        return zones.zone(self.time_zone or "UTC")

    @property
    def lookback(self) -> float:
        """Seconds before a moment from which changes are asked for."""
        return self.overlap_seconds + (0 if self.time_zone else DAY)

    def word(self, name: str) -> str:
        """What the customer's TempWorks has for an assumed word."""
        return self.assumed.get(name, WORDS[name])

    def as_json(self) -> dict[str, Any]:
        """Complete, as it is kept; of `assumed` only what differs, so that a better guess of ours comes through."""
        return {**attrs.asdict(self), "auth": str(self.auth)}


@attrs.frozen(kw_only=True)
class Credentials:
    """A token, or an account with its token, or a client of the log-in server; and the secret of webhooks."""

    token: str = attrs.field(default="", repr=False)
    account_sid: str = ""
    auth_token: str = attrs.field(default="", repr=False)
    client_id: str = ""
    client_secret: str = attrs.field(default="", repr=False)
    tenant: str = ""
    product_instance: str = ""
    webhook_secret: str = attrs.field(default="", repr=False)


NEEDED: Mapping[Method, tuple[str, ...]] = {
    Method.TOKEN: ("token",),
    Method.BASIC: ("account_sid", "auth_token"),
    Method.OAUTH: ("client_id", "client_secret", "tenant", "product_instance"),
}
"""Which credentials belong to which way to log in."""

_ID = reading.matching("[0-9]{1,19}", "a text of digits")
_STAGE = reading.matching("candidate:[0-9]{1,19}", "a stage of candidates on orders, such as candidate:3")
# They travel in headers and forms: what no header can carry is no credential.
_SECRET = reading.matching("[!-~]{1,4000}", "a text of visible ASCII characters without spaces")
_ACCOUNT = reading.matching("[!-9;-~]{1,500}", "a text of visible ASCII characters without spaces and colons")
_TENANT = reading.matching("[!-~]([ -~]{0,198}[!-~])?", "the name of a tenant, in visible ASCII characters")
_PATH = reading.matching(
    r"(?=.{2,200}\Z)(/(?!\.{1,2}(/|$))([A-Za-z0-9_.~-]|\{[a-z_]+\})+){1,20}", "a path such as /Employees/{candidate_id}"
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


_OVERRIDES: Mapping[str, reading.Reader] = {
    **{name: _ID if name in NUMBERS else reading.text for name in WORDS},
    **dict.fromkeys(("page_size", "search_page_size"), reading.matching("[1-9][0-9]{0,3}", "digits, from 1 to 9999")),
    "longest_note": reading.matching("[1-9][0-9]{2,6}", "digits, from 100 to 9999999"),
    **{f"path.{row.name}": _path_like(row.path) for row in ENDPOINTS if row.wire is Wire.ASSUMED},
}


def _zone(given: object) -> str:
    return zones.zone(reading.text(given)).key or ""


def _method(given: object) -> Method:
    return Method(reading.one_of(*Method)(given))


def read_settings(given: object) -> Settings:
    """Raises `InvalidError` with every fault."""
    readers: dict[str, reading.Reader] = {
        "base_url": reading.address(),
        "login_url": reading.address("/connect/token"),
        "webhooks_url": reading.address("/api"),
        "time_zone": _zone,
        "auth": _method,
        "message_action_id": _ID,
        "screened_status_id": _STAGE,
        "overlap_seconds": reading.number(0, 7 * DAY),
        "settle_seconds": reading.number(0, DAY),
        "pull_seconds": reading.pull_seconds,
        "request_seconds": reading.number(0.1, 600),
        "rate_limit": reading.number(0.01, 10_000),
        "in_flight": reading.number(1, 100, whole=True),
        "assumed": reading.table(_OVERRIDES),
    }
    return reading.read(Settings, readers, given)


def read_credentials(given: object) -> Credentials:
    """Those of one way to log in. Raises `InvalidError` with every fault; no value is quoted."""
    names = [field.name for field in attrs.fields(Credentials)]
    readers = {**dict.fromkeys(names, _SECRET), "account_sid": _ACCOUNT, "tenant": _TENANT}
    credentials = reading.read(Credentials, readers, given)
    way_of(credentials)
    return credentials


def way_of(credentials: Credentials) -> Method:
    """The way to log in that they are for. Raises `InvalidError` for those of none, or of two."""
    ways = {way for way, names in NEEDED.items() if any(getattr(credentials, name) for name in names)}
    whole = {way for way in ways if all(getattr(credentials, name) for name in NEEDED[way])}
    if len(ways) != 1 or ways != whole:
        known = "; or ".join(", ".join(names) for names in NEEDED.values())
        raise InvalidError.at("", f"must be those of one way to log in: {known}")
    return ways.pop()


SAMPLE: Mapping[str, object] = {"base_url": "https://api.ontempworks.com", "time_zone": "America/Los_Angeles"}
"""Settings of nobody, all else by default."""


def check_settings(given: Mapping[str, object]) -> Checked:
    """Complete, as they are kept. Raises `InvalidError` with every fault."""
    settings = read_settings(given)
    # Each address with what it is for: two that change places are sent what they were not trusted with.
    hosts = {
        f"base {settings.base_url}",
        f"login {settings.login_url}",
        f"webhooks {settings.webhooks_url}",
    }
    return Checked(settings=settings.as_json(), hosts=frozenset(hosts))


def check_credentials(given: Mapping[str, object]) -> Mapping[str, str]:
    """As they are kept. Raises `InvalidError` with every fault."""
    return {name: value for name, value in attrs.asdict(read_credentials(given)).items() if value}


def unverified(_: Mapping[str, object]) -> Unverified | None:
    """No host of TempWorks' goes unverified."""
    return None
