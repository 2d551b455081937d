"""What is told of an event that cannot be taken in: a problem document, with the event itself if there is room."""

import base64
import hashlib
from enum import StrEnum

import attrs
import msgspec

from domain.errors import Fault, InvalidError
from ports.errors import ConflictError, NotFoundError, RefusedError, UnsupportedError
from ports.messages import Message


@attrs.frozen(kw_only=True)
class Rejected:
    """Why an event was not taken in. `faults` point into the event; `event` is it, `event_base64` if it is no JSON.

    Neither is there if the document would be larger than the broker allows: then the digest tells which it was.
    """

    type: str
    title: str
    detail: str
    address: str
    number: int
    bytes: int
    sha256: str
    faults: tuple[Fault, ...] = ()
    event: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    event_base64: str | msgspec.UnsetType = msgspec.UNSET


class Word(StrEnum):
    """Why, for machines."""

    INVALID = "invalid"
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"
    REFUSED = "refused"
    INTERNAL = "internal"


@attrs.frozen
class Reason:
    """Why: for machines, as a title, and in a sentence."""

    word: Word
    title: str
    detail: str
    faults: tuple[Fault, ...] = ()


DEFECT = Reason(Word.INTERNAL, "A defect of the service", "it failed at this event again and again; its log says where")


def reason_of(error: Exception) -> Reason:
    """For what will not do better the next time."""
    match error:
        case InvalidError():
            return Reason(Word.INVALID, "The event is not as described", "each fault has its pointer", error.faults)
        case NotFoundError():
            return Reason(Word.NOT_FOUND, "There is no such connection", error.message)
        case ConflictError():
            return Reason(Word.CONFLICT, "The same id came before with another body", error.message)
        case RefusedError() | UnsupportedError():
            return Reason(Word.REFUSED, "The event cannot be kept", error.message)
        case _:
            return DEFECT


def document_of(message: Message, reason: Reason, largest: int) -> bytes:
    """The document, no larger than that, without the event if need be."""
    told = Rejected(
        type=f"urn:atsbridge:problem:{reason.word}",
        title=reason.title,
        detail=reason.detail,
        address=message.address,
        number=message.number,
        bytes=len(message.content),
        sha256=hashlib.sha256(message.content).hexdigest(),
        faults=reason.faults,
    )
    whole = msgspec.json.encode(_with_event(told, message.content))
    return whole if len(whole) <= largest else msgspec.json.encode(told)


def _with_event(told: Rejected, content: bytes) -> Rejected:
    try:
        msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return attrs.evolve(told, event_base64=base64.b64encode(content).decode())
    return attrs.evolve(told, event=msgspec.Raw(content))
