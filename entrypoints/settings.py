"""Process settings: environment (`ATSBRIDGE_...`) over an optional `atsbridge.toml`. Nothing else reads either."""

import os
from collections.abc import Mapping
from pathlib import Path

import typed_settings as ts
from typed_settings.exceptions import InvalidSettingsError

CONFIG_FILE = "atsbridge.toml"
PREFIX = "ATSBRIDGE_"


def _split(value: object) -> tuple[str, ...]:
    """A comma-separated text, or a list as TOML has it."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list | tuple):
        return tuple(str(part) for part in value)
    raise ValueError("must be a list or a comma-separated text")


@ts.settings(frozen=True, kw_only=True)
class Settings:
    """Every setting with its default; secrets are masked wherever settings are shown."""

    database_url: str = ts.option(default="", help="sqlite:///path or postgresql://...; default: SQLite in data_dir")
    data_dir: Path = ts.option(default=Path("data"), help="where SQLite and the generated keys are kept")
    host: str = ts.option(default="127.0.0.1", help="the address to listen on")
    port: int = ts.option(default=8080, help="the port to listen on; 0 takes a free one")
    admin_key: ts.SecretStr = ts.option(default=ts.SecretStr(""), help="an API key that may do everything")
    vault_keys: ts.SecretStr = ts.option(
        default=ts.SecretStr(""), help="comma-separated Fernet keys: the first seals, all open"
    )
    concurrency: int = ts.option(default=16, help="how many write-backs a worker carries out at once")
    lease_seconds: float = ts.option(default=20.0, help="how long a command stays with a worker that went silent")
    stop_seconds: float = ts.option(default=25.0, help="how long a stopping process waits for what it is carrying out")
    retention_days: int = ts.option(default=30, help="how long payloads of settled write-backs are kept")
    tls_exempt_hosts: tuple[str, ...] = ts.option(
        default=(), converter=_split, help="hosts beside the known one whose TLS certificate need not be valid"
    )
    log_format: str = ts.option(default="json", help="json or console")

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
