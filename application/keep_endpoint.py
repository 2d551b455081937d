"""Keep endpoint: receivers of events are added and changed, and what they are signed with is made here."""

import base64
import secrets

import attrs

from domain.delivery import OVERLAP_SECONDS
from domain.event import Audience, EventType
from domain.ids import EndpointId
from ports.clock import Clock
from ports.scope import Scope
from ports.webhooks import AddressRules, Endpoint, Endpoints

BY_HAND = "by hand"


@attrs.frozen
class KeepEndpoint:
    """Raises InvalidError for a URL that may not be used."""

    endpoints: Endpoints
    rules: AddressRules
    clock: Clock

    async def add(self, url: str, audience: Audience) -> tuple[Endpoint, str]:
        """The endpoint and its secret, which is shown this once. Raises NotFoundError for the connection."""
        self.rules.check(url)
        endpoint = Endpoint(
            id=EndpointId(f"whe_{secrets.token_hex(12)}"),
            url=url,
            audience=audience,
            revision=1,
            created_at=self.clock.now(),
        )
        secret = _new_secret()
        await self.endpoints.add(endpoint, secret)
        return endpoint, secret

    async def change(
        self,
        scope: Scope,
        endpoint: EndpointId,
        *,
        url: str | None = None,
        types: frozenset[EventType] | None = None,
        disabled: bool | None = None,
    ) -> Endpoint:
        """What is None stays. Raises NotFoundError, ConflictError."""
        if url is not None:
            self.rules.check(url)
        kept = await self.endpoints.get(scope, endpoint)
        audience = kept.audience if types is None else attrs.evolve(kept.audience, types=types)
        why = {None: kept.disabled, True: kept.disabled or BY_HAND, False: None}[disabled]
        changed = attrs.evolve(kept, url=url or kept.url, audience=audience, disabled=why, revision=kept.revision + 1)
        await self.endpoints.change(scope, changed)
        return await self.endpoints.get(scope, endpoint)

    async def rotate(self, scope: Scope, endpoint: EndpointId) -> tuple[Endpoint, str]:
        """A new secret, shown this once; the one before signs beside it for a day. Raises NotFoundError."""
        secret = _new_secret()
        await self.endpoints.rotate(scope, endpoint, secret, OVERLAP_SECONDS)
        return await self.endpoints.get(scope, endpoint), secret


def _new_secret() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
