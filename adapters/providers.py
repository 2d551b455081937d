"""The providers: the only list there is."""

from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping
from typing import Protocol

import attrs

from adapters.avionte import gateway as avionte
from adapters.avionte import settings as avionte_settings
from adapters.deps import Deps, Unverified
from adapters.erecruit import gateway as erecruit
from adapters.erecruit import settings as erecruit_settings
from adapters.kombo import events as kombo_events
from adapters.kombo import gateway as kombo
from adapters.kombo import settings as kombo_settings
from adapters.public_api import gateway as public_api
from adapters.public_api import settings as public_api_settings
from adapters.tempworks import events as tempworks_events
from adapters.tempworks import gateway as tempworks
from adapters.tempworks import settings as tempworks_settings
from domain.errors import InvalidError
from domain.ids import ConnectionId
from ports.gateway import Absence, AbsenceKind, Gateway, Provider
from ports.providers import Checked, ProviderCatalogue
from ports.vendor_events import VendorEvents


class Connect(Protocol):
    """Opens a gateway without sending anything. Without credentials nothing can be sent over it."""

    @abstractmethod
    def __call__(
        self, connection: ConnectionId, given: Mapping[str, object], credentials: Mapping[str, str] | None, deps: Deps
    ) -> Gateway:
        """Raises InvalidError for settings or credentials that cannot be read."""


@attrs.frozen(kw_only=True)
class Entry:
    """What there is to know of a provider.

    `check_settings` takes the hosts that may go unverified. `sample` are settings that show what can be done.
    `unverified` names the host of a connection whose certificate cannot be verified. `events` are what it tells of its
    own accord.
    """

    check_settings: Callable[[Mapping[str, object], Collection[str]], Checked]
    check_credentials: Callable[[Mapping[str, object]], Mapping[str, str]]
    sample: Mapping[str, object]
    connect: Connect
    unverified: Callable[[Mapping[str, object]], Unverified | None]
    events: VendorEvents | Absence


PROVIDERS: Mapping[Provider, Entry] = {
    Provider.ERECRUIT: Entry(
        check_settings=erecruit_settings.check_settings,
        check_credentials=erecruit_settings.check_credentials,
        sample=erecruit_settings.SAMPLE,
        connect=erecruit.connect,
        unverified=erecruit_settings.unverified,
        events=Absence(AbsenceKind.NOT_OFFERED, "eRecruit tells nothing of its own accord"),
    ),
    Provider.TEMPWORKS: Entry(
        check_settings=lambda given, _: tempworks_settings.check_settings(given),
        check_credentials=tempworks_settings.check_credentials,
        sample=tempworks_settings.SAMPLE,
        connect=tempworks.connect,
        unverified=tempworks_settings.unverified,
        events=tempworks_events.EVENTS,
    ),
    Provider.AVIONTE: Entry(
        check_settings=lambda given, _: avionte_settings.check_settings(given),
        check_credentials=kombo_settings.check_credentials,
        sample=kombo_settings.SAMPLE,
        connect=avionte.connect,
        unverified=kombo_settings.unverified,
        events=kombo_events.EVENTS,
    ),
    Provider.KOMBO: Entry(
        check_settings=lambda given, _: kombo_settings.check_settings(given),
        check_credentials=kombo_settings.check_credentials,
        sample=kombo_settings.SAMPLE,
        connect=kombo.connect,
        unverified=kombo_settings.unverified,
        events=kombo_events.EVENTS,
    ),
    Provider.PUBLIC_API: Entry(
        check_settings=public_api_settings.check_settings,
        check_credentials=public_api_settings.check_credentials,
        sample=public_api_settings.SAMPLE,
        connect=public_api.connect,
        unverified=public_api_settings.unverified,
        events=Absence(AbsenceKind.NOT_APPLICABLE, "there is no vendor who could tell anything"),
    ),
}


def entry(provider: Provider) -> Entry:
    """What there is to know of it."""
    return PROVIDERS[provider]


class Catalogue(ProviderCatalogue):
    """`deps` need no sessions; `exempt` are the hosts that the operator lets go unverified."""

    def __init__(self, deps: Deps, *, exempt: Collection[str] = ()) -> None:
        self._deps = deps
        self._exempt = frozenset(exempt)

    @property
    def providers(self) -> tuple[Provider, ...]:
        return tuple(PROVIDERS)

    def check_settings(self, provider: Provider, settings: Mapping[str, object]) -> Checked:
        try:
            return entry(provider).check_settings(settings, self._exempt)
        except InvalidError as error:
            raise InvalidError(*(fault.beneath("/settings") for fault in error.faults)) from None

    def check_credentials(self, provider: Provider, credentials: Mapping[str, object]) -> Mapping[str, str]:
        try:
            return entry(provider).check_credentials(credentials)
        except InvalidError as error:
            raise InvalidError(*(fault.beneath("/credentials") for fault in error.faults)) from None

    def vendor_events(self, provider: Provider) -> VendorEvents | Absence:
        return entry(provider).events

    def sample(self, provider: Provider, settings: Mapping[str, object] | None = None) -> Gateway:
        known = entry(provider)
        return known.connect(ConnectionId("sample"), known.sample if settings is None else settings, None, self._deps)
