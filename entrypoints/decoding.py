"""Decoding what people send us: strict, and every fault at once, each with its JSON Pointer and without the value."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from types import GenericAlias
from typing import Annotated, Any, Protocol, Self, TypeVar, get_args, get_origin

import attrs
import msgspec
from cattrs import ClassValidationError, Converter, IterableValidationError
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.gen import make_dict_structure_fn, override
from cattrs.preconf.msgspec import make_converter

from domain.errors import Fault, InvalidError

T = TypeVar("T")
MOST_FAULTS = 200
_LONGEST_NAME = 100


class LeafError(ValueError):
    """A value is not what it must be; the message does not quote it."""


@attrs.frozen
class Says:
    """Stands in `Annotated` beside a pattern: what the pattern asks for, in words."""

    message: str


class Made(Protocol):
    """A kind of value that is made out of a text."""

    @classmethod
    def made(cls, text: str) -> Self:
        """Raises LeafError or InvalidError."""


def wire_name(name: str) -> str:
    """The member's name in JSON; `from_` stands for `from`, which Python keeps for itself."""
    return name.rstrip("_")


def _metadata(kind: Any, wanted: type[T]) -> T | None:
    return next((one for one in get_args(kind)[1:] if isinstance(one, wanted)), None)


def _is_made(kind: Any) -> bool:
    return isinstance(kind, type) and hasattr(kind, "made")


def as_made(value: object, kind: type[Made]) -> Made:
    """Raises LeafError or InvalidError."""
    if not isinstance(value, str):
        raise LeafError("must be a text")
    return kind.made(value)


def _as_leaf(value: object, kind: Any, *, strict: bool) -> Any:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _enum(value, kind)
    if _is_made(kind):
        return as_made(value, kind)
    try:
        # A bare number could be taken for a time too: of seconds since 1970, which nobody described.
        return msgspec.convert(value, kind, strict=strict or datetime in get_args(kind))
    except msgspec.ValidationError as error:
        raise LeafError(_words(str(error), kind)) from None


_KIND = re.compile("`([^`]*)`")
_KINDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "null",
    "array": "an array",
    "object": "an object",
}


def _words(message: str, kind: Any) -> str:
    says = _metadata(kind, Says) if get_origin(kind) is Annotated else None
    if "matching regex" in message and says is not None:
        return says.message
    if "datetime" in message:
        return "must be a time with its offset, such as 2026-11-21T15:00:00Z"
    plain = _KIND.sub(lambda found: _KINDS.get(found[1], found[1]), message.partition(" - at `")[0])
    return plain.replace("Expected ", "must be ").replace("Invalid ", "must not be an invalid ")


def _annotated(converter: Converter, value: object, kind: Any, *, strict: bool) -> Any:
    inner = get_args(kind)[0]
    if get_origin(inner) is not tuple:
        return _as_leaf(value, kind, strict=strict)
    meta = _metadata(kind, msgspec.Meta)
    if isinstance(value, list) and meta is not None:
        least, most = meta.min_length or 0, meta.max_length
        if len(value) < least or (most is not None and len(value) > most):
            raise LeafError(f"must have {least} to {most} items")
    return converter.structure(value, inner)


def _enum(value: object, kind: type[StrEnum]) -> StrEnum:
    if isinstance(value, str) and value in frozenset(kind):
        return kind(value)
    raise LeafError(f"must be one of: {', '.join(kind)}")


def _tuple(converter: Converter, value: object, kind: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise LeafError("must be an array")
    return tuple(converter.structure(value, GenericAlias(list, get_args(kind)[:1])))  # type: ignore[arg-type]  # made at run time


def _mapping(value: object, _: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise LeafError("must be an object")
    return dict(value)


def _object(converter: Converter, kind: Any) -> Callable[[object, Any], Any]:
    renamed = {one.name: override(rename=wire_name(one.name)) for one in attrs.fields(kind) if one.name[-1] == "_"}
    structure = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True, **renamed)  # type: ignore[arg-type]  # see cattrs

    def checked(value: object, target: Any) -> Any:
        if not isinstance(value, dict):
            raise LeafError("must be an object")
        return structure(value, target)

    return checked


def _stems_from(origin: Any) -> Callable[[Any], bool]:
    return lambda kind: bool(get_origin(kind) == origin)


def _converter(*, strict: bool) -> Converter:
    made = make_converter(forbid_extra_keys=True, detailed_validation=True)
    made.register_structure_hook_factory(attrs.has, lambda kind: _object(made, kind))
    made.register_structure_hook_func(_stems_from(tuple), lambda value, kind: _tuple(made, value, kind))
    made.register_structure_hook_func(_stems_from(dict), _mapping)
    made.register_structure_hook_func(
        _stems_from(Annotated), lambda value, kind: _annotated(made, value, kind, strict=strict)
    )
    made.register_structure_hook_func(_is_made, as_made)
    for leaf in (str, bytes, int, float, bool):
        made.register_structure_hook(leaf, lambda v, k: _as_leaf(v, k, strict=strict))
    return made


_STRICT = _converter(strict=True)
_TEXTUAL = _converter(strict=False)


def decode(raw: object, kind: type[T]) -> T:
    """What a JSON value says, as a `kind`. Raises InvalidError with every fault."""
    return _explained(_STRICT, raw, kind)


def decode_texts(raw: dict[str, str], kind: type[T], prefix: str) -> T:
    """As `decode`, from texts such as those of a query: numbers and booleans are read out of them."""
    try:
        return _explained(_TEXTUAL, raw, kind)
    except InvalidError as error:
        raise InvalidError(*(fault.beneath(prefix) for fault in error.faults)) from None


def _explained(converter: Converter, raw: object, kind: type[T]) -> T:
    try:
        return converter.structure(raw, kind)
    except (ClassValidationError, IterableValidationError, LeafError, InvalidError) as error:
        raise InvalidError(*_capped(faults_of(error))) from None


def _capped(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    found = tuple(faults)
    rest = len(found) - MOST_FAULTS
    return found if rest <= 0 else (*found[:MOST_FAULTS], Fault("", f"and {rest} more faults"))


def faults_of(error: BaseException, at: str = "") -> Iterator[Fault]:
    """The faults that a converter met, with their pointers."""
    match error:
        case ClassValidationError() | IterableValidationError():
            known, others = error.group_exceptions()
            for one, note in known:
                name = wire_name(note.name) if hasattr(note, "name") else str(note.index)
                yield from faults_of(one, f"{at}/{escaped(name)}")
            for other in others:
                yield from faults_of(other, at)
        case ForbiddenExtraKeysError():
            for name in sorted(error.extra_fields):
                yield Fault(f"{at}/{escaped(name)}", "is not known here")
        case InvalidError():
            yield from (fault.beneath(at) for fault in error.faults)
        case KeyError():
            yield Fault(at, "is required")
        case LeafError():
            yield Fault(at, str(error))
        case _:
            yield Fault(at, "is not as described")


def escaped(name: str) -> str:
    """A member's name as a token of a JSON Pointer; a very long one is cut."""
    shown = name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "..."
    return shown.replace("~", "~0").replace("/", "~1")
