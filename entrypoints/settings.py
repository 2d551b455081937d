"""Process settings: environment (`ATSBRIDGE_...`) over an optional `atsbridge.toml`. Nothing else reads either."""

import os
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path

import attrs
import typed_settings as ts
from attrs.validators import ge, gt, le, matches_re
from typed_settings.exceptions import InvalidSettingsError

from adapters.brokers.addresses import Address

CONFIG_FILE = "atsbridge.toml"
PREFIX = "ATSBRIDGE_"


def _split(value: object) -> tuple[str, ...]:
    """A comma-separated text, or a list as TOML has it."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list | tuple):
        return tuple(str(part) for part in value)
    raise ValueError("must be a list or a comma-separated text")


def _ports(value: object) -> tuple[int, ...]:
    return tuple(int(part) for part in _split(value))


def _networks(_: object, attribute: "attrs.Attribute[tuple[str, ...]]", value: tuple[str, ...]) -> None:
    try:
        for network in value:
            ip_network(network)
    except ValueError:
        raise ValueError(f"{attribute.name} must be networks such as 10.20.0.0/16") from None


_UNSET = ts.SecretStr("")


def _address(_: object, attribute: "attrs.Attribute[ts.SecretStr]", value: ts.SecretStr) -> None:
    try:
        if value:
            Address.of(value)
    except ValueError as error:
        raise ValueError(f"{attribute.name} {error}") from None


@attrs.frozen(kw_only=True)
class Settings:
    """Every setting with its default; secrets are masked wherever settings are shown."""

    database_url: str = ""
    """`sqlite:///path` or `postgresql://...`; without it SQLite in `data_dir`."""
    broker_url: ts.SecretStr = attrs.field(default=_UNSET, validator=_address)
    """`nats://user:password@host:4222`, or `tls://...`: events are taken in from there too."""
    data_dir: Path = Path("data")
    """Where SQLite and the generated keys are kept."""
    host: str = "127.0.0.1"
    port: int = attrs.field(default=8080, validator=[ge(0), le(65535)])
    """0 takes a free one."""
    admin_key: ts.SecretStr = _UNSET
    """An API key that may do everything: `atsb_admin_` and at least 28 random characters."""
    vault_keys: ts.SecretStr = _UNSET
    """Comma-separated Fernet keys: the first seals credentials, all of them open."""
    concurrency: int = attrs.field(default=16, validator=ge(1))
    """How many write-backs a worker carries out at once."""
    connection_concurrency: int = attrs.field(default=4, validator=ge(1))
    """How many write-backs of one connection run at once, over all workers: a silent ATS holds no more than these."""
    lease_seconds: float = attrs.field(default=20.0, validator=gt(0))
    """How long a command stays with a worker that went silent."""
    crashes_allowed: int = attrs.field(default=5, validator=ge(1))
    """After how many workers in a row that ended without a verdict, and without getting on, a command is given up."""
    retry_seconds: float = attrs.field(default=5.0, validator=gt(0))
    """How soon what an ATS could not do is tried again at the earliest; later at a quarter of its age, up to 900."""
    stop_seconds: float = 25.0
    """How long a stopping worker waits for what it is carrying out."""
    retention_days: int = attrs.field(default=30, validator=ge(0))
    """After how many days the payloads of settled write-backs go; keys and digests stay."""
    pull_concurrency: int = attrs.field(default=4, validator=ge(0))
    """How many pulls a worker carries out at once; 0: none."""
    pull_jobs_seconds: float = attrs.field(default=300.0, validator=gt(0))
    """How often jobs are pulled, unless a connection's `pull_seconds` says otherwise."""
    pull_others_seconds: float = attrs.field(default=900.0, validator=gt(0))
    """How often applications and candidates are."""
    audit_days: float = attrs.field(default=7.0, validator=ge(0))
    """How often everything is read again, to find what the pulls have missed; 0: never by itself."""
    audit_pause_seconds: float = attrs.field(default=1.0, validator=ge(0))
    """How long such a reading rests between two pages."""
    tls_exempt_hosts: tuple[str, ...] = attrs.field(default=(), converter=_split)
    """Hosts, beside the one that is known for it, whose certificate need not be valid."""
    webhook_concurrency: int = attrs.field(default=100, validator=ge(1))
    """How many webhooks a worker sends at once."""
    endpoint_concurrency: int = attrs.field(default=10, validator=ge(1))
    """How many of these to one endpoint: one that fails or keeps us waiting has fewer."""
    webhook_ports: tuple[int, ...] = attrs.field(default=(443, 8443), converter=_ports)
    """Ports that an endpoint may have."""
    webhook_http: bool = False
    """Whether an endpoint may be reached without TLS: for trying things out."""
    allow_private_networks: tuple[str, ...] = attrs.field(default=(), converter=_split, validator=_networks)
    """Networks beside the open internet in which endpoints of webhooks may be, such as 10.20.0.0/16."""
    log_format: str = attrs.field(default="json", validator=matches_re("json|console"))
    """`json` or `console`."""

    @property
    def database(self) -> str:
        """The database's address, the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'atsbridge.db'}"


class SettingsError(Exception):
    """The settings are not usable; `faults` says why, a line each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def load() -> Settings:
    """Raises SettingsError with every fault at once."""
    try:
        return ts.load(Settings, "atsbridge", config_files=[CONFIG_FILE])
    except InvalidSettingsError as error:
        raise SettingsError([str(one) for one in error.exceptions]) from None


def child_environment(own: Mapping[str, str]) -> dict[str, str]:
    """The environment of a command that we start: the settings in it are `own` and no others."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**inherited, **own}
