"""JSON as people send it: read whole, no deeper than is sensible, and no member named twice."""

import json
import re
from typing import Any

import msgspec

_DEEPEST = 64
_NAMES = re.compile(rb'"\s*:')


class MalformedError(ValueError):
    """It is no JSON, or not to be relied upon; the message says why and quotes nothing."""


def parse(content: bytes) -> object:
    """The value. Raises MalformedError: not JSON, a number out of range, too deep, a member named twice."""
    try:
        value: object = msgspec.json.decode(content)
        names = _count_names(value, _DEEPEST)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedError("is not JSON that can be read") from None
    if names_in(content) != names:
        json.loads(content, object_pairs_hook=_without_repeats)
    return value


def names_in(content: bytes) -> int:
    """How many members a JSON text names, or more: a quote and a colon may stand in a value too."""
    return len(_NAMES.findall(content))


def _count_names(value: Any, deepest: int) -> int:
    """How many members the objects have: as many as the text names, unless one of them is named twice."""
    if deepest == 0:
        raise RecursionError
    own = len(value) if isinstance(value, dict) else 0
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return own + sum(_count_names(part, deepest - 1) for part in parts if isinstance(part, dict | list))


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError("names a member of an object twice")
    return found
