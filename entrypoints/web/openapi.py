"""The description of the API, out of the route table and the very types that validate."""

import http
import importlib.metadata
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from apispec import APISpec

from entrypoints.decoding import wire_name
from entrypoints.values import SCHEMAS
from entrypoints.web.operation import Operation
from entrypoints.web.problems import PROBLEM_JSON, Problem
from entrypoints.web.routes.table import OPERATIONS

_ABOUT = """Carries the results of phone screenings into applicant tracking systems, each effect once.

Every answer of 400 and above is a problem document (RFC 9457). Lists are read in pages: `limit`, and as `cursor` the
`next` of the page before."""
_TEMPLATE = "#/components/schemas/{name}"
_PARAM = re.compile(r"\{(\w+)\}")
_KEY = "apiKey"
_REFUSED = "Refused"


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document; it needs no running service."""
    spec = APISpec(
        title="atsbridge",
        version=importlib.metadata.version("atsbridge"),
        openapi_version="3.1.1",
        info={"description": _ABOUT},
    )
    spec.components.security_scheme(_KEY, {"type": "http", "scheme": "bearer", "bearerFormat": "atsb_<id>_<secret>"})
    schemas = _Schemas(kind for operation in OPERATIONS for kind in _kinds(operation))
    problem = {PROBLEM_JSON: {"schema": schemas.of((Problem,))}}
    spec.components.response(_REFUSED, {"description": "Why the request was not done", "content": problem})
    queries = {schemas.name(operation.query) for operation in OPERATIONS}
    for name in sorted(schemas.components.keys() - queries):
        schema = schemas.components[name]
        spec.components.schema(name, schema)
    for operation in OPERATIONS:
        spec.path(operation.path, operations={operation.method.lower(): _described(operation, schemas)})
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(spec.to_dict()))
    return found


def _kinds(operation: Operation[Any, Any]) -> Iterator[Any]:
    yield Problem
    yield operation.query
    if operation.body.kind is not None:
        yield operation.body.kind
    for kinds in (operation.returns, *operation.also.values()):
        yield from kinds


class _Schemas:
    """The schema of each kind; named ones are components."""

    def __init__(self, kinds: Iterable[Any]) -> None:
        wanted = tuple(dict.fromkeys(kinds))
        schemas, components = msgspec.json.schema_components(
            wanted, schema_hook=lambda kind: dict(SCHEMAS[kind]), ref_template=_TEMPLATE
        )
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


def _described(operation: Operation[Any, Any], schemas: _Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [_tag(operation.path)],
        "parameters": [*_path(operation), *_query(operation, schemas), *_headers(operation)],
        "responses": _responses(operation, schemas),
        "security": [] if operation.permission is None else [{_KEY: []}],
    }
    if operation.permission is not None:
        described["description"] = f"Needs the permission `{operation.permission}`."
    if operation.body.kind is not None:
        schema = schemas.of((operation.body.kind,))
        content = {media_type: {"schema": schema} for media_type in sorted(operation.takes)}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _tag(path: str) -> str:
    parts = [part for part in path.split("/") if part and not part.startswith("{")]
    return parts[-1 if len(parts) < 3 else 2] if parts[0] == "v1" else "service"


def _path(operation: Operation[Any, Any]) -> Iterator[dict[str, Any]]:
    for name in _PARAM.findall(operation.path):
        yield {"in": "path", "name": name, "required": True, "schema": {"type": "string", "maxLength": 255}}


def _query(operation: Operation[Any, Any], schemas: _Schemas) -> Iterator[dict[str, Any]]:
    for name, schema, required in schemas.members(operation.query):
        yield {"in": "query", "name": name, "required": required, "schema": schema}


def _headers(operation: Operation[Any, Any]) -> Iterator[dict[str, Any]]:
    for name, what in operation.headers.items():
        required = name in operation.needs
        yield {"in": "header", "name": name, "required": required, "description": what, "schema": {"type": "string"}}


def _responses(operation: Operation[Any, Any], schemas: _Schemas) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, kinds in ((operation.status, operation.returns), *operation.also.items()):
        found[str(status)] = {"description": http.HTTPStatus(status).phrase}
        if kinds:
            gives = "application/octet-stream" if kinds == (bytes,) else operation.gives
            found[str(status)]["content"] = {gives: {"schema": schemas.of(kinds)}}
    if operation.permission is not None:
        found["4XX"] = found["5XX"] = {"$ref": f"#/components/responses/{_REFUSED}"}
    return found
