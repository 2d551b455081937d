"""Domain values to bytes and back, and the digest by which a request is known again."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

import attrs
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
    """The same for the same request, also after members with defaults were added to its class."""
    lines = msgspec.json.encode([kind, _bare(request)], order="sorted")
    return hashlib.sha256(lines).digest()


def _bare(value: Any) -> Any:
    """Builtins without the members that say nothing: None, empty, or as they are by default."""
    kind: Any = type(value)
    if kind is str:
        return value
    if (defaults := _defaults(kind)) is not None:
        return dict(_told(value, defaults))
    if isinstance(value, (list, tuple)):
        return [_bare(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Mapping):
        return {str(name): bare for name, one in value.items() if not _empty(bare := _bare(one))}
    return msgspec.to_builtins(value)


def _told(owner: object, defaults: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for name, default in defaults:
        value = getattr(owner, name)
        if value is not None and value != default and not _empty(bare := _bare(value)):
            yield name, bare


@cache
def _defaults(kind: Any) -> tuple[tuple[str, Any], ...] | None:
    """Each member's name and default (which equals nothing else where there is none); None for other classes."""
    if not attrs.has(kind):
        return None
    return tuple((field.name, _default(field)) for field in attrs.fields(kind))


def _default(field: "attrs.Attribute[Any]") -> Any:
    factory = getattr(field.default, "factory", None)
    return field.default if factory is None else factory()


def _empty(bare: object) -> bool:
    return not bare and (bare is None or type(bare) in {str, list, dict})


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
    return None if text is None else text.replace("\0", "").encode(errors="replace").decode()
