"""What came back: an answer or a broken exchange, and how a body becomes a value."""

import re
from collections.abc import Mapping
from types import NoneType
from typing import Any, Generic, TypeVar, cast

import attrs
import msgspec

T = TypeVar("T")

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
PAGES = (b"<!doctype html", b"<html")

# The name is one of ours.
_LACKING = re.compile(r"Object missing required field `(\w+)`")

_DECODERS: "dict[type[Any], msgspec.json.Decoder[Any]]" = {}


@attrs.frozen
class Answer:
    """Status, headers (any case) and body as they came. The body of a refusal may be cut."""

    status: int
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)

    def read_as(self, shape: type[T]) -> T | None:
        """The body as `shape`, or None if it is something else: for rows that look into a refusal."""
        value = decode(shape, self.body)
        return None if isinstance(value, Unreadable) else value


@attrs.frozen
class Answered(Generic[T]):
    """An answer that was a success, with its body read."""

    status: int
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)
    decoded: T = attrs.field(repr=False)


@attrs.frozen
class Unreadable:
    """The body does not fit. `path` says where, as `$.a.b`; the value found there is not kept."""

    path: str


def decode(shape: type[T], body: bytes) -> T | Unreadable:
    """Read a body by its bytes alone: a content type proves nothing.

    `bytes` gives the body as it is and `NoneType` None, unless a web page stands where nothing was expected: that is
    a log-in page or a proxy talking, not the vendor.
    """
    if shape is bytes:
        return cast("T", body)
    if shape is NoneType:
        page = body.lstrip()[:16].lower().startswith(PAGES)
        return Unreadable("$") if page else cast("T", None)
    return _decode_json(shape, body.removeprefix(BYTE_ORDER_MARK))


def _decode_json(shape: type[T], body: bytes) -> T | Unreadable:
    try:
        return cast("T", _decoder(shape).decode(body))
    except msgspec.ValidationError as error:
        return Unreadable(_path(str(error)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Unreadable("$")


def _decoder(shape: type[T]) -> "msgspec.json.Decoder[Any]":
    # Building one costs more than a small body; there are as many as there are reply types in the tables of rows.
    if (known := _DECODERS.get(shape)) is None:
        known = _DECODERS[shape] = msgspec.json.Decoder(shape)
    return known


def _path(message: str) -> str:
    # msgspec writes "<what is wrong, sometimes with the value> - at `$.path`": only the path is safe to keep.
    what, found, path = message.rpartition(" - at `")
    lacking = _LACKING.match(what or message)
    return (path.rstrip("`") if found else "$") + (f".{lacking[1]}" if lacking else "")
