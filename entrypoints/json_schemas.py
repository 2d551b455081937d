"""The JSON schemas of what people send us and get from us, out of the very types that validate."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

import msgspec

from entrypoints import intake_bodies
from entrypoints.decoding import wire_name
from entrypoints.values import SCHEMAS

_MADE = {**SCHEMAS, **intake_bodies.SCHEMAS}
_TEMPLATE = "#/components/schemas/{name}"


class Either:
    """One of several objects, which no type can say: a subclass names them, and they are described beside it."""

    kinds: ClassVar[tuple[type, ...]]


def _described(kind: Any) -> dict[str, Any]:
    if issubclass(kind, Either):
        return {"oneOf": [{"$ref": _TEMPLATE.format(name=one.__name__)} for one in kind.kinds]}
    return dict(_MADE[kind])


class Schemas:
    """The schema of each kind; named ones are components."""

    def __init__(self, kinds: Iterable[Any]) -> None:
        wanted = tuple(dict.fromkeys(kinds))
        schemas, components = msgspec.json.schema_components(wanted, schema_hook=_described, ref_template=_TEMPLATE)
        self._of = dict(zip(wanted, schemas, strict=True))
        self.components = {name: _closed(schema) for name, schema in components.items()}

    def of(self, kinds: tuple[Any, ...]) -> Mapping[str, Any]:
        """One schema for any of the kinds."""
        found = [self._of[kind] for kind in kinds]
        return found[0] if len(found) == 1 else {"oneOf": found}

    def name(self, kind: Any) -> str:
        """Of a named kind."""
        return str(self._of[kind]["$ref"].rpartition("/")[2])

    def members(self, kind: Any) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
        """Of an object: the name, the schema, and whether it is required."""
        schema = self.components[self.name(kind)]
        for name, member in schema["properties"].items():
            yield name, member, name in schema.get("required", ())


def _closed(schema: dict[str, Any]) -> dict[str, Any]:
    """Objects take no other members; a member called `from_` here is `from` in JSON."""
    if schema.get("type") != "object":
        return schema
    properties = {wire_name(name): member for name, member in schema.get("properties", {}).items()}
    closed = {**schema, "properties": properties, "additionalProperties": False}
    if "required" in schema:
        closed["required"] = [wire_name(name) for name in schema["required"]]
    return closed
