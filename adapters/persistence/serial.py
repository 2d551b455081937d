"""Domain values to bytes and back, and the digest by which a request is known again."""

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec

from domain.call_result import CallResult
from domain.screening import Screening
from domain.writeback import Request, Write
from ports.commands import CommandKind
from ports.errors import InvalidInputError

T = TypeVar("T")

REQUESTS: Mapping[CommandKind, type[CallResult] | type[Screening] | type[Write]] = {
    CommandKind.CALL_RESULT: CallResult,
    CommandKind.SCREENING: Screening,
    CommandKind.WRITE: Write,
}
_encoder = msgspec.json.Encoder()
_sorting = msgspec.json.Encoder(order="sorted")


class UnreadableError(Exception):
    """What is kept cannot be read: another version wrote it, or it is damaged."""


def encode(value: object) -> bytes:
    """Raises InvalidInputError for text that is not Unicode (lone surrogates)."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        raise InvalidInputError("holds text that is not valid Unicode") from None


def decode(content: bytes, of: type[T]) -> T:
    """Raises UnreadableError for bytes that are no such value."""
    named: Any = of
    try:
        value: T = _decoder(named).decode(content)
    except msgspec.DecodeError as error:
        raise UnreadableError(f"not a {of.__name__}") from error
    return value


@cache
def _decoder(of: Any) -> msgspec.json.Decoder[Any]:
    """Made once: it takes longer than decoding does."""
    return msgspec.json.Decoder(of)


def kind_of(name: str) -> CommandKind:
    """Raises UnreadableError for a kind of which this version knows nothing."""
    try:
        return CommandKind(name)
    except ValueError:
        raise UnreadableError("a kind of command that this version does not know") from None


def decode_request(content: bytes, kind: CommandKind) -> Request:
    return decode(content, REQUESTS[kind])


def request_digest(kind: CommandKind, request: Request) -> bytes:
    """The same for the same request, also after members were added to its class that are None or empty by default."""
    lines = _sorting.encode([kind, _told(msgspec.to_builtins(request))])
    return hashlib.sha256(lines).digest()


def _told(value: Any) -> Any:
    """Without the members that say nothing: None or empty. Numbers that are equal are the same."""
    kind = type(value)
    if kind is dict:
        said = {}
        for name, one in value.items():
            if one is not None and ((bare := one if type(one) is str else _told(one)) or bare == 0):
                said[name] = bare
        return said
    if kind is tuple or kind is list:
        return [_told(one) for one in value]
    if kind is float and value.is_integer():
        return int(value)
    return value


def plain(text: str, what: str) -> str:
    """The text, if it can be a column. PostgreSQL takes no NUL, so neither engine does. Raises InvalidInputError."""
    if "\0" in text:
        raise InvalidInputError("must not hold the character NUL", field=what)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidInputError("is not valid Unicode", field=what) from None
    return text


def without_nul(text: str | None) -> str | None:
    """Words of others that become a column (reasons): kept, less what no column takes."""
    if text is None or (text.isascii() and "\0" not in text):
        return text
    return text.replace("\0", "").encode(errors="replace").decode()
