"""What a connection to the public API is told: nothing. Who calls is known by an API key of ours."""

from collections.abc import Collection, Mapping

import attrs

from adapters import reading
from adapters.deps import Unverified
from ports.providers import Checked


@attrs.frozen
class Settings:
    """There are none."""


SAMPLE: Mapping[str, object] = {}


def read_settings(given: Mapping[str, object]) -> Settings:
    """Raises `InvalidError` with every fault."""
    return reading.read(Settings, {}, given)


def check_settings(given: Mapping[str, object], _: Collection[str] = ()) -> Checked:
    """Raises `InvalidError` with every fault."""
    read_settings(given)
    return Checked(settings={}, hosts=frozenset())


def check_credentials(given: Mapping[str, object]) -> Mapping[str, str]:
    """Raises `InvalidError` with every fault; no value is quoted."""
    reading.read(Settings, {}, given)
    return {}


def unverified(_: Mapping[str, object]) -> Unverified | None:
    """There is no host."""
    return None
