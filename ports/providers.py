"""What each provider asks of a connection."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Protocol

import attrs

from ports.gateway import Absence, Gateway, Provider
from ports.vendor_events import VendorEvents


@attrs.frozen(kw_only=True)
class Checked:
    """Settings with every default filled in, as JSON values; `hosts` are the addresses that credentials go to."""

    settings: Mapping[str, object]
    hosts: frozenset[str]


class ProviderCatalogue(Protocol):
    """The providers that connections can be made to."""

    @property
    @abstractmethod
    def providers(self) -> tuple[Provider, ...]:
        """In the order in which tables show them."""

    @abstractmethod
    def check_settings(self, provider: Provider, settings: Mapping[str, object]) -> Checked:
        """Raises InvalidError with every fault, each with its pointer below `/settings`."""

    @abstractmethod
    def check_credentials(self, provider: Provider, credentials: Mapping[str, object]) -> Mapping[str, str]:
        """Raises InvalidError with every fault, each with its pointer below `/credentials`; no value is quoted."""

    @abstractmethod
    def vendor_events(self, provider: Provider) -> VendorEvents | Absence:
        """How what the provider tells of its own accord is known and read."""

    @abstractmethod
    def sample(self, provider: Provider, settings: Mapping[str, object] | None = None) -> Gateway:
        """A gateway that shows what can be done, with default settings unless given; nothing can be sent over it."""
