"""What TempWorks tells of its own accord. It signs nothing: a header that was chosen at the subscription is all.

So whoever learns that secret may send what they like, and an event is a hint: records are read again, and nothing of
what it holds is believed or kept.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from adapters.rest.answer import Unreadable, decode
from domain.policy import RecordType
from ports.errors import InvalidInputError, RefusedError
from ports.vendor_events import VendorEvent, VendorEvents

SECRET_HEADER = "X-Webhook-Secret"  # noqa: S105 - the name of the header, which subscriptions must be given
Word = Annotated[str, Meta(pattern=r"\A[!-~]{1,255}\Z")]

KINDS: Mapping[str, RecordType] = {
    "joborder": RecordType.JOB,
    "assignment": RecordType.APPLICATION,
    "employee": RecordType.CANDIDATE,
}
"""What is read again for a topic, by its first word; nothing of ours comes from the others."""


class _Event(msgspec.Struct, rename="camel"):
    event_name: Word
    tenant_name: str | None = None


class TempWorksEvents(VendorEvents):
    """Events bear no id: the same bytes are the same event."""

    def is_authentic(self, headers: Mapping[str, str], body: bytes, credentials: Mapping[str, str]) -> bool:  # noqa: ARG002 - the body is not signed
        secret = credentials.get("webhook_secret")
        if not secret:
            raise RefusedError("the connection has no webhook_secret: send its credentials again, with it")
        given = headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        return hmac.compare_digest(given, secret.encode())

    def read(self, body: bytes, credentials: Mapping[str, str]) -> VendorEvent | None:
        event = decode(_Event, body)
        if isinstance(event, Unreadable):
            message = f"is no event of TempWorks': it cannot be read at {event.path}"
            raise InvalidInputError(message, provider="tempworks")
        tenant = credentials.get("tenant")
        if tenant and event.tenant_name and event.tenant_name.strip().casefold() != tenant.casefold():
            return None
        kind = KINDS.get(event.event_name.partition(".")[0].casefold())
        pulls = frozenset() if kind is None else frozenset({kind})
        return VendorEvent(
            id=hashlib.sha256(body).hexdigest(), type=event.event_name, changed=(event.event_name,), pulls=pulls
        )


EVENTS = TempWorksEvents()
