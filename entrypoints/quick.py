"""The quick way from JSON to what people send us: one pass over what is right; the rest is left to be explained."""

import re
from functools import cache, reduce
from operator import or_
from types import GenericAlias, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
import msgspec

from domain.errors import InvalidError
from entrypoints.decoding import LeafError, as_made
from entrypoints.json_text import names_in
from entrypoints.values import TEXT_PATTERN

T = TypeVar("T")
# What no text may hold, as JSON writes it; and a quote or colon that looks like a name's end only when written anew.
_ODD = re.compile(rb"\x7f|\\(?:[bf]|u00(?:[01]|22|3[aA]|7[fF]))")


def read(content: bytes, kind: type[T]) -> T | None:
    """What a JSON text says, as what looks like a `kind`; None if anything is odd about it, or a default is sent.

    What is read is written again: a text that names no more members than that has none twice.
    """
    of: Any = kind
    try:
        found: T = _decoder(of).decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, InvalidError, LeafError):
        return None
    if (b"\\" in content or b"\x7f" in content) and _ODD.search(content):
        return None
    return found if names_in(content) == _ENCODER.encode(found).count(b'":') else None


_ENCODER = msgspec.json.Encoder(enc_hook=lambda _: None)


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(_twin(kind), dec_hook=lambda made, value: as_made(value, made))


@cache
def _twin(kind: Any) -> Any:
    """A class with the same members that refuses unknown ones: msgspec knows how to only for classes of its own."""
    hints = get_type_hints(kind, include_extras=True)
    members = [
        (one.name, _bare(hints[one.name]), *(() if one.default is attrs.NOTHING else (one.default,)))
        for one in attrs.fields(kind)
    ]
    return msgspec.defstruct(
        kind.__name__, members, kw_only=True, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True
    )


def _bare(hint: Any) -> Any:
    """The hint with twins for objects, and without the pattern that `_ODD` looks after for all texts at once."""
    if attrs.has(hint):
        return _twin(hint)
    if get_origin(hint) is Annotated:
        return Annotated[_bare(get_args(hint)[0]), *(_of_any_text(one) for one in hint.__metadata__)]
    parts = tuple(_bare(one) for one in get_args(hint))
    match get_origin(hint):
        case None:
            return hint
        case origin if origin in {Union, UnionType}:
            return reduce(or_, parts)
        case origin:
            return GenericAlias(origin, parts)


def _of_any_text(meta: Any) -> Any:
    if not isinstance(meta, msgspec.Meta) or meta.pattern != TEXT_PATTERN:
        return meta
    return msgspec.Meta(min_length=meta.min_length, max_length=meta.max_length)
