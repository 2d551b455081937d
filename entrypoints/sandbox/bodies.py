"""Reads a request's query and body by what its route declares."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import msgspec
from aiohttp import web

from entrypoints.sandbox.fields import Faults, read_json, read_text
from entrypoints.sandbox.manners import Manners
from entrypoints.sandbox.routes import Media, Route
from entrypoints.sandbox.wire import Refusal, Upload, html


async def drain(request: web.Request, most: int) -> bytes | Mapping[str, list[Any]]:
    """The whole body: bytes, or the parts of a multipart body."""
    if (request.content_length or 0) > most:
        raise Refusal(html(413, "Request Entity Too Large"))
    try:
        if request.content_type == Media.MULTIPART.value:
            return await _parts(request)
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise Refusal(html(413, "Request Entity Too Large")) from None


async def _parts(request: web.Request) -> Mapping[str, list[Any]]:
    try:
        posted = await request.post()
    except ValueError:
        return {}
    parts: dict[str, list[Any]] = {}
    for name, part in posted.items():
        parts.setdefault(name, []).append(_part(part))
    return parts


def _part(part: Any) -> Any:
    if isinstance(part, web.FileField):
        return Upload(filename=part.filename, media=part.content_type, content=part.file.read())
    return part


def read_query(request: web.Request, route: Route[Any], manners: Manners) -> dict[str, Any]:
    given = {name: request.query.getall(name) for name in request.query}
    read, faults = read_text(route.query, given)
    _refuse(manners, "query", faults)
    return read


def read_body(
    request: web.Request, route: Route[Any], raw: bytes | Mapping[str, list[Any]], manners: Manners
) -> dict[str, Any]:
    if not route.media:
        _refuse(manners, "body", {"": ["This resource takes no body."]} if raw else {})
        return {}
    media = next((media for media in route.media if media.value == request.content_type), None)
    if media is None:
        raise Refusal(manners.wrong_media(request.headers.get("Content-Type", "")))
    read, faults = _decode(media, route, raw)
    _refuse(manners, "body", faults)
    return read


def _decode(media: Media, route: Route[Any], raw: bytes | Mapping[str, list[Any]]) -> tuple[dict[str, Any], Faults]:
    if isinstance(raw, Mapping):
        return _decode_parts(route, raw)
    if media is Media.FORM:
        return read_text(route.body, parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        given = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}, {"": ["The body is not JSON."]}
    return read_json(route.body, given)


def _decode_parts(route: Route[Any], parts: Mapping[str, list[Any]]) -> tuple[dict[str, Any], Faults]:
    """Parts that are files read like JSON values, the rest like texts of a form."""
    files = tuple(field for field in route.body if field.kind.name == "a file")
    texts = tuple(field for field in route.body if field not in files)
    names = {field.name for field in files}
    uploads = {name: values[0] for name, values in parts.items() if name in names and len(values) == 1}
    plain = {name: [_plain(value) for value in values] for name, values in parts.items() if name not in uploads}
    read_files, faults = read_json(files, uploads)
    read_texts, more = read_text(texts, plain)
    return read_files | read_texts, faults | more


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else "a file"


def _refuse(manners: Manners, where: str, faults: Faults) -> None:
    if faults:
        raise Refusal(manners.invalid(where, faults))
