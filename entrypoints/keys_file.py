"""The keys that a single process makes for itself: a file beside the database, readable by its owner alone."""

import secrets
import tomllib
from pathlib import Path

import attrs
import typed_settings as ts
from cryptography.fernet import Fernet

from entrypoints.settings import Settings, SettingsError

KEYS_FILE = "keys.toml"
ADMIN = "admin"
KEY_PREFIX = "atsb_"
_NAMES = ("admin_key", "vault_keys")


def with_kept_keys(settings: Settings) -> Settings:
    """The settings with the keys that were made before, where they name none. Raises SettingsError."""
    file = settings.data_dir / KEYS_FILE
    return _completed(settings, _read(file)) if file.exists() else settings


def with_generated_keys(settings: Settings) -> tuple[Settings, str | None]:
    """As `with_kept_keys`; keys that were never made are made now, and the new admin key is given back, once."""
    file = settings.data_dir / KEYS_FILE
    if file.exists() or all(getattr(settings, name) for name in _NAMES):
        return with_kept_keys(settings), None
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = {
        "admin_key": f"{KEY_PREFIX}{ADMIN}_{secrets.token_urlsafe(32)}",
        "vault_keys": Fernet.generate_key().decode(),
    }
    file.touch(mode=0o600, exist_ok=False)
    file.write_text("".join(f'{name} = "{value}"\n' for name, value in keys.items()))
    completed = _completed(settings, keys)
    return completed, None if settings.admin_key else keys["admin_key"]


def _read(file: Path) -> dict[str, str]:
    try:
        keys = tomllib.loads(file.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsError([f"{file} cannot be read: {type(error).__name__}"]) from None
    missing = [f"{file} has no {name}" for name in _NAMES if not isinstance(keys.get(name), str)]
    if missing:
        raise SettingsError(missing)
    return keys


def _completed(settings: Settings, keys: dict[str, str]) -> Settings:
    return attrs.evolve(
        settings,
        admin_key=settings.admin_key or ts.SecretStr(keys["admin_key"]),
        vault_keys=settings.vault_keys or ts.SecretStr(keys["vault_keys"]),
    )
