"""The description of the API, out of the route table and the very types that validate."""

import http
import importlib.metadata
import re
from collections.abc import Iterator
from typing import Any

import msgspec
from apispec import APISpec

from entrypoints.json_schemas import Schemas
from entrypoints.web.event_schemas import webhooks
from entrypoints.web.operation import Operation
from entrypoints.web.problems import PROBLEM_JSON, Problem
from entrypoints.web.routes.table import OPERATIONS
from entrypoints.web.streaming import NDJSON

_ABOUT = """Carries the results of phone screenings into applicant tracking systems, each effect once.

Every answer of 400 and above is a problem document (RFC 9457). Lists are read in pages: `limit`, and as `cursor` the
`next` of the page before."""
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
    schemas = Schemas(kind for operation in OPERATIONS for kind in _kinds(operation))
    problem = {PROBLEM_JSON: {"schema": schemas.of((Problem,))}}
    spec.components.response(_REFUSED, {"description": "Why the request was not done", "content": problem})
    queries = {schemas.name(operation.query) for operation in OPERATIONS}
    for name in sorted(schemas.components.keys() - queries):
        schema = schemas.components[name]
        spec.components.schema(name, schema)
    told, described = webhooks()
    for name in sorted(described.keys() - schemas.components.keys()):
        spec.components.schema(name, described[name])
    for operation in OPERATIONS:
        spec.path(operation.path, operations={operation.method.lower(): _described(operation, schemas)})
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode({**spec.to_dict(), "webhooks": told}))
    return found


def _kinds(operation: Operation[Any, Any]) -> Iterator[Any]:
    yield Problem
    yield operation.query
    if operation.body.kind is not None:
        yield operation.body.kind
    for kinds in (operation.returns, operation.lines, *operation.also.values()):
        yield from kinds


def _described(operation: Operation[Any, Any], schemas: Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [_tag(operation.path)],
        "parameters": [*_path(operation), *_query(operation, schemas), *_headers(operation)],
        "responses": _responses(operation, schemas),
        "security": [] if operation.permission is None else [{_KEY: []}],
    }
    permission = "" if operation.permission is None else f"Needs the permission `{operation.permission}`."
    if about := "\n\n".join(filter(None, (permission, operation.about))):
        described["description"] = about
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


def _query(operation: Operation[Any, Any], schemas: Schemas) -> Iterator[dict[str, Any]]:
    for name, schema, required in schemas.members(operation.query):
        yield {"in": "query", "name": name, "required": required, "schema": schema}


def _headers(operation: Operation[Any, Any]) -> Iterator[dict[str, Any]]:
    for name, what in operation.headers.items():
        required = name in operation.needs
        yield {"in": "header", "name": name, "required": required, "description": what, "schema": {"type": "string"}}


def _responses(operation: Operation[Any, Any], schemas: Schemas) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, kinds in ((operation.status, operation.returns), *operation.also.items()):
        found[str(status)] = {"description": http.HTTPStatus(status).phrase}
        if kinds:
            gives = "application/octet-stream" if kinds == (bytes,) else operation.gives
            found[str(status)]["content"] = {gives: {"schema": schemas.of(kinds)}}
    if operation.lines:
        found[str(operation.status)]["content"][NDJSON] = {"schema": schemas.of(operation.lines)}
    if operation.permission is not None or operation.body.kind is not None:
        found["4XX"] = found["5XX"] = {"$ref": f"#/components/responses/{_REFUSED}"}
    return found
