"""Places of readings as text: whoever keeps one need not know what is in it."""

from typing import Annotated, TypeAlias, TypeVar

import msgspec

from ports.errors import InvalidInputError

Natural: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]


class Place(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Which list was read, and in which of the parts of a reading; where in it, an adapter adds."""

    operation: str
    part: Natural


P = TypeVar("P", bound=Place)


def written(place: Place) -> str:
    return msgspec.json.encode(place).decode()


def read(text: str | None, shape: type[P], operation: str, parts: range, provider: str) -> P:
    """Where a reading of these parts goes on: without a text where it begins. Raises InvalidInputError."""
    if text is None:
        return shape(operation=operation, part=parts.start)
    try:
        place = msgspec.json.decode(text, type=shape)
        if place.operation == operation and place.part in parts:
            return place
    except (msgspec.DecodeError, UnicodeError):
        pass
    message = f"{provider} {operation}: this is no place of such a reading"
    raise InvalidInputError(message, field="place", provider=provider, operation=operation)
