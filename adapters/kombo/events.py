"""What Kombo tells of its own accord. It signs the bytes of each event, and no time: an old one may come again."""

import base64
import hmac
import re
from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from adapters.rest.answer import Unreadable, decode
from domain.policy import RecordType
from ports.errors import InvalidInputError, RefusedError
from ports.vendor_events import VendorEvent, VendorEvents

SIGNATURE = "X-Kombo-Signature"

Word = Annotated[str, Meta(pattern=r"\A[!-~]{1,255}\Z")]

KINDS: Mapping[str, RecordType] = {
    "ats_jobs": RecordType.JOB,
    "ats_applications": RecordType.APPLICATION,
    "ats_candidates": RecordType.CANDIDATE,
}
"""What is read again for a model that changed; nothing of ours comes from the others."""


class _Event(msgspec.Struct):
    id: Word
    type: Word
    data: msgspec.Raw = msgspec.Raw(b"null")


class _Whose(msgspec.Struct):
    integration_id: str


class _Model(msgspec.Struct):
    name: Word


class _Changed(msgspec.Struct):
    changed_models: Annotated[list[_Model], Meta(max_length=500)]


class _Standing(msgspec.Struct):
    sync_state: str | None = None
    state: str | None = None


class KomboEvents(VendorEvents):
    """One environment's events go to every address that it has, those of all its integrations."""

    def is_authentic(self, headers: Mapping[str, str], body: bytes, credentials: Mapping[str, str]) -> bool:
        secret = credentials.get("webhook_secret")
        if not secret:
            raise RefusedError("the connection has no webhook_secret: send its credentials again, with it")
        wanted = base64.urlsafe_b64encode(hmac.digest(secret.encode(), body, "sha256")).rstrip(b"=")
        return hmac.compare_digest(headers.get(SIGNATURE, "").encode(errors="surrogateescape"), wanted)

    def read(self, body: bytes, credentials: Mapping[str, str]) -> VendorEvent | None:
        event = decode(_Event, body)
        if isinstance(event, Unreadable):
            raise InvalidInputError(f"is no event of Kombo's: it cannot be read at {event.path}", provider="kombo")
        data = bytes(event.data)
        whose = decode(_Whose, data)
        if isinstance(whose, _Whose) and whose.integration_id != credentials.get("integration_id"):
            return None
        if event.type == "data-changed":
            return _changed(event, decode(_Changed, data))
        return VendorEvent(id=event.id, type=event.type, fault=_fault(event.type, data))


def _changed(event: _Event, told: _Changed | Unreadable) -> VendorEvent:
    if isinstance(told, Unreadable):
        # Something changed, and what did cannot be made out: all of it is read again.
        return VendorEvent(id=event.id, type=event.type, pulls=frozenset(KINDS.values()))
    names = tuple(dict.fromkeys(model.name for model in told.changed_models))
    pulls = frozenset(KINDS[name] for name in names if name in KINDS)
    return VendorEvent(id=event.id, type=event.type, changed=names, pulls=pulls)


def _fault(kind: str, data: bytes) -> str | None:
    match kind, decode(_Standing, data):
        case "sync-finished", _Standing(sync_state=str(state)) if state != "SUCCEEDED":
            return f"the last sync ended as {_word(state)}"
        case "integration-state-changed", _Standing(state=str(state)) if state != "ACTIVE":
            return f"the integration is {_word(state)}"
        case "integration-deleted", _:
            return "the integration was deleted"
        case _:
            return None


def _word(state: str) -> str:
    """Kombo's word, if it is one: a text of others could hold anything."""
    return state if re.fullmatch("[A-Z_]{1,40}", state) else "something that is no word"


EVENTS = KomboEvents()
