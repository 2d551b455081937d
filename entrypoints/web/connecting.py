"""From the body that asks for a connection to the connection: over HTTP and on the command line."""

from adapters.persistence.ids import new_id
from application.keep_connection import AddConnection
from domain.errors import Fault, InvalidError
from domain.ids import ConnectionId
from entrypoints.decoding import decode
from entrypoints.web.policies import policy_of
from entrypoints.web.schemas import ConnectionBody
from ports.clock import Clock
from ports.connections import Connection
from ports.gateway import Provider
from ports.providers import ProviderCatalogue


async def added(raw: object, add: AddConnection, catalogue: ProviderCatalogue, clock: Clock) -> Connection:
    """Raises InvalidError with every fault."""
    body = _decoded(catalogue, raw)
    return await add(
        ConnectionId(new_id("con_", clock)),
        Provider(body.provider),
        body.name,
        body.settings,
        body.credentials,
        policy_of(body.policy),
    )


def _decoded(catalogue: ProviderCatalogue, raw: object) -> ConnectionBody:
    """Raises InvalidError with the faults of the provider's part and of all the rest together."""
    faults = _provider_faults(catalogue, raw)
    try:
        body = decode(raw, ConnectionBody)
    except InvalidError as error:
        raise InvalidError(*error.faults, *faults) from None
    if faults:
        raise InvalidError(*faults)
    return body


def _provider_faults(catalogue: ProviderCatalogue, raw: object) -> tuple[Fault, ...]:
    if not isinstance(raw, dict) or not isinstance(raw.get("provider"), str):
        return ()
    offered = catalogue.providers
    if raw["provider"] not in offered:
        return (Fault("/provider", f"must be one of: {', '.join(offered)}"),)
    checks = {"settings": catalogue.check_settings, "credentials": catalogue.check_credentials}
    faults: list[Fault] = []
    for name, check in checks.items():
        given = raw.get(name, {})
        try:
            if isinstance(given, dict):
                check(Provider(raw["provider"]), given)
        except InvalidError as error:
            faults.extend(error.faults)
    return tuple(faults)
